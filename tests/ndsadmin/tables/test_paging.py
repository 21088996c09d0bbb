import datetime as dt

import pytest
from django.core import signing
from django.db import connection

from content.models import GuardResult
from ndsadmin.tables.paging import PAGE, SALT, BadCursor, page_of
from security.models import AuditLog
from tests.factories.content import generated_content

pytestmark = pytest.mark.django_db
ORDER = ("timestamp", "log_id")
MOMENT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def entries(*times: object) -> None:
    """An entry for each stored time, under keys that do not sort as the times do."""
    rows = [(f"{number * 7919 % 1000:04}", time) for number, time in enumerate(times)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) VALUES (%s, 'a', 'b', %s)", rows
        )


def walk(direction: str = "after") -> list[list[str]]:
    """The keys of all pages from the first to the last, or back from the last."""
    pages, page = [], page_of(AuditLog.objects.all(), ORDER, after=None, before=None)
    while True:
        pages.append([row.log_id for row in page.rows])
        if page.after is None:
            break
        page = page_of(AuditLog.objects.all(), ORDER, after=page.after, before=None)
    if direction == "after":
        return pages
    pages = [pages[-1]]
    while page.before is not None:
        page = page_of(AuditLog.objects.all(), ORDER, after=None, before=page.before)
        pages.append([row.log_id for row in page.rows])
    return pages[::-1]


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


@pytest.mark.parametrize("times", WORLDS.values(), ids=WORLDS.keys())
def test_every_row_is_on_one_page_forwards_and_backwards(times):
    """Dies where rows without a time, of equal times, or of two forms are skipped or shown twice."""
    entries(*times)
    expected = list(AuditLog.objects.order_by("-timestamp", "-log_id").values_list("log_id", flat=True))

    pages = walk()

    assert [key for page in pages for key in page] == expected
    assert {len(page) for page in pages[:-1]} <= {PAGE}
    assert walk("before")[-1] == pages[-1]
    assert [key for page in walk("before") for key in page][-len(expected) :] == expected


def test_the_first_page_leads_nowhere_before_and_the_last_nowhere_after():
    entries(*["2026-11-20 00:00:00"] * 60)
    first = page_of(AuditLog.objects.all(), ORDER, after=None, before=None)
    last = page_of(AuditLog.objects.all(), ORDER, after=first.after, before=None)

    assert (first.before, last.after) == (None, None)
    assert (len(first.rows), len(last.rows)) == (50, 10)


@pytest.mark.parametrize(
    "cursor",
    ["garbage", "", signing.dumps(["a", "b"], salt="another list"), signing.dumps("text", salt=SALT), "\x00"],
    ids=["garbage", "empty", "of another kind", "no list", "nul"],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    with pytest.raises(BadCursor):
        page_of(AuditLog.objects.all(), ORDER, after=cursor or "x", before=None)


def test_a_cursor_of_another_list_has_another_length():
    entries("2026-11-20 00:00:00", *["2026-11-19 00:00:00"] * 60)
    cursor = page_of(AuditLog.objects.all(), ORDER, after=None, before=None).after

    with pytest.raises(BadCursor):
        page_of(GuardResult.objects.all(), ("created_at", "request_id", "result_id"), after=cursor, before=None)


def test_a_page_behind_another_is_found_by_the_index():
    """Dies with the row value: an OR would read every row in front of the page."""
    generated_content()
    entries(*["2026-11-20 00:00:00"] * 60)
    page = page_of(AuditLog.objects.all(), ORDER, after=None, before=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT log_id FROM audit_logs WHERE (timestamp, log_id) < ('x', 'y') "
            "ORDER BY timestamp DESC, log_id DESC LIMIT 51"
        )
        plan = " ".join(row[3] for row in cursor.fetchall())

    assert "SEARCH" in plan
    assert "nds_audit_logs_newest" in plan
    assert "TEMP B-TREE" not in plan
    assert page.after


@pytest.mark.django_db
def test_two_queries_at_most(django_assert_num_queries):
    entries(*["2026-11-20 00:00:00"] * 60, *[None] * 5)
    with django_assert_num_queries(1):
        first = page_of(AuditLog.objects.all(), ORDER, after=None, before=None)

    with django_assert_num_queries(2):  # the rows with a time end within this page
        page_of(AuditLog.objects.all(), ORDER, after=first.after, before=None)
