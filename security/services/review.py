"""Reviewing the trail: periods are signed off, sensitive entries are acknowledged or made a case.

Who reviewed what is itself in the trail, each in the transaction that does it.
"""

import datetime as dt

from django.db.models import Sum

from security.audit import Action, record
from security.columns import now
from security.enums import CaseKind, Outcome
from security.exceptions import ReviewRefused
from security.models import AuditDay, AuditFinding, AuditLog, AuditReview, AuditView, ComplianceCase
from security.queries.review import ALL, sensitive_entries
from security.roles import Verb, may
from security.scope import Reach, Scope, current_scope
from security.services.repeating import repeatable

LONGEST = 1_000  # characters of a note
PERIODS = {"day": 1, "week": 7}  # days
TERMS = {CaseKind.BREACH: dt.timedelta(hours=72), CaseKind.HOLD: None}
"""How long a case may take (domain.md, Secrets and records); others have `TERM`."""
TERM = dt.timedelta(days=30)


@repeatable
def sign_off(tenant_id: str, first: dt.date, period: str, note: str) -> AuditReview:
    """Record that an auditor has looked through a day or a week of the trail of a tenant, or of all.

    Raises:
        ReviewRefused: not an auditor, a period that is none or not over yet, no note, or it was signed off before.
    """
    scope = _scope_for(Verb.SIGN_OFF, "audit periods", "auditors sign off")
    if period not in PERIODS:
        raise ReviewRefused(f"period: expected {' or '.join(PERIODS)}, got {period!r}.")
    if period == "week" and first.isoweekday() != 1:
        raise ReviewRefused("first day: a week starts on a Monday.")
    if first >= now().date() or (last := first + dt.timedelta(days=PERIODS[period] - 1)) >= now().date():
        raise ReviewRefused("period: expected one that is over; entries are still coming.")
    if tenant_id != ALL and not _is_tenant(tenant_id):
        raise ReviewRefused(f"tenant: expected one of this cell, got {tenant_id!r}.")
    if AuditReview.objects.filter(tenant_id=tenant_id, first_day__lte=last, last_day__gte=first).exists():
        raise ReviewRefused("It was signed off already, or part of it.")
    review = AuditReview.objects.create(
        tenant_id=tenant_id,
        first_day=first,
        last_day=last,
        entries=_entries(tenant_id, first, last),
        note=_noted(note),
        reviewer_id=str(scope.actor_id),
    )
    record(
        Action.SIGN_OFF_PERIOD,
        resource_type="audit_review",
        resource_id=review.pk,
        tenant_id=tenant_id or None,
        details={"from": first.isoformat(), "to": last.isoformat(), "entries": review.entries, "note": review.note},
    )
    return review


@repeatable
def acknowledge(log_id: str, note: str) -> AuditFinding:
    """Record that a sensitive entry was looked at and is in order.

    Raises:
        ReviewRefused: see `open_case`.
    """
    return _settle(log_id, note, None)


@repeatable
def open_case(log_id: str, note: str, kind: str) -> AuditFinding:
    """Make a sensitive entry a case of the kind ``kind``.

    Raises:
        ReviewRefused: not a reviewer, no such entry, one's own, one that was dealt with, no note, or no such kind.
    """
    if kind not in CaseKind.values:
        raise ReviewRefused(f"kind: expected one of {', '.join(CaseKind.values)}, got {kind!r}.")
    return _settle(log_id, note, CaseKind(kind))


def _settle(log_id: str, note: str, kind: CaseKind | None) -> AuditFinding:
    scope = _scope_for(Verb.ADD, "audit findings", "auditors and operators review")
    entry = AuditLog.objects.filter(pk=log_id).first()
    if entry is None:
        raise ReviewRefused("There is no such entry.")
    if entry.user_id == scope.actor_id:
        raise ReviewRefused("It is your own: somebody else has to look at it.")
    if AuditFinding.objects.filter(pk=log_id).exists():
        raise ReviewRefused("It was dealt with already.")
    if not _is_sensitive(entry):
        raise ReviewRefused("It is none of the entries that wait for a review.")
    noted = _noted(note)
    case = _opened(entry, kind, scope) if kind else None
    finding = AuditFinding.objects.create(
        log_id=log_id,
        outcome=Outcome.CASE if case else Outcome.ACKNOWLEDGED,
        note=noted,
        case_id=case.pk if case else None,
        reviewer_id=str(scope.actor_id),
    )
    record(
        Action.ACKNOWLEDGE_ENTRY,
        resource_type="audit_log",
        resource_id=log_id,
        tenant_id=entry.tenant_id,
        details={"note": noted, "case": finding.case_id},
    )
    return finding


def _opened(entry: AuditLog, kind: CaseKind, scope: Scope) -> ComplianceCase:
    opened, term = now(), TERMS.get(kind, TERM)
    case = ComplianceCase.objects.create(
        tenant_id=entry.tenant_id,
        kind=kind,
        subject_ref=entry.user_id,
        state="open",
        reason_code=f"audit:{entry.action}",
        opened_at=opened,
        aware_at=opened,
        due_at=opened + term if term else None,
        requested_by=scope.actor_id,
    )
    record(
        Action.OPEN_COMPLIANCE_CASE,
        resource_type="compliance_case",
        resource_id=case.pk,
        tenant_id=entry.tenant_id,
        details={"kind": kind, "entry": entry.pk},
    )
    return case


def _is_tenant(tenant_id: str) -> bool:
    model = AuditView._meta.get_field("tenant").related_model
    assert isinstance(model, type)
    return bool(model._default_manager.filter(pk=tenant_id).exists())


def _is_sensitive(entry: AuditLog) -> bool:
    if not isinstance(entry.timestamp, dt.datetime):
        return False
    day = entry.timestamp.date()
    return any(one.entry.pk == entry.pk for one in sensitive_entries(day, day + dt.timedelta(days=1)))


def _scope_for(verb: Verb, resource: str, who: str) -> Scope:
    scope = current_scope()
    if not may(scope.role, verb, resource) or scope.reach is not Reach.PLATFORM:
        raise ReviewRefused(f"Only {who}, over all tenants.")
    return scope


def _noted(note: str) -> str:
    if not 0 < len(note.strip()) <= LONGEST or "\0" in note:
        raise ReviewRefused(f"note: expected what you looked at and found, in 1 to {LONGEST:,} characters.")
    return note.strip()


def _entries(tenant_id: str, first: dt.date, last: dt.date) -> int:
    days = AuditDay.objects.filter(day__gte=first.isoformat(), day__lte=last.isoformat())
    if tenant_id != ALL:
        days = days.filter(tenant_id=tenant_id)
    return int(days.aggregate(all=Sum("entries"))["all"] or 0)
