"""What is to be reviewed, ready to be drawn."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from ndsadmin.db.ahead import reading_ahead
from ndsadmin.trail.lines import Line, lines_of, trail_address
from security.columns import now
from security.models import AuditReview
from security.queries.review import Day, Kind, Sensitive, days_of, reviews_made, sensitive_entries
from security.scope import current_scope
from tenants.models import Tenant, User

DAYS = 30  # that are looked back
SHOWN = 20  # sign-offs, and sensitive entries of a page


@dataclass(frozen=True, slots=True)
class Finding:
    """A sensitive entry; ``is_own`` where who looks at it did it himself."""

    kind: Kind
    line: Line
    is_own: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Days of one calendar week; ``first`` is its Monday where all of it can be signed off at once."""

    title: str
    first: dt.date | None
    days: list[tuple[Day, str]]  # with the trail of the day


@dataclass(frozen=True, slots=True)
class ReviewPage:
    tenant: str
    tenants: list[tuple[str, str]]
    weeks: list[Week]
    unreviewed: int
    findings: list[Finding]
    more: int
    made: list[tuple[AuditReview, str, str]]  # with the names of reviewer and tenant


def review_page(tenant_id: str) -> ReviewPage:
    """The last `DAYS` complete days of a tenant's trail, or of all, and all sensitive entries. Some 14 queries;
    on D1 six round trips."""
    yesterday = now().date() - dt.timedelta(days=1)
    first = yesterday - dt.timedelta(days=DAYS - 1)
    tenants = list(Tenant.objects.order_by("name").values_list("tenant_id", "name"))
    known = tenant_id if tenant_id in dict(tenants) else ""
    with reading_ahead(partial(_read, known, first)):
        days, found, made = _read(known, first)
    people = User.objects.filter(pk__in={review.reviewer_id for review in made})
    names = {key: name or email for key, name, email in people.values_list("pk", "full_name", "email")}
    return ReviewPage(
        tenant=known,
        tenants=tenants,
        weeks=_weeks(known, days),
        unreviewed=sum(day.review is None for day in days),
        findings=_findings(found[:SHOWN]),
        more=max(0, len(found) - SHOWN),
        made=[
            (one, names.get(one.reviewer_id, one.reviewer_id), dict(tenants).get(one.tenant_id, "all tenants"))
            for one in made
        ],
    )


def _read(tenant_id: str, first: dt.date) -> tuple[list[Day], list[Sensitive], list[AuditReview]]:
    today = now().date()
    days = days_of(tenant_id, first, today - dt.timedelta(days=1))
    return days, sensitive_entries(first, today), list(reviews_made(SHOWN))


def _findings(found: list[Sensitive]) -> list[Finding]:
    entries = [one.entry for one in found]
    rows = [
        (e.timestamp, e.action, e.user_id, e.resource_type, e.resource_id, e.tenant_id, e.ip_address, e.success,
         e.error_message, e.pk)
        for e in entries
    ]  # fmt: skip
    me = current_scope().actor_id
    return [Finding(one.kind, line, one.entry.user_id == me) for one, line in zip(found, lines_of(rows), strict=True)]


def _weeks(tenant_id: str, days: list[Day]) -> list[Week]:
    weeks: dict[dt.date, list[Day]] = {}
    for day in days:
        weeks.setdefault(day.day - dt.timedelta(days=day.day.weekday()), []).append(day)
    return [
        Week(
            f"Week {monday.isocalendar().week}, from {monday:%-d %b %Y}",
            monday if len(those) == 7 and all(day.review is None for day in those) else None,
            [(day, _trail_of(tenant_id, day.day)) for day in those],
        )
        for monday, those in weeks.items()
    ]


def _trail_of(tenant_id: str, day: dt.date) -> str:
    tenant = f"tenant:{tenant_id} " if tenant_id else ""
    return trail_address(f"{tenant}after:{day} before:{day + dt.timedelta(days=1)}")
