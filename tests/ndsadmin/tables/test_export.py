"""Rows as a file: what is in it, what is not, and what is recorded of it."""

import csv
import io
import json
import tracemalloc

import pytest
from django.db import connection

from ndsadmin.tables import export
from security.models import AuditLog
from tenants.models import User
from tests.factories.content import content_template, knowledge_entry
from tests.factories.publishing import social_account
from tests.factories.security import audit_entry, keyed
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db
TEMPLATES = "/data/content/contenttemplate/export/"


def body(client, address: str, format: str, **data) -> str:
    response = client.post(address, {"format": format, **data})
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def entries() -> list[dict]:
    found = AuditLog.objects.filter(action="export_rows").order_by("timestamp", "log_id")
    return sorted((entry.metadata for entry in found), key=lambda noted: noted["state"] != "begun")


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("query", ["", "?sort=created_at", "?sort=name", "?sort=-name", "?status=active"])
def test_every_row_is_in_the_file_once(client_of_operator, monkeypatch, size, query):
    """In pieces of every size, in stored order and in a list's."""
    monkeypatch.setattr(export, "CHUNK", size)
    rows = [content_template(created_at=None if n % 3 else "2026-11-20T10:00:00Z").pk for n in range(7)]

    lines = body(client_of_operator, TEMPLATES + query, "ndjson").splitlines()

    assert sorted(json.loads(line)["template_id"] for line in lines) == sorted(rows)


@pytest.mark.parametrize("size", [2, 100])
@pytest.mark.parametrize(("query", "names"), [("?sort=name", "abcde"), ("?sort=-name", "edcba")])
def test_a_file_is_in_the_order_of_the_list(client_of_operator, monkeypatch, size, query, names):
    monkeypatch.setattr(export, "CHUNK", size)
    for name in "cbeda":
        content_template(name=name)

    for format in ("ndjson", "csv"):
        text = body(client_of_operator, TEMPLATES + query, format)
        rows = csv.DictReader(io.StringIO(text)) if format == "csv" else map(json.loads, text.splitlines())
        assert "".join(row["name"] for row in rows) == names


def test_an_order_that_nobody_chose_is_the_oldest_first(client_of_operator):
    owner = tenant(tenant_id="t1")
    for day in (21, 23, 22):
        content_template(tenant=owner, name=str(day), created_at=f"2026-11-{day}T10:00:00Z")

    lines = body(client_of_operator, f"{TEMPLATES}?tenant=t1", "ndjson").splitlines()

    assert [json.loads(line)["name"] for line in lines] == ["21", "22", "23"]


def test_the_three_formats_hold_the_same(client_of_operator):
    content_template(name="Steel, \"cold\" – and 'hot'\nrolled", structure={"a": [1, None, True]})
    content_template(name="Second", structure=[])

    (first, second) = json.loads(body(client_of_operator, TEMPLATES, "json"))
    lines = [json.loads(line) for line in body(client_of_operator, TEMPLATES, "ndjson").splitlines()]
    table = list(csv.DictReader(io.StringIO(body(client_of_operator, TEMPLATES, "csv"), newline="")))

    assert [first, second] == lines
    assert first["structure"] == {"a": [1, None, True]}
    assert [row["name"] for row in table] == [first["name"], second["name"]]
    assert json.loads(table[0]["structure"]) == first["structure"]
    assert json.loads(body(client_of_operator, TEMPLATES + "?status=archived", "json")) == []


def test_a_spreadsheet_runs_nothing(client_of_operator):
    """Dies without the apostrophe: a tenant's name would be a formula on an operator's machine."""
    for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "fine"):
        content_template(name=name)

    table = csv.DictReader(io.StringIO(body(client_of_operator, TEMPLATES, "csv"), newline=""))

    assert {row["name"][0] for row in table} == {"'", "f"}


def test_no_secret_and_no_bytes_leave(client_of_operator):
    home = keyed(tenant())
    social_account(tenant=home, access_token_encrypted=b"top secret token")
    person(tenant=home, mfa_secret="seed")
    knowledge_entry(embedding=bytes(6144))

    files = [
        body(client_of_operator, f"/data/{path}/export/", format)
        for path in ("publishing/socialaccount", "tenants/user", "content/brandknowledgeentry", "security/apikey")
        for format in ("csv", "ndjson")
    ]

    for file in files:
        assert "token_encrypted" not in file
        assert "$2b$" not in file
        assert "seed" not in file
        assert "embedding" not in file


def test_support_takes_along_no_more_than_it_sees(support, signed_in):
    person(email="ada@example.com", full_name="=Ada")
    client = signed_in(support)

    for format in ("csv", "json", "ndjson"):
        file = body(client, "/data/tenants/user/export/", format)
        assert "…@example.com" in file
        assert "ada@" not in file
        assert "oauth_sub" not in file
    assert client.post("/data/security/auditlog/export/", {"format": "csv"}).status_code == 403


def test_what_is_stored_against_its_promise_is_in_the_file(client_of_operator):
    """Bytes where a text should be: SQLite has no JSON for them, and the rest of the piece must not be lost."""
    rows = [content_template() for _ in range(3)]
    with connection.cursor() as database:
        database.execute("UPDATE content_templates SET name = x'00ff' WHERE template_id = %s", [rows[1].pk])
        database.execute("UPDATE content_templates SET structure = '{broken' WHERE template_id = %s", [rows[2].pk])

    lines = [json.loads(line) for line in body(client_of_operator, TEMPLATES, "ndjson").splitlines()]

    assert [line["name"] for line in lines] == [rows[0].name, "00ff", rows[2].name]
    assert lines[2]["structure"] == "{broken"


def test_the_export_is_recorded_before_and_after(client_of_operator):
    owner = tenant(tenant_id="t1")
    content_template(tenant=owner)
    content_template()

    response = client_of_operator.post(f"{TEMPLATES}?tenant=t1", {"format": "csv"})
    assert [noted["state"] for noted in entries()] == ["begun"]
    b"".join(response.streaming_content)

    noted = {"format": "csv", "filters": {"tenant": ["t1"]}}
    assert entries() == [{"state": "begun", **noted}, {"state": "ended", "rows": 1, **noted}]
    entry = AuditLog.objects.filter(action="export_rows").first()
    assert (entry.tenant_id, entry.resource_type, entry.user.email) == (
        "t1",
        "content_templates",
        "operator@platform.example",
    )


def test_an_export_that_was_broken_off_says_so(client_of_operator, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 1)
    for _ in range(3):
        content_template()

    response = client_of_operator.post(TEMPLATES, {"format": "ndjson"})
    next(iter(response.streaming_content))
    for close in response._resource_closers:  # as the server does when the reader has gone
        close()

    assert [(noted["state"], noted.get("rows")) for noted in entries()] == [("begun", None), ("broken off", 1)]


def test_no_row_is_sent_that_is_not_recorded(client_of_operator, monkeypatch):
    """Dies where the entry is written afterwards."""

    def refuse(*args, **kwargs):
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr("security.services.exports.record", refuse)
    content_template()

    with pytest.raises(RuntimeError, match="audit log is full"):
        client_of_operator.post(TEMPLATES, {"format": "csv"})


def test_rows_that_come_while_it_is_written_push_none_out(client_of_operator, monkeypatch):
    """Dies where a piece is read by number: a row that comes in front pushes the last one into no piece at all."""
    monkeypatch.setattr(export, "CHUNK", 2)
    owner = tenant(tenant_id="t1")
    rows = {content_template(tenant=owner, created_at=f"2026-11-2{n}T10:00:00Z").pk for n in range(7)}
    read = export._concatenated

    def read_late(*args):
        content_template(tenant=owner, created_at="2026-11-29T10:00:00Z")
        content_template(tenant=owner, created_at="2026-11-24T12:00:00Z")
        return read(*args)

    monkeypatch.setattr(export, "_concatenated", read_late)
    lines = [json.loads(line) for line in body(client_of_operator, f"{TEMPLATES}?tenant=t1", "ndjson").splitlines()]

    keys = [line["template_id"] for line in lines]
    assert rows <= set(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("format", ["csv", "json", "ndjson"])
def test_a_search_without_a_match_is_an_empty_file(client_of_operator, format):
    content_template()

    text = body(client_of_operator, f"{TEMPLATES}?q=nothing", format)

    assert len(text.splitlines()) == {"csv": 1, "json": 1, "ndjson": 0}[format]
    assert entries()[-1]["state"] == "ended"


@pytest.mark.parametrize("with_bytes", [True, False], ids=["read by Python", "written by SQLite"])
def test_what_json_has_no_number_for_is_a_text(client_of_operator, with_bytes):
    """The same whatever its neighbours hold."""
    rows = [content_template(template_id=f"k{n}") for n in range(3)]
    documents = {"k0": '{"a": NaN}', "k1": '{"half": "\\ud83d"}'}
    with connection.cursor() as database:
        database.execute("UPDATE content_templates SET use_count = 9e999 WHERE template_id = 'k0'")
        for key, text in documents.items():
            database.execute("UPDATE content_templates SET structure = %s WHERE template_id = %s", [text, key])
        if with_bytes:
            database.execute("UPDATE content_templates SET name = x'00ff' WHERE template_id = 'k2'")

    text = body(client_of_operator, TEMPLATES, "ndjson")
    lines = [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]

    assert len(lines) == len(rows)
    assert str(lines[0]["use_count"]).lower() == "inf"
    assert lines[1]["structure"] == {"half": "\ud83d"}


TRAILS = [
    ("content/contenttemplate", "?tenant=t1&tenant=", ["t1"]),
    ("content/contenttemplate", "?tenant=t1&tenant=t2", ["t1", "t2"]),
    ("content/contenttemplate", "?tenant=nobody", [None]),
    ("content/contenttemplate", "?tenant=-", [None]),
    ("content/skill", "?tenant=t1", [None]),
    ("content/guardresult", "?tenant=t1", ["t1"]),
]


@pytest.mark.parametrize(("path", "query", "trails"), TRAILS)
def test_an_export_is_in_the_trail_of_whose_rows_it_holds(client_of_operator, path, query, trails):
    """Dies where the address is believed: whoever exports could choose the trail, or none."""
    tenant(tenant_id="t1")
    tenant(tenant_id="t2")

    body(client_of_operator, f"/data/{path}/export/{query}", "csv")

    found = AuditLog.objects.filter(action="export_rows").values_list("tenant_id", flat=True).distinct()
    assert sorted(found, key=str) == trails


def test_a_file_that_was_never_read_was_broken_off(client_of_operator):
    response = client_of_operator.post(TEMPLATES, {"format": "csv"})
    for close in response._resource_closers:
        close()

    assert [noted["state"] for noted in entries()] == ["begun", "broken off"]


@pytest.mark.parametrize("sent", [{}, {"format": "xlsx"}])
def test_an_unknown_format_is_refused(client_of_operator, sent):
    assert client_of_operator.post(TEMPLATES, sent).status_code == 400


def test_a_filter_that_is_none_exports_nothing(client_of_operator):
    """Dies where the filter is left out: the file would hold everything."""
    address = f"{TEMPLATES}?created_at__from=yesterday"

    assert client_of_operator.post(address, {"format": "csv"}).status_code == 400


def test_an_export_is_asked_for_by_a_form_alone(client_of_operator):
    assert client_of_operator.get(TEMPLATES).status_code == 405


@pytest.mark.embedded  # on D1 a test's own rows are read in a replay, which is one text
def test_memory_is_flat(operator, signed_in):
    """Dies where rows are collected: twenty thousand entries are some 5 MB of text."""
    audit_entry()
    with connection.cursor() as database:
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO audit_logs (log_id, action, resource_type, metadata) "
            "SELECT 'k' || i, 'a', 'b', json_object('text', printf('%%.200c', 'x')) FROM n"
        )
    response = signed_in(operator).post("/data/security/auditlog/export/", {"format": "ndjson"})
    tracemalloc.start()
    size = sum(len(piece) for piece in response.streaming_content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > 5_000_000
    assert peak < size / 2
    assert User.objects.exists()
