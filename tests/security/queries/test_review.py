import datetime as dt

import pytest

from security.columns import Unreadable
from security.models import AuditFinding, AuditLog, AuditReview
from security.queries import review
from security.queries.review import Kind, days_of, reviews_made, sensitive_entries
from tests.arranging import made
from tests.factories.security import audit_entry

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 11, 10), dt.date(2026, 11, 12)
TIME = "2026-11-11 10:00:00"


def kinds() -> list[tuple[str, str]]:
    return [(one.kind, one.entry.pk) for one in sensitive_entries(FIRST, LAST)]


@pytest.fixture
def entry():
    """`audit_entry` with an action of choice."""

    def make(action: str, timestamp: str = TIME, **given):
        found = audit_entry()
        values = {
            "action": action,
            "resource_type": "user",
            "tenant_id": found.tenant_id,
            "timestamp": Unreadable(timestamp),
        }
        return made(AuditLog, **{**values, **given})

    return make


def test_each_kind_is_found(entry):
    wanted = {
        Kind.SHOWN: entry("reveal_token"),
        Kind.FACTOR: entry("reset_mfa"),
        Kind.EXPORT: entry("export_rows"),
        Kind.CROSSING: entry("cross_tenants"),
        Kind.ROLE: entry("update_user", metadata={"changes": {"role": ["viewer", "admin"]}}),
    }

    assert set(kinds()) == {(kind, row.pk) for kind, row in wanted.items()}


def test_only_what_raises_is_a_raise(entry):
    for changes in (
        {"role": ["admin", "viewer"]},
        {"role": ["member", "member"]},
        {"full_name": ["role", "admin"]},
        [],
    ):
        entry("update_user", metadata={"changes": changes})
    entry("update_user", metadata=None)

    assert kinds() == []


def test_sign_ins_refused_in_a_row_are_one_finding(entry):
    for second in range(5):
        last = entry("login", f"2026-11-11 10:00:{second:02}", user_id="u1", success=False)
    for second in range(4):
        entry("login", f"2026-11-11 10:00:{second:02}", user_id="u2", success=False)
    for hour in range(10, 15):
        entry("login", f"2026-11-11 {hour}:30:00", user_id="u3", success=False)
        entry("login", f"2026-11-11 10:00:{hour:02}", user_id="u4", success=True)

    assert kinds() == [(Kind.SIGN_INS, last.pk)]


def test_a_stranger_is_told_by_his_address(entry):
    for second in range(5):
        last = entry("login", f"2026-11-11 10:00:{second:02}", ip_address="192.0.2.1", success=False)
        entry("login", f"2026-11-11 10:00:{second:02}", ip_address=f"192.0.2.{second + 2}", success=False)

    assert kinds() == [(Kind.SIGN_INS, last.pk)]


def test_password_spraying_is_told_by_its_address(entry):
    """Dies where a refused sign-in of a known person counts for the person alone."""
    for second in range(5):
        last = entry(
            "login", f"2026-11-11 10:00:{second:02}", user_id=f"u{second}", ip_address="192.0.2.1", success=False
        )

    assert kinds() == [(Kind.SIGN_INS, last.pk)]


def test_newer_ones_that_were_dealt_with_hide_no_older_one(entry, monkeypatch):
    """Dies where so many are looked at first, and those that were dealt with are left out behind that."""
    monkeypatch.setattr(review, "MOST", 2)
    oldest = entry("export_rows", "2026-11-10 10:00:00")
    for second in range(3):
        newer = entry("export_rows", f"2026-11-11 10:00:{second:02}")
        made(AuditFinding, log_id=newer.pk, outcome="acknowledged", note="x", reviewer_id="a")

    assert kinds() == [(Kind.EXPORT, oldest.pk)]


def test_of_the_platform_auditors_are_above_support(entry):
    raised = entry("update_user", tenant_id="platform", metadata={"changes": {"role": ["member", "viewer"]}})
    entry("update_user", tenant_id="platform", metadata={"changes": {"role": ["viewer", "member"]}})

    assert kinds() == [(Kind.ROLE, raised.pk)]


def test_odd_roles_of_workers_are_no_obstacle(entry):
    """Dies where one entry of a worker takes the page away for a month."""
    for pair in ([["x"], ["y"]], [{}, {}], [1, 2], ["a"], "ab", None):
        entry("update_user", metadata={"changes": {"role": pair}})

    assert kinds() == []


def test_what_was_dealt_with_or_lies_outside_waits_no_more(entry):
    row = entry("export_rows")
    entry("export_rows", "2026-11-09 23:59:59")
    entry("export_rows", "2026-11-13 00:00:00")
    assert kinds() == [(Kind.EXPORT, row.pk)]

    made(AuditFinding, log_id=row.pk, outcome="acknowledged", note="x", reviewer_id="a")

    assert kinds() == []


def test_days_know_their_entries_and_what_covers_them(entry):
    one = entry("login", "2026-11-10 10:00:00")
    entry("login", "2026-11-10 11:00:00", tenant_id=None, success=False)
    day = {"note": "x", "entries": 1, "reviewer_id": "a"}
    made(AuditReview, tenant_id="", first_day=FIRST, last_day=FIRST, **day)
    made(AuditReview, tenant_id=one.tenant_id, first_day=LAST, last_day=LAST, **day)

    everything = days_of("", FIRST, LAST)
    own = days_of(one.tenant_id, FIRST, LAST)

    assert [(d.day, d.entries, d.refused, d.review is not None) for d in everything] == [
        (LAST, 0, 0, False),
        (dt.date(2026, 11, 11), 0, 0, False),
        (FIRST, 2, 1, True),
    ]
    assert [(d.entries, d.review is not None) for d in own] == [(0, True), (0, False), (1, True)]
    assert [review.first_day for review in reviews_made(1)] == [LAST]
