import pytest
from django.db import connection
from django.http import Http404

from ndsadmin.trail.entry import entry_page
from security.models import AuditLog
from security.roles import Role
from tests.ndsadmin.trail.conftest import made_entry, reading_as

pytestmark = pytest.mark.django_db


def groups(entry) -> dict[str, str]:
    return {group.title: "".join(line.key for line in group.lines) for group in entry.around}


def test_an_entry_tells_who_what_and_why(world):
    with reading_as(Role.AUDITOR):
        entry = entry_page("b")

    assert entry.title == "Updated user"
    assert "ada@steel.example" in entry.sentence
    assert entry.reason == "Held for a month"
    assert [(one.label, "Viewer" in one.old, "Admin" in one.new) for one in entry.differences] == [("Role", True, True)]


def test_a_refusal_says_so(world):
    with reading_as(Role.AUDITOR):
        entry = entry_page("c")

    assert (entry.title, entry.error) == ("Sign-in refused", "The password is wrong.")
    assert "Refused" in dict(entry.facts)["Outcome"]


def test_around_it_stand_request_object_and_person(world):
    made_entry("d2", user=world["d"].user, action="login", resource_type="user", day=13)
    with reading_as(Role.AUDITOR):
        found = groups(entry_page("d"))
        of_object = groups(entry_page("b"))

    assert found == {"In the same request": "gd", "The same person around that time": "d2d"}
    assert of_object == {"The same object": "cb"}


@pytest.mark.parametrize(
    ("role", "tenant", "actor", "seen"),
    [
        (Role.AUDITOR, None, "x", "abcdefg"),
        (Role.OWNER, "t1", "u-ada", "abe"),
        (Role.MEMBER, "t1", "u-ada", "ab"),
        (Role.MEMBER, "t2", "x", ""),
    ],
)
def test_only_what_is_read_in_the_list_is_opened(role, tenant, actor, seen, world):
    """Dies where an entry is found by its id alone; what is around it is confined as well."""
    for key in "abcdefg":
        with reading_as(role, tenant, actor):
            if key in seen:
                shown = groups(entry_page(key))
                assert set("".join(shown.values())) <= {*seen}
            else:
                with pytest.raises(Http404):
                    entry_page(key)


def test_what_workers_wrote_is_no_obstacle(client_of_operator):
    """Bytes where texts belong, broken and deep documents, halves of characters: entries are never mended."""
    with connection.cursor() as cursor:
        for number, (column, value) in enumerate([
            ("action", b"\xff"), ("resource_type", b"\xff"), ("resource_id", b"\xff"), ("user_id", b"\xff"),
            ("ip_address", b"\xff"), ("request_id", b"\xff"), ("error_message", b"\xff"), ("metadata", b"\xff"),
            ("metadata", "[" * 900 + "]" * 900),
            ("metadata", '{"reason": "\\ud800", "changes": {"a\\ud800": [1, "\\ud800"]}}'),
            ("metadata", '{"changes": ' + '{"a": ' * 400 + "1" + "}" * 401), ("metadata", "5"), ("timestamp", "soon"),
            ("timestamp", None), ("tenant_id", "nobody"), ("request_id", 'a "b\\ c'), ("success", None),
        ]):  # fmt: skip
            values = {"log_id": f"odd{number}", "action": "x", "resource_type": "y", column: value}
            names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO audit_logs ({names}) VALUES ({marks})", list(values.values()))

    assert client_of_operator.get("/audit/").status_code == 200
    assert client_of_operator.get("/audit/?q=-action:nothing").status_code == 200
    for number in range(17):
        assert client_of_operator.get(f"/audit/odd{number}/").status_code == 200, number


def test_keys_that_are_addresses_of_ours_are_found(client_of_operator):
    for key in ("export", "review", "a/b", "a,b", "complete"):
        made_entry(key, action="login", resource_type="user")
    page = client_of_operator.get("/audit/").content.decode()

    for address in ("/audit/_export/", "/audit/_review/", "/audit/a_2Fb/", "/audit/a_2Cb/"):
        assert f'href="{address}"' in page
        assert client_of_operator.get(address).status_code == 200
    assert AuditLog.objects.filter(action="read_audit_log").count() == 4
