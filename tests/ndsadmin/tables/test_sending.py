import pytest
from django.contrib import admin
from django.http import QueryDict

from ndsadmin.tables.asking import asked_of
from ndsadmin.tables.export import Export
from ndsadmin.tables.sending import file_response
from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]


def states() -> list[tuple]:
    rows = AuditLog.objects.filter(action="export_rows").order_by("pk").values_list("metadata", flat=True)
    return [(noted["state"], noted.get("rows"), noted["query"]) for noted in rows]


def sent():
    table = admin.site.tables()[Tenant]
    return file_response(Export(asked_of(table, QueryDict("")), "ndjson"), {"query": "all"})


def test_a_file_is_recorded_before_and_behind_its_rows():
    tenant(name="Next Day Steel")
    response = sent()
    assert states() == [("begun", None, "all")]

    body = b"".join(response.streaming_content)

    assert b"Next Day Steel" in body
    assert states() == [("begun", None, "all"), ("ended", 1, "all")]
    assert response["Content-Type"] == "application/x-ndjson"
    assert 'attachment; filename="tenants-' in response["Content-Disposition"]


def test_a_reader_who_leaves_is_noted_once():
    response = sent()
    for _ in range(2):
        for close in response._resource_closers:
            close()

    assert [state for state, *_ in states()] == ["begun", "broken off"]
