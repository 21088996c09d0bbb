import datetime as dt

import pytest

from security.columns import Unreadable, now
from security.exceptions import ReviewRefused
from security.models import AuditFinding, AuditLog, AuditReview, ComplianceCase
from security.roles import Role
from security.scope import Reach, Scope, acting
from security.services.review import acknowledge, open_case, sign_off
from tests.arranging import made
from tests.factories.security import audit_entry
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 9)


def of_platform(role: Role = Role.AUDITOR, actor: str = "auditor") -> Scope:
    return Scope(request_id="r", actor_id=actor, role=role, reach=Reach.PLATFORM)


def sensitive() -> AuditLog:
    """An entry that waits for a review."""
    who = audit_entry()
    return made(AuditLog, tenant_id=who.tenant_id, user_id=who.user_id, action="export_rows", resource_type="users")


@pytest.fixture(autouse=True)
def as_auditor(db):
    with acting(of_platform()):
        yield


def test_a_week_is_signed_off_with_the_number_of_its_entries():
    for day in (8, 9, 15, 16):
        audit_entry(timestamp=Unreadable(f"2026-11-{day:02} 10:00:00"))

    sign_off("", MONDAY, "week", " Looked through all ")

    review = AuditReview.objects.get()
    assert (review.first_day, review.last_day, review.entries) == (MONDAY, dt.date(2026, 11, 15), 2)
    assert (review.note, review.reviewer_id, review.tenant_id) == ("Looked through all", "auditor", "")
    told = AuditLog.objects.get(action="sign_off_period")
    assert (told.resource_id, told.tenant_id, told.metadata["entries"]) == (review.pk, None, 2)


def test_a_day_of_one_tenant():
    entry = audit_entry(timestamp=Unreadable("2026-11-09 10:00:00"))
    audit_entry(timestamp=Unreadable("2026-11-09 10:00:00"))

    review = sign_off(entry.tenant_id, MONDAY, "day", "Fine")

    assert (review.last_day, review.entries) == (MONDAY, 1)
    assert AuditLog.objects.get(action="sign_off_period").tenant_id == entry.tenant_id


@pytest.mark.parametrize(
    ("first", "period", "note", "told"),
    [
        (MONDAY, "month", "x", "period: expected day or week"),
        (MONDAY + dt.timedelta(days=1), "week", "x", "Monday"),
        (now().date(), "day", "x", "one that is over"),
        (now().date() - dt.timedelta(days=now().weekday()), "week", "x", "one that is over"),
        (MONDAY, "day", "  ", "note: expected"),
        (MONDAY, "day", "x" * 1001, "note: expected"),
        (dt.date(9999, 12, 27), "week", "x", "one that is over"),
    ],
)
def test_what_cannot_be_signed_off_says_why(first, period, note, told):
    with pytest.raises(ReviewRefused, match=told):
        sign_off("", first, period, note)
    assert AuditReview.objects.count() == 0


def test_a_tenant_is_one_that_there_is():
    with pytest.raises(ReviewRefused, match="tenant: expected one of this cell"):
        sign_off("nobody", MONDAY, "day", "x")


def test_no_day_is_signed_off_twice():
    """Neither by itself nor as a part of a week; what is signed off of one tenant is another matter."""
    tenant(tenant_id="t1")
    sign_off("", MONDAY, "day", "x")
    for first, period in ((MONDAY, "day"), (MONDAY, "week")):
        with pytest.raises(ReviewRefused, match="already"):
            sign_off("", first, period, "x")
    sign_off("t1", MONDAY, "week", "x")


def test_only_what_waits_is_settled():
    """Dies where entries can be settled in advance, or to empty the list."""
    with pytest.raises(ReviewRefused, match="none of the entries that wait"):
        acknowledge(audit_entry().pk, "x")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_sign_off(role):
    with acting(of_platform(role)), pytest.raises(ReviewRefused, match="Only auditors"):
        sign_off("", MONDAY, "day", "x")


def test_an_entry_is_acknowledged_once_and_by_somebody_else():
    """Dies where somebody settles what he did himself."""
    entry = sensitive()
    with acting(of_platform(actor=entry.user_id)), pytest.raises(ReviewRefused, match="your own"):
        acknowledge(entry.pk, "x")

    acknowledge(entry.pk, "It was agreed")

    with pytest.raises(ReviewRefused, match="already"):
        acknowledge(entry.pk, "x")
    with pytest.raises(ReviewRefused, match="no such entry"):
        acknowledge("nothing", "x")
    finding = AuditFinding.objects.get()
    assert (finding.log_id, finding.outcome, finding.note, finding.case_id) == (
        entry.pk, "acknowledged", "It was agreed", None,
    )  # fmt: skip
    told = AuditLog.objects.get(action="acknowledge_entry")
    assert (told.resource_id, told.tenant_id) == (entry.pk, entry.tenant_id)


def test_an_entry_becomes_a_case_with_its_clock():
    entry = sensitive()

    finding = open_case(entry.pk, "Taken along without need", "breach")

    case = ComplianceCase.objects.get()
    assert (finding.case_id, finding.outcome) == (case.pk, "case")
    assert (case.kind, case.tenant_id, case.subject_ref, case.state) == (
        "breach",
        entry.tenant_id,
        entry.user_id,
        "open",
    )
    assert case.due_at - case.opened_at == dt.timedelta(hours=72)
    told = AuditLog.objects.filter(request_id="r").values_list("action", flat=True)
    assert set(told) == {"acknowledge_entry", "open_compliance_case"}


def test_a_case_is_of_a_kind_that_there_is():
    with pytest.raises(ReviewRefused, match="kind: expected one of access"):
        open_case(sensitive().pk, "x", "gossip")
    assert ComplianceCase.objects.count() == 0


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER])
def test_others_settle_nothing(role):
    entry = sensitive()
    with acting(of_platform(role)), pytest.raises(ReviewRefused, match="review, over all tenants"):
        acknowledge(entry.pk, "x")
