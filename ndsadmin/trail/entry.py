"""One entry with all that it tells, and what happened around it."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import ForeignKey, QuerySet
from django.http import Http404
from django.utils.safestring import SafeString

from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.addresses import keyed
from ndsadmin.tables.cells import EMPTY, cell_of, markup
from ndsadmin.tables.conditions import between
from ndsadmin.tables.documents import tree
from ndsadmin.tables.hiding import as_seen, hidden_changes
from ndsadmin.tables.labels import Labels
from ndsadmin.trail.asking import asked_trail
from ndsadmin.trail.changes import Difference, differences, others
from ndsadmin.trail.histories import history
from ndsadmin.trail.language import Query, Term
from ndsadmin.trail.lines import COLUMNS, Line, actor_cell, lines_of, names_in, object_cell, readable, trail_address
from ndsadmin.trail.speaking import label_of
from security.columns import LongText, Text
from security.columns.documents import printable
from security.columns.times import format_time
from security.contract import column_of
from security.models import AuditLog
from security.orders import walks
from security.services.access import record_read
from tenants.models import Tenant

SHOWN = 10  # entries of each kind around the one
NEAR = dt.timedelta(minutes=30)  # that somebody's other entries are looked for, before and after
_TEXTS = [field.attname for field in AuditLog._meta.concrete_fields if isinstance(field, Text | LongText | ForeignKey)]
_TIME = column_of(AuditLog, "timestamp")


@dataclass(frozen=True, slots=True)
class Around:
    """Entries that have something in common with the one, and the query that finds all of them."""

    title: str
    lines: list[Line]
    address: str
    here: str

    @property
    def is_one_object(self) -> bool:
        return len({line.object for line in self.lines}) == 1


@dataclass(frozen=True, slots=True)
class Entry:
    """``sentence`` says who did it, to what, and when."""

    key: str
    title: str
    sentence: SafeString
    facts: list[tuple[str, SafeString]]
    reason: str
    error: str
    differences: list[Difference]
    others: SafeString | None
    around: list[Around]
    row: AuditLog


def entry_page(quoted: str) -> Entry:
    """The entry behind the last part of an address. At most seven queries; on D1 four round
    trips.

    Raises:
        Http404: there is none, or none that who acts may read.
        PermissionDenied: who acts reads no trail.
    """
    mine = asked_trail(Query()).reading
    rows = mine.rows(AuditLog.objects.all()).filter(keyed(AuditLog, quoted))
    row = rows.first()
    if row is None:
        raise Http404("There is no such entry in your trail.")
    for column in _TEXTS:
        setattr(row, column, readable(getattr(row, column)))
    record_read(row)
    with reading_ahead(partial(_around, row)):
        around = _around(row)
    own = tuple(getattr(row, name) for name in COLUMNS)
    labels = names_in([own, *(line for _, found, _ in around for line in found)])
    groups = [
        Around(title, lines_of(found, labels), trail_address(asked), str(row.pk))
        for title, found, asked in around
        if len(found) > 1
    ]
    return _entry(row, groups, labels)


def _entry(row: AuditLog, around: list[Around], labels: Labels) -> Entry:
    who, what = actor_cell(row.user_id, labels), object_cell(row.resource_type, row.resource_id)
    tenant = labels.get(Tenant, {}).get(row.tenant_id) or row.tenant_id or "platform"
    metadata: Any = as_seen(row.resource_type, row.metadata, hidden_changes())
    rest = others(metadata)
    facts = [
        ("Time", cell_of(_TIME, row.timestamp)),
        ("Who", who),
        ("Object", what),
        ("Tenant", markup("{}", tenant)),
        ("Outcome", _outcome(row)),
        ("From", _asking("ip", row.ip_address)),
        ("With", markup('<span class="text">{}</span>', row.user_agent) if row.user_agent else EMPTY),
        ("Request", _asking("request", row.request_id)),
        ("Entry", markup('<span class="key">{}</span>', row.pk)),
    ]  # fmt: skip
    return Entry(
        key=str(row.pk),
        title=label_of(row.action, is_done=row.success is not False),
        sentence=markup("{} · {} · {}", who, what, cell_of(_TIME, row.timestamp)),
        facts=facts,
        reason=printable(str(metadata.get("reason") or "")) if isinstance(metadata, dict) else "",
        error=row.error_message or "",
        differences=differences(row.resource_type, metadata),
        others=tree(rest) if rest else None,
        around=around,
        row=row,
    )


def _asking(field: str, value: str | None) -> SafeString:
    """``value``, leading to all entries that share it."""
    if not value:
        return EMPTY
    return markup('<a class="key" href="{}">{}</a>', trail_address(str(Term(field, value))), value)


def _outcome(row: AuditLog) -> SafeString:
    is_done = row.success is not False
    return markup('<span class="badge {}">{}</span>', "good" if is_done else "bad", "Done" if is_done else "Refused")


def _around(row: AuditLog) -> list[tuple[str, list[Any], str]]:
    """A title, entries, and the query for all of them. One query each."""
    mine = asked_trail(Query()).reading.rows(AuditLog.objects.all())
    place = walks(AuditLog)[0].place
    found: list[tuple[str, list[Any], str]] = []
    if row.request_id:
        same = mine.filter(request_id=row.request_id).order_by(place.desc())
        found.append(("In the same request", _rows(same), str(Term("request", row.request_id))))
    if row.resource_id:
        same = history(row.resource_type, row.resource_id)
        found.append(("The same object", _rows(same), str(Term("resource", f"{row.resource_type}/{row.resource_id}"))))
    if row.user_id and isinstance(row.timestamp, dt.datetime):
        low, high = format_time(row.timestamp - NEAR), format_time(row.timestamp + NEAR)
        near = between(mine.filter(user_id=row.user_id), low, high).order_by(place.desc())
        asked = f"{Term('actor', row.user_id)} after:{low.replace(' ', 'T')} before:{high.replace(' ', 'T')}"
        found.append(("The same person around that time", _rows(near), asked))
    return found


def _rows(rows: "QuerySet[Any]") -> list[Any]:
    return list(rows.values_list(*COLUMNS)[:SHOWN])
