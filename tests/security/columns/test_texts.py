import pytest
from django.db import connection

from security.columns import Hash, LongText, SealedText, Text
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def test_text_columns_keep_the_contracts_type_name():
    assert [column().db_type(connection) for column in (Text, LongText, Hash, SealedText)] == ["TEXT"] * 4


def test_only_hashes_and_sealed_texts_are_secret():
    assert [column.secret for column in (Text, LongText, Hash, SealedText)] == [False, False, True, True]


def test_an_unknown_value_of_a_choice_is_delivered_as_it_is():
    row = tenant(status="hibernating")

    row.refresh_from_db()

    assert (row.status, row.get_status_display()) == ("hibernating", "hibernating")


def test_an_insert_asks_for_no_defaults_back(django_assert_num_queries):
    """With RETURNING no insert could be queued on D1."""
    with django_assert_num_queries(1) as queries:
        tenant()

    assert "RETURNING" not in queries[0]["sql"]
