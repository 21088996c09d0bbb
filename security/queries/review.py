"""What of the trail is to be reviewed: days that nobody signed off, and sensitive entries.

An entry is sensitive when it tells of a secret that was shown, a role that was raised, a second factor that was reset,
rows that left as a file, a crossing between tenants, looking as somebody, or the last of several refused
sign-ins in a row.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from security.actions import Action
from security.columns.documents import Member
from security.columns.places import LAST
from security.models import AuditDay, AuditFinding, AuditLog, AuditReview
from security.orders import walks
from security.roles import PLATFORM_RANK, PLATFORM_TENANT, RANK

IN_A_ROW = 5  # refused sign-ins of one person, or from one address, with no `PAUSE` between two of them
PAUSE = dt.timedelta(minutes=15)
MOST = 200  # entries of one kind that are looked at
MOST_SIGN_INS = 20_000  # refused ones

ALL = ""
"""What a review of all tenants, and of the platform, says in place of a tenant."""


class Kind(StrEnum):
    """Why an entry is sensitive."""

    SHOWN = "Secret shown"
    ROLE = "Role raised"
    FACTOR = "Second factor reset"
    EXPORT = "Export"
    CROSSING = "Tenants crossed"
    LOOKING = "Looked as somebody"
    SIGN_INS = "Failed sign-ins in a row"


ACTIONS: Mapping[str, Kind] = {
    # how the actions begin, for each kind that an action alone decides
    "reveal_": Kind.SHOWN,
    "reset_mfa": Kind.FACTOR,
    Action.EXPORT_ROWS: Kind.EXPORT,
    Action.CROSS_TENANTS: Kind.CROSSING,
    Action.TRANSFER_OWNERSHIP: Kind.ROLE,
    Action.LOOK_AS: Kind.LOOKING,
}


@dataclass(frozen=True, slots=True)
class Sensitive:
    kind: Kind
    entry: AuditLog


def sensitive_entries(first: dt.date, last: dt.date) -> list[Sensitive]:
    """Those of the days from ``first`` to ``last`` that nobody has dealt with, the newest first. Of a kind `MOST` are
    looked at: more turn up as these are dealt with. A query a kind, and one more."""
    found = [
        *(
            Sensitive(kind, entry)
            for start, kind in ACTIONS.items()
            for entry in _waiting(_within(_beginning(start), first, last))[:MOST]
        ),
        *(Sensitive(Kind.ROLE, entry) for entry in _raised(first, last)),
        *(Sensitive(Kind.SIGN_INS, entry) for entry in _in_a_row(first, last)),
    ]
    return sorted(found, key=lambda one: str(one.entry.timestamp), reverse=True)


def _beginning(action: str) -> Q:
    if action.endswith("_"):
        return Q(action__gte=action, action__lt=action + LAST)
    return Q(action=action)


def _within(which: Q, first: dt.date, last: dt.date) -> "QuerySet[AuditLog, Any]":
    """Entries of the days, the newest first; the index of their action is walked."""
    place = walks(AuditLog)[0].place
    rows = AuditLog.objects.filter(which).alias(place=place)
    rows = rows.filter(place__gte=first.isoformat(), place__lt=(last + dt.timedelta(days=1)).isoformat())
    return rows.order_by(place.desc())


def _waiting(entries: "QuerySet[AuditLog, Any]") -> "QuerySet[AuditLog, Any]":
    """Those that nobody has dealt with."""
    return entries.exclude(Exists(AuditFinding.objects.filter(log_id=OuterRef("pk"))))


def _raised(first: dt.date, last: dt.date) -> Iterator[AuditLog]:
    changed = _within(Q(action__in=[Action.CHANGE_ROLE, Action.UPDATE_USER]), first, last)
    rows = changed.alias(changes=Member("metadata", "changes"))
    for entry in _waiting(rows.filter(changes__contains='"role"'))[:MOST]:
        metadata: Any = entry.metadata
        changes = metadata.get("changes") if isinstance(metadata, dict) else None
        pair = changes.get("role") if isinstance(changes, dict) else None
        if isinstance(pair, list) and len(pair) == 2 and _rank(entry, pair[1]) > _rank(entry, pair[0]):
            yield entry


def _rank(entry: AuditLog, stored: Any) -> int:
    """How much the stored role may, where the entry's person belongs; whatever is none: nothing."""
    ranks = PLATFORM_RANK if entry.tenant_id == PLATFORM_TENANT else RANK
    return ranks.get(stored, 0) if isinstance(stored, str) else 0


def _in_a_row(first: dt.date, last: dt.date) -> Iterator[AuditLog]:
    """The last of each row of refused sign-ins: of one person, and from one address."""
    groups: dict[tuple[str, str], list[AuditLog]] = defaultdict(list)
    for entry in _within(Q(action=Action.LOGIN, success=False), first, last)[:MOST_SIGN_INS]:
        for kind, who in (("person", entry.user_id), ("address", entry.ip_address)):
            if who:
                groups[kind, who].append(entry)
    last_ones = {row[0].pk: row[0] for entries in groups.values() for row in rows_of(entries) if len(row) >= IN_A_ROW}
    settled = AuditFinding.objects.filter(log_id__in=list(last_ones)).values_list("log_id", flat=True)
    done = set(settled) if last_ones else set()
    yield from (entry for key, entry in last_ones.items() if key not in done)


def rows_of(entries: Iterable[AuditLog]) -> Iterator[list[AuditLog]]:
    """``entries``, newest first, in groups between which there is more than `PAUSE`."""
    row: list[AuditLog] = []
    for entry in entries:
        if not isinstance(entry.timestamp, dt.datetime):
            continue
        before = row[-1].timestamp if row else None
        if isinstance(before, dt.datetime) and before - entry.timestamp > PAUSE:
            yield row
            row = []
        row.append(entry)
    if row:
        yield row


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the trail of one tenant, or of all; ``review`` is what covers it."""

    day: dt.date
    entries: int
    refused: int
    review: AuditReview | None


def days_of(tenant_id: str, first: dt.date, last: dt.date) -> list[Day]:
    """The days from ``last`` back to ``first``. Two queries."""
    rows = AuditDay.objects.filter(day__gte=first.isoformat(), day__lte=last.isoformat())
    if tenant_id != ALL:
        rows = rows.filter(tenant_id=tenant_id)
    sums = rows.order_by().values("day").annotate(all=Sum("entries"), bad=Sum("refused"))
    numbers = {day: (entries, bad) for day, entries, bad in sums.values_list("day", "all", "bad")}
    reviews = list(AuditReview.objects.filter(tenant_id__in={tenant_id, ALL}, last_day__gte=first, first_day__lte=last))
    days = [last - dt.timedelta(days=back) for back in range((last - first).days + 1)]
    return [
        Day(day, *numbers.get(day.isoformat(), (0, 0)), next((r for r in reviews if r.covers(day)), None))
        for day in days
    ]


def reviews_made(number: int) -> "QuerySet[AuditReview, Any]":
    """The newest sign-offs."""
    return AuditReview.objects.order_by("-reviewed_at", "-review_id")[:number]
