import json

import pytest

from security.models import AuditLog, AuditView
from tenants.models import Tenant
from tests.factories.publishing import post
from tests.factories.tenants import person
from tests.ndsadmin.trail.conftest import world  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
PAGES = ("/audit/", "/audit/?q=post", "/audit/complete/?term=a", "/audit/a/")


@pytest.fixture
def as_role(signed_in, world):  # noqa: F811
    def client(role: str, tenant: str = "t1"):
        return signed_in(person(tenant=Tenant.objects.get(pk=tenant), role=role))

    return client


@pytest.mark.parametrize(
    ("role", "tenant", "status"),
    [
        ("owner", "platform", 200),
        ("viewer", "platform", 200),
        ("member", "platform", 403),
        ("owner", "t1", 200),
        ("admin", "t1", 200),
        ("viewer", "t1", 403),
    ],
)
def test_who_reads_the_trail(role, tenant, status, as_role):
    for page in PAGES:
        assert as_role(role, tenant).get(page).status_code == status, page


def test_a_member_reads_his_own(as_role):
    client = as_role("member")
    assert client.get("/audit/").status_code == 200
    assert client.get("/audit/a/").status_code == 404


@pytest.mark.parametrize(
    ("role", "tenant", "status"),
    [("owner", "platform", 200), ("viewer", "platform", 200), ("owner", "t1", 200), ("admin", "t1", 200),
     ("member", "t1", 403), ("viewer", "t1", 403), ("member", "platform", 403)],
)  # fmt: skip
def test_who_takes_entries_along(role, tenant, status, as_role):
    assert as_role(role, tenant).post("/audit/export/", {"format": "csv"}).status_code == status


def test_the_menu_leads_there(as_role):
    assert 'href="/audit/"' in as_role("member").get("/").content.decode()
    assert 'href="/audit/"' not in as_role("viewer").get("/").content.decode()
    assert 'href="/audit/review/"' in as_role("viewer", "platform").get("/").content.decode()


def test_fields_become_the_query(as_role):
    client = as_role("viewer", "platform")

    response = client.get(
        "/audit/",
        {"q": "actor:bob word", "is_actor": "Ada Lovelace", "is_action": "", "is_ok": "false", "is_after": "7d"},
    )

    assert response.status_code == 302
    assert response["Location"] == "/audit/?q=word+actor%3A%22Ada+Lovelace%22+ok%3Afalse+after%3A7d"


def test_fields_show_what_the_query_says(as_role):
    page = as_role("viewer", "platform").get("/audit/?q=actor:ada ok:false").content.decode()

    assert 'id="field-actor" name="is_actor" value="ada"' in page
    assert '<option value="false" selected>' in page


def test_a_mistake_is_a_bad_request_that_shows_its_place(as_role):
    response = as_role("viewer", "platform").get("/audit/?q=actor:ada foo:bar")

    assert response.status_code == 400
    assert "<mark>foo:bar</mark>" in response.content.decode()


def test_what_is_typed_is_completed(as_role):
    answer = as_role("viewer", "platform").get("/audit/complete/?term=ok:f").json()

    assert answer == {"completions": [{"text": "ok:false", "label": "refused or failed"}]}


def test_a_view_is_saved_shown_and_deleted(as_role):
    client = as_role("owner")

    saved = client.post("/audit/views/", {"name": "Refusals", "q": "ok:false", "shared": "1"}, follow=True)
    assert saved.redirect_chain == [("/audit/?q=ok%3Afalse", 302)]
    assert "Saved as Refusals." in saved.content.decode()
    view = AuditView.objects.get()
    deleted = client.post("/audit/views/", {"delete": view.pk, "q": "ok:false"}, follow=True)

    assert "Deleted the view Refusals." in deleted.content.decode()
    assert AuditView.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [({"name": "", "q": "a"}, "name: expected"), ({"name": "a", "q": "foo:bar"}, "There is no field foo")],
)
def test_a_view_that_cannot_be_saved_says_why(given, told, as_role):
    assert told in as_role("owner").post("/audit/views/", given, follow=True).content.decode()
    assert AuditView.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", "abcdefg"),
        ("actor:ada", "ab"),
        ("month", "b"),
        ("resource:post", "ad"),
        ("mon*", "b"),
        ("-actor:ada 4711", "e"),
    ],
)
def test_an_export_holds_what_the_query_finds(query, keys, as_role):
    client = as_role("viewer", "platform")

    response = client.post("/audit/export/", {"format": "ndjson", "q": query})
    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]

    assert "".join(row["log_id"] for row in rows if len(row["log_id"]) == 1) == keys
    noted = AuditLog.objects.filter(action="export_rows").order_by("-pk").first().metadata
    assert (noted["state"], noted["query"]) == ("ended", query)


def test_an_export_is_confined(as_role):
    body = b"".join(as_role("owner").post("/audit/export/", {"format": "csv"}).streaming_content).decode()

    assert "u-ada" in body
    assert "u-bob,login" not in body
    assert "roll_up" not in body


@pytest.mark.parametrize("given", [{"format": "xml"}, {"format": "csv", "q": "foo:bar"}])
def test_an_export_that_is_not_understood_is_refused(given, as_role):
    assert as_role("owner").post("/audit/export/", given).status_code == 400


def test_an_entry_page_is_written_out(as_role):
    page = as_role("viewer", "platform").get("/audit/b/").content.decode()

    for part in ("Updated user", "Held for a month", "What changed", "Before", "ada@steel.example"):
        assert part in page


@pytest.mark.parametrize(
    "query", ["before:1970-01-01", "before:0001-01-01 after:9999-12-31", "x " * 20, '"' + "long " * 19 + '"', "a\0b",
              "actor:*", "action:*", 'tenant:""', "\ud83d", "after:2099-12-31T23:59:59", "-resource:post", "*"],
)  # fmt: skip
def test_odd_queries_are_answered(query, as_role):
    for client in (as_role("viewer", "platform"), as_role("owner"), as_role("member")):
        for path in ("/audit/", "/audit/complete/"):
            given = {"q": query.encode("utf-8", "replace").decode(), "term": query.encode("utf-8", "replace").decode()}
            assert client.get(path, given).status_code in {200, 400}


def test_a_post_of_the_workers_is_found_in_its_history(as_role):
    """They call it a post; our table is of published posts."""
    row = post(post_id="p1")

    page = as_role("viewer", "platform").get(f"/data/publishing/publishedpost/{row.pk}/").content.decode()

    assert 'href="/audit/a/"' in page


def test_an_objects_page_shows_its_history(as_role):
    page = as_role("viewer", "platform").get("/data/tenants/user/u-bob/").content.decode()

    assert "History" in page
    assert 'href="/audit/c/"' in page
    assert "/audit/?q=resource%3Auser%2Fu-bob" in page
