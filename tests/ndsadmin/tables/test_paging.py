import pytest
from django.db import connection

from ndsadmin.tables import paging
from ndsadmin.tables.paging import PAGE, BadCursor, Start, cursor, read_cursor, value_of
from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.tenants import tenant
from tests.ndsadmin.tables.conftest import keys, page, walk, walk_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]


def entries(*times: object) -> dict[str, object]:
    """An entry for each stored time, under keys that do not sort as the times do; the times by key."""
    rows = [(f"{number * 7919 % 1000:04}", time) for number, time in enumerate(times)]
    with connection.cursor() as database:
        database.executemany(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp, success) VALUES (%s, 'a', 'b', %s, 1)",
            rows,
        )
    return dict(rows)


WORLDS = {
    "one moment for all": ["2026-11-20 00:00:00"] * 130,
    "a moment each": [f"2026-11-20 00:{n // 60:02}:{n % 60:02}" for n in range(130)],
    "some without a time": ["2026-11-20 00:00:00"] * 70 + [None] * 60,
    "all without a time": [None] * 130,
    "exactly two pages": ["2026-11-20 00:00:00"] * 2 * PAGE,
    "times end with a page": ["2026-11-20 00:00:00"] * PAGE + [None] * 3,
    "both forms": ["2026-11-20 00:00:00", "2026-11-20T00:00:00.000Z", "soon"] * 40,
    "bytes": [b"\x00\xff", b"\x00", None, "2026-11-20 00:00:00"] * 30,
}


@pytest.mark.parametrize("order", ["", "sort=timestamp"], ids=["newest first", "oldest first"])
@pytest.mark.parametrize("times", WORLDS.values(), ids=WORLDS.keys())
def test_every_row_is_on_one_page_forwards_and_backwards(times, order):
    """Dies where rows without a time, of equal times, or of two forms are skipped or shown twice."""
    written = entries(*times)

    pages, back = walk(AuditLog, order), walk_back(AuditLog, order)

    assert sorted(key for found in pages for key in found) == sorted(written)
    assert {len(found) for found in pages[:-1]} <= {PAGE}
    assert [key for found in back for key in found] == [key for found in pages for key in found]


@pytest.mark.parametrize("order", ["", "sort=timestamp"], ids=["newest first", "oldest first"])
def test_rows_without_a_time_are_last(order):
    written = entries(*["2026-11-20 00:00:00", None] * 60)

    found = [key for found in walk(AuditLog, order) for key in found]

    assert [written[key] is None for key in found] == [False] * 60 + [True] * 60


def test_both_forms_of_a_time_sort_as_times():
    """Dies where stored texts are compared: a T sorts after every space of its day."""
    written = entries("2026-11-20 09:00:00", "2026-11-20T08:00:00.500Z", "2026-11-20 08:00:00", "2026-11-20T10:00:00Z")

    assert [written[key] for key in keys(page(AuditLog))] == [
        "2026-11-20T10:00:00Z",
        "2026-11-20 09:00:00",
        "2026-11-20T08:00:00.500Z",
        "2026-11-20 08:00:00",
    ]


def test_the_first_page_leads_nowhere_before_and_the_last_nowhere_after():
    entries(*["2026-11-20 00:00:00"] * 60)
    first, last = page(AuditLog), page(AuditLog, "last=1")

    assert (first.before, last.after) == (None, None)
    assert (len(first.rows), len(last.rows)) == (50, 50)
    assert len(page(AuditLog, start=Start(first.after)).rows) == 10


def test_names_sort_without_regard_to_case():
    for key, name in (("a", "beta"), ("b", "Alpha"), ("c", "alpha"), ("d", "Gamma")):
        tenant(tenant_id=key, name=name)

    assert keys(page(Tenant, "sort=name")) == ["b", "c", "a", "d"]
    assert keys(page(Tenant, "sort=-name")) == ["d", "a", "c", "b"]


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_one():
    written = entries(*["2026-11-20 00:00:00"] * 130)
    seen, found = [], page(AuditLog)
    while True:
        seen += keys(found)
        if found.after is None:
            break
        tenant_of_nobody = f"new{len(seen)}"
        with connection.cursor() as database:
            database.execute(
                "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) VALUES (%s, 'a', 'b', %s)",
                [tenant_of_nobody, "2026-11-21 00:00:00"],
            )
        found = page(AuditLog, start=Start(found.after))

    assert sorted(seen) == sorted(written)


def test_a_page_can_start_at_a_row():
    entries(*[f"2026-11-20 00:00:{n:02}" for n in range(60)])
    third = keys(page(AuditLog))[2]

    found = page(AuditLog, f"at={third}")

    assert keys(found)[0] == third
    assert found.before is not None


def test_where_rows_are_asked_one_by_one_reading_ends(monkeypatch):
    """Dies without the window: a filter that nothing meets would read ten million rows."""
    monkeypatch.setattr(paging, "WINDOW", 100)
    entries(*[f"2026-11-20 00:{n // 60:02}:{n % 60:02}" for n in range(250)])

    found = page(AuditLog, "resource_type=nothing")
    assert (found.rows, value_of(found.searched_to)) == ([], "2026-11-20 00:02:30")
    found = page(AuditLog, "resource_type=nothing", Start(found.after))
    found = page(AuditLog, "resource_type=nothing", Start(found.after))
    assert (found.rows, found.searched_to, found.after) == ([], None, None)


def test_what_the_windows_hold_is_found_once_each(monkeypatch):
    monkeypatch.setattr(paging, "WINDOW", 37)
    entries(*[f"2026-11-20 00:{n // 60:02}:{n % 60:02}" for n in range(250)])
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) "
            "SELECT 'rare' || log_id, action, 'rare', timestamp FROM audit_logs WHERE log_id LIKE '%%7'"
        )
        database.execute("SELECT log_id FROM audit_logs WHERE resource_type = 'rare'")
        rare = sorted(key for (key,) in database.fetchall())

    assert sorted(key for found in walk(AuditLog, "resource_type=rare") for key in found) == rare
    assert sorted(key for found in walk_back(AuditLog, "resource_type=rare") for key in found) == rare


def test_a_row_is_found_by_its_key_however_far_away(monkeypatch):
    """Dies where the key is asked row by row: the row would lie behind the window."""
    monkeypatch.setattr(paging, "WINDOW", 100)
    written = entries(*[f"2026-11-20 00:{n // 60:02}:{n % 60:02}" for n in range(250)])
    oldest = min(written, key=written.get)

    assert keys(page(AuditLog, f"log_id={oldest}")) == [oldest]
    assert keys(page(AuditLog, f"log_id={oldest}&resource_type=b&sort=timestamp")) == [oldest]


def test_rows_without_a_time_are_an_end_of_the_order(monkeypatch):
    monkeypatch.setattr(paging, "WINDOW", 100)
    written = entries(*["2026-11-20 00:00:00"] * 250, None, None)

    assert sorted(keys(page(AuditLog, "timestamp=-"))) == sorted(key for key in written if written[key] is None)


def test_a_long_name_fits_into_an_address():
    """Servers take some 4,000 characters of an address (gunicorn: 4,094)."""
    for number in range(60):
        tenant(tenant_id=f"t{number:03}", name="ü" * 5000)

    found = page(Tenant, "sort=name")

    assert len(cursor(found.after, table="tenants", order="name")) < 1000
    assert sorted(key for keys in walk(Tenant, "sort=name") for key in keys) == [f"t{n:03}" for n in range(60)]


def test_a_cursor_comes_back_as_the_place_it_was():
    place = b"2026-11-20 00:00:00\x1fkey" + b"\xff"

    assert read_cursor(cursor(place, table="t", order="-o"), table="t", order="-o") == place


@pytest.mark.parametrize(
    "text",
    ["garbage", "", cursor(b"x", table="other", order="-o"), cursor(b"x", table="t", order="o"), "\x00", "a:b"],
    ids=["garbage", "empty", "of another table", "of another order", "nul", "no signature"],
)
def test_a_cursor_that_is_not_ours_is_refused(text):
    """Dies without the signature: anybody could ask for a place, and learn what lies around it."""
    with pytest.raises(BadCursor):
        read_cursor(text, table="t", order="-o")


def test_one_query_a_page_and_two_where_rows_are_asked(django_assert_num_queries):
    entries(*["2026-11-20 00:00:00"] * 60)
    after = page(AuditLog).after

    with django_assert_num_queries(2):  # and the tenants on offer
        page(AuditLog, start=Start(after))
    with django_assert_num_queries(3):
        page(AuditLog, "resource_type=b", start=Start(after))
