import pytest
from django.db import connection

from security.columns import BrokenJson
from security.columns.documents import DocumentField
from tenants.models import Tenant
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def stored(row) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT settings FROM tenants WHERE tenant_id = %s", [row.pk])
        return cursor.fetchone()[0]


def store(row, text: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants SET settings = %s WHERE tenant_id = %s", [text, row.pk])


@pytest.mark.parametrize("value", [{"a": [1, "ü", None, True]}, [], "text", 5, 1.5, True, {"deep": {"er": {}}}])
def test_a_document_comes_back_as_it_went_in(value):
    row = tenant(settings=value)

    row.refresh_from_db()

    assert row.settings == value


def test_a_document_is_written_as_the_workers_write_it():
    assert stored(tenant(settings={"a": 1, "b": "ü"})) == '{"a":1,"b":"ü"}'


def test_no_document_is_null():
    assert stored(tenant(settings=None)) is None


def test_a_number_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="Out of range float"):
        tenant(settings={"a": float("nan")})


def test_broken_text_is_delivered_as_such_and_written_back_unchanged():
    row = tenant()
    store(row, '{"a": ')

    row = Tenant.objects.get(pk=row.pk)
    row.save()

    assert isinstance(row.settings, BrokenJson)
    assert stored(row) == '{"a": '


def test_the_form_shows_broken_text_as_it_is_and_documents_indented():
    field = DocumentField()

    assert field.prepare_value(BrokenJson("{")) == "{"
    assert field.prepare_value({"a": 1}) == '{\n  "a": 1\n}'
    assert field.prepare_value(None) == ""
