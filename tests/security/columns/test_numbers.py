import pytest
from django.db import connection

from content.models import SkillVersion
from security.columns import Bool, Int, Millis, Money, Rate, Real, Seconds
from tests.factories.content import skill_version

pytestmark = pytest.mark.django_db


def test_number_columns_keep_the_contracts_type_names():
    kinds = [column().db_type(connection) for column in (Int, Millis, Seconds, Real, Rate, Money, Bool)]

    assert kinds == ["INTEGER"] * 3 + ["REAL"] * 3 + ["BOOLEAN"]


def test_a_truth_value_is_compared_in_the_words_of_the_contracts_partial_indexes():
    """Dies with BoolExact: Django would write the bare column, and SQLite would not use the partial index."""
    plan = SkillVersion.objects.filter(skill="s", is_active=True).explain()

    assert "idx_skill_versions_active" in plan


@pytest.mark.parametrize(("stored", "read"), [(1, True), (0, False), (None, None), ("yes", "yes"), (7, 7)])
def test_a_truth_value_is_read_and_what_is_none_is_delivered_as_it_is(stored, read):
    row = skill_version()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE skill_versions SET is_active = %s", [stored])

    row.refresh_from_db()

    assert row.is_active is read or row.is_active == read
