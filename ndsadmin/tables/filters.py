"""What a list can be narrowed by, as the address says it and as the form shows it.

    ?status=failed&tenant=tenant_001&published_at=30d&published_at__to=2026-11-20

Columns with choices, truth values, tenants, days of the columns that order the list, and keys that an index starts
with. A narrowed list can be sent to somebody: all of it is in the address.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.tables.addresses import key_fields
from ndsadmin.tables.cells import markup
from ndsadmin.tables.conditions import AnyOf, Condition, OfParent, Span, orders_of
from ndsadmin.tables.names import heading
from security.columns import Bool, Date, Json, Time, now
from security.columns.column import Column
from security.columns.places import VALUED
from security.columns.times import parse_day
from security.contract import Privacy
from security.orders import walks
from security.scope import current_scope
from tenants.models import Tenant

NONE = "-"  # the rows without a value
OTHER = "~"  # the rows with a value that has no label
YEARS = range(1970, 2100)  # what a date in the data can be; outside, a day more may not exist
MANY = 200  # tenants that a select still offers; beyond, their id is typed
PERIODS = {
    # days from today that a period reaches, back or ahead
    "1d": ("Today", 0, 0),
    "7d": ("Last 7 days", -6, 0),
    "30d": ("Last 30 days", -29, 0),
    "90d": ("Last 90 days", -89, 0),
    "next7d": ("Next 7 days", 0, 6),
    "next30d": ("Next 30 days", 0, 29),
}


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

    @property
    def is_first(self) -> bool:
        """Always in sight: choices and periods; and whatever is in force."""
        return self.kind == "select" or bool(self.value)

    @property
    def body(self) -> SafeString:
        """As HTML. Here and not in a template, which takes a fifth of a page's time for a dozen of them."""
        if self.kind == "select":
            form = '<select id="filter-{}" name="{}"><option value="">All</option>{}</select>'
            entry = markup(form, self.name, self.name, self._entries)
        else:
            form = '<input id="filter-{}" name="{}" type="{}" value="{}" autocomplete="off">'
            entry = markup(form, self.name, self.name, self.kind, self.value)
        form = '<div{}><label for="filter-{{}}">{{}}</label>{{}}</div>'.format(
            ' class="is-active"' if self.value else ""
        )
        return markup(form, self.name, self.label, entry)

    @property
    def _entries(self) -> SafeString:
        form, chosen = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'
        entries = (markup(chosen if option.chosen else form, option.value, option.label) for option in self.options)
        return mark_safe("".join(entries))  # noqa: S308  # escaped one by one


@dataclass(slots=True)
class Narrowing:
    """What the address asks for: the controls, the conditions, and what in it could not be understood."""

    controls: list[Control] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    tenants: dict[str, str] | None = None  # names by id, where all were read to be offered
    pinned: list[Condition] = field(default_factory=list)  # what the scope says: the tenant's index is walked

    @property
    def named_tenants(self) -> list[str]:
        """The tenants whose rows alone are asked for, as far as they exist; none where all are."""
        if pinned := current_scope().tenant_id:
            return [pinned]
        one_by_one = [part for c in self.conditions for part in (c.value if isinstance(c, AnyOf) else [c])]
        asked = [c for c in one_by_one if isinstance(c, OfParent) or c.field == "tenant"]
        values = [value for c in asked for value in (c.value if c.lookup == "in" else [c.value])]
        return list(
            Tenant.objects.filter(pk__in=[v for v in values if isinstance(v, str)]).values_list("pk", flat=True)
        )

    @property
    def first(self) -> list[Control]:
        return [control for control in self.controls if control.is_first]

    @property
    def further(self) -> list[Control]:
        """Keys that one pastes and days that one picks, behind a fold."""
        return [control for control in self.controls if not control.is_first]

    @property
    def is_active(self) -> bool:
        return bool(self.conditions or self.spans or self.errors)


def narrowing(model: type[Model], fields: Iterable[Field[Any, Any]], asked: QueryDict) -> Narrowing:
    """Filters over ``fields``, the columns that the reader sees. One query where tenants are offered."""
    found = Narrowing()
    pinned = current_scope().tenant_id
    for column in fields:
        if pinned and column.name == "tenant":
            found.pinned.append(Condition("tenant", "exact", pinned))
            continue
        if not is_filterable(column):
            continue
        if isinstance(column, Time | Date):
            _add_period(found, column, asked)
        else:
            _add_choice(found, column, asked.getlist(column.name))
    parent = parent_with_tenant(model)
    if parent and pinned:
        found.pinned.append(OfParent(parent.name, "parent", pinned, parent=parent.related_model))
    elif parent:
        _add_parents_tenant(found, parent, asked.get("tenant", ""))
    return found


def is_filterable(column: Field[Any, Any]) -> bool:
    if (isinstance(column, Column) and column.secret) or isinstance(column, Json):
        return False
    if isinstance(column, Time | Date):
        return column.name in orders_of(column.model) or column.name in _fixed(column.model)
    return bool(column.choices) or isinstance(column, Bool) or leads_an_index(column)


def leads_an_index(column: Field[Any, Any]) -> bool:
    """Whether an index, or the primary key, starts with ``column``."""
    meta = column.model._meta
    names = [index.fields_orders[0][0] for index in meta.indexes if index.fields_orders]
    return column is key_fields(column.model)[0] or column.name in names or column.name in _fixed(column.model)


def parent_with_tenant(model: type[Model]) -> "ForeignKey[Any, Any] | None":
    """The reference through which rows of ``model`` have a tenant, where they have none of their own."""
    if getattr(model, "privacy", None) is not Privacy.PARENT:
        return None
    for column in model._meta.concrete_fields:
        if isinstance(column, ForeignKey) and any(f.name == "tenant" for f in column.related_model._meta.fields):
            return column
    return None


def _fixed(model: type[Model]) -> set[str]:
    return {name for walk in walks(model) for name in walk.fixed}


def _add_choice(found: Narrowing, column: Field[Any, Any], values: list[str]) -> None:
    known = [value for value in values if value]
    pairs = _pairs(found, column)
    found.controls.append(_control(column.name, heading(column), pairs, known[0] if known else ""))
    if isinstance(column, Bool) and (odd := [value for value in known if value not in dict(pairs)]):
        found.errors.append(f"{heading(column)}: expected one of {', '.join(dict(pairs))}, got {odd[0]!r}.")
        return
    conditions = [_condition(column, value) for value in known]
    if all(condition.lookup == "exact" for condition in conditions) and len(conditions) > 1:
        found.conditions.append(Condition(column.name, "in", [condition.value for condition in conditions]))
    elif conditions:
        found.conditions.append(conditions[0] if len(conditions) == 1 else AnyOf(column.name, "any", conditions))


def _pairs(found: Narrowing, column: Field[Any, Any]) -> list[tuple[str, str]]:
    """What a select offers; nothing where a key is typed."""
    if isinstance(column, Bool):
        pairs = [("1", "Yes"), ("0", "No")]
    elif column.choices:
        pairs = [(str(known), str(text)) for known, text in column.flatchoices] + [(OTHER, "Other values")]
    elif isinstance(column, ForeignKey) and column.related_model is Tenant:
        pairs = _tenants(found)
    else:
        return []
    return [*pairs, (NONE, "No value")] if column.null and pairs else pairs


def _tenants(found: Narrowing) -> list[tuple[str, str]]:
    known = list(Tenant.objects.order_by("name").values_list("pk", "name")[: MANY + 1])
    if len(known) > MANY:
        return []
    found.tenants = dict(known)
    return [(str(key), name) for key, name in known]


def _control(name: str, label: str, pairs: list[tuple[str, str]], value: str) -> Control:
    if not pairs:
        return Control(name, label, "text", value)
    if value and value not in dict(pairs):
        pairs = [*pairs, (value, value)]
    options = tuple(Option(known, text, known == value) for known, text in pairs)
    return Control(name, label, "select", value, options)


def _condition(column: Field[Any, Any], value: str) -> Condition:
    if value == NONE and column.null:
        return Condition(column.name, "isnull", True)
    if isinstance(column, Bool):
        return Condition(column.name, "exact", value == "1")
    if value == OTHER and column.choices:
        return Condition(column.name, "other", [choice for choice, _ in column.flatchoices])
    return Condition(column.name, "exact", value)


def _add_parents_tenant(found: Narrowing, column: "ForeignKey[Any, Any]", value: str) -> None:
    found.controls.append(_control("tenant", "Tenant", _tenants(found), value))
    if value:
        found.conditions.append(OfParent(column.name, "parent", value, parent=column.related_model))


def _add_period(found: Narrowing, column: Field[Any, Any], asked: QueryDict) -> None:
    """A period by name, a day, days from and to, or no time at all; together they must all hold."""
    name = column.name
    pairs = [(value, label) for value, (label, _, _) in PERIODS.items()]
    value = asked.get(name, "")
    found.controls.append(
        _control(name, heading(column), [*pairs, (NONE, "No value")] if column.null else pairs, value)
    )
    if value == NONE and column.null:
        found.conditions.append(Condition(name, "isnull", True))
        return
    span = period(value, now().date()) if value in PERIODS else _one_day(value)
    if value and span is None:
        found.errors.append(f"{heading(column)}: expected a day or one of {', '.join(PERIODS)}, got {value!r}.")
    days = list(_days(found, column, asked))
    lows = [day for day in (span and span[0], days[0]) if day]
    highs = [day + dt.timedelta(days=1) for day in (span and span[1], days[1]) if day]
    if lows or highs:
        # A row without a value is in no period: every value starts after "".
        low = max(lows).isoformat() if lows else VALUED
        found.spans.append(Span(name, low, min(highs).isoformat() if highs else None))


def period(name: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period of `PERIODS`."""
    _, back, ahead = PERIODS[name]
    return today + dt.timedelta(days=back), today + dt.timedelta(days=ahead)


def _one_day(value: str) -> tuple[dt.date, dt.date] | None:
    day = parse_day(value)
    return (day, day) if day is not None and day.year in YEARS else None


def _days(found: Narrowing, column: Field[Any, Any], asked: QueryDict) -> Iterator[dt.date | None]:
    for end in ("from", "to"):
        name = f"{column.name}__{end}"
        value = asked.get(name, "").strip()
        found.controls.append(Control(name, heading(column, end), "date", value))
        span = _one_day(value)
        if value and span is None:
            found.errors.append(f"{heading(column, end)}: expected a date such as 2026-11-22, got {value!r}.")
        yield span[0] if span else None
