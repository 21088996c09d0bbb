from analytics.models import AbTest
from ndsadmin.tables.names import about, heading, plural
from publishing.models import PublishedPost
from tenants.models import User


def test_only_the_first_letter_is_raised():
    assert plural(AbTest) == "A/B tests"
    assert plural(User) == "People"


def test_a_table_is_described_by_the_first_line_of_its_model():
    assert about(PublishedPost) == "A post on a platform; those recorded by hand have no generated content behind them."


def test_a_column_is_called_by_its_name_and_a_word_more():
    field = PublishedPost._meta.get_field("published_at")

    assert (heading(field), heading(field, "from")) == ("Published", "Published from")
