"""What a list can be narrowed by: columns with choices, truth values, and columns that an index starts with.

A filter on any other column would read the whole table. The state is in the address, so a narrowed list can be
sent to somebody: ``?status=failed&tenant=tenant_001&published_at__from=2026-11-01``.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Q, UniqueConstraint
from django.http import QueryDict

from ndsadmin.tables.names import heading
from security.columns import Bool, Date, Json, Time
from security.columns.column import Column
from security.columns.times import parse_day
from tenants.models import Tenant

NONE = "-"  # the rows without a value
OTHER = "~"  # the rows with a value that has no label
YEARS = range(1970, 2100)  # what a date in the data can be; outside, a day more may not exist
MANY = 200  # tenants that a select still offers; beyond, their id is typed


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One filter as the form draws it."""

    name: str
    label: str
    kind: str  # select, text, date
    value: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the address asks for: the controls, the condition, and what in it could not be understood."""

    controls: tuple[Control, ...]
    condition: Q
    errors: tuple[str, ...]

    @property
    def first(self) -> list[Control]:
        """The controls that are always in sight: choices, dates, and whatever is in force."""
        return [control for control in self.controls if control.kind != "text" or control.value]

    @property
    def further(self) -> list[Control]:
        """The controls for keys that one pastes, behind a fold."""
        return [control for control in self.controls if control.kind == "text" and not control.value]

    @property
    def is_active(self) -> bool:
        return any(control.value for control in self.controls)


def narrowing(fields: Iterable[Field[Any, Any]], asked: QueryDict) -> Narrowing:
    """Filters over ``fields``, the columns that the reader sees. One query where tenants are offered."""
    controls: list[Control] = []
    errors: list[str] = []
    condition = Q()
    for field in fields:
        if not is_filterable(field):
            continue
        if isinstance(field, Time | Date):
            bounds = [_bound(field, end, asked, errors) for end in ("from", "to")]
            controls += [control for control, _ in bounds]
            condition &= bounds[0][1] & bounds[1][1]
            continue
        value = asked.get(field.name, "")
        controls.append(_control(field, value))
        condition &= _condition(field, value) if value else Q()
    return Narrowing(tuple(controls), condition, tuple(errors))


def is_filterable(field: Field[Any, Any]) -> bool:
    if (isinstance(field, Column) and field.secret) or isinstance(field, Json):
        return False
    return bool(field.choices) or isinstance(field, Bool) or leads_an_index(field)


def leads_an_index(field: Field[Any, Any]) -> bool:
    """Whether an index, a unique constraint or the primary key starts with ``field``."""
    meta = field.model._meta
    names = [index.fields_orders[0][0] for index in meta.indexes if index.fields_orders]
    names += [constraint.fields[0] for constraint in meta.constraints if isinstance(constraint, UniqueConstraint)]
    pk_fields = getattr(meta, "pk_fields", None) or [meta.pk]
    return field.primary_key or field is pk_fields[0] or field.name in names


def _control(field: Field[Any, Any], value: str) -> Control:
    label = heading(field)
    if isinstance(field, Bool):
        pairs = [("1", "Yes"), ("0", "No")]
    elif field.choices:
        pairs = [(str(known), str(text)) for known, text in field.flatchoices] + [(OTHER, "Other values")]
    elif isinstance(field, ForeignKey) and field.related_model is Tenant:
        known = list(Tenant.objects.order_by("name").values_list("pk", "name")[: MANY + 1])
        pairs = [(str(key), name) for key, name in known] if len(known) <= MANY else []
    else:
        pairs = []
    if not pairs:
        return Control(field.name, label, "text", value)
    if field.null:
        pairs.append((NONE, "No value"))
    if value and value not in dict(pairs):
        pairs.append((value, value))
    options = tuple(Option(known, text, known == value) for known, text in pairs)
    return Control(field.name, label, "select", value, options)


def _condition(field: Field[Any, Any], value: str) -> Q:
    if value == NONE and field.null:
        return Q(**{f"{field.name}__isnull": True})
    if isinstance(field, Bool):
        return Q(**{field.name: value == "1"})
    if value == OTHER and field.choices:
        known = [choice for choice, _ in field.flatchoices]
        return Q(**{f"{field.name}__isnull": False}) & ~Q(**{f"{field.name}__in": known})
    return Q(**{field.attname: value})


def _bound(field: Field[Any, Any], end: str, asked: QueryDict, errors: list[str]) -> tuple[Control, Q]:
    name = f"{field.name}__{end}"
    value = asked.get(name, "").strip()
    control = Control(name, heading(field, end), "date", value)
    if not value:
        return control, Q()
    day = parse_day(value)
    if day is None or day.year not in YEARS:
        errors.append(f"{control.label}: expected a date such as 2026-11-22, got {value!r}.")
        return control, Q()
    return control, _within(field, end, day)


def _within(field: Field[Any, Any], end: str, day: dt.date) -> Q:
    # Whole days in UTC. As text, so that both forms in which workers write a time fall on the right side: the
    # separator, a space or a T, comes after the day.
    last = day if end == "from" else day + dt.timedelta(days=1)
    lookup = "gte" if end == "from" else "lt"
    if isinstance(field, Date):
        return Q(**{f"{field.name}__{lookup}": last})
    return Q(**{f"{field.name}__{lookup}": dt.datetime(last.year, last.month, last.day, tzinfo=dt.UTC)})
