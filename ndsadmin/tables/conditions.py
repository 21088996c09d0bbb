"""What narrows a list, and which index gives the narrowed rows in order.

Rules:

- An order comes from its own index (`security.orders`); no list is ever sorted.
- Conditions that the index can hold (one tenant, one account) choose it; the rest are asked of the rows that it
  gives, one after the other, and shut out from the planner, who would search by them and sort all he finds.
- Asking rows one after the other ends after `ndsadmin.tables.paging.WINDOW` rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from security.columns import Unreadable
from security.columns.places import VALUED, Place, Unindexed
from security.orders import Walk, walks


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` and what its value must be; ``lookup`` is Django's, or ``other``: a value that has no label."""

    field: str
    lookup: str
    value: Any

    @property
    def fixes(self) -> bool:
        """Whether it leaves one value, which an index may start with."""
        return self.lookup == "exact" or (self.lookup == "isnull" and self.value)

    @property
    def asks_for_none(self) -> bool:
        """Whether rows without a value meet it."""
        return self.lookup == "isnull"

    def within(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` that meet it, found by an index."""
        return rows.filter(**{f"{self.field}__{self.lookup}": self.value})

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` that meet it, asked one after the other."""
        alias = f"plain_{self.field}"
        asked: QuerySet[Any] = rows.alias(**{alias: Unindexed(F(self.field))})
        return asked.filter(self.test(alias))

    def test(self, alias: str) -> Q:
        """The condition on a column under another name."""
        if self.lookup == "other":
            return ~(Q(**{f"{alias}__in": self.value}) | Q(**{f"{alias}__isnull": True}))
        return Q(**{f"{alias}__{self.lookup}": self.value})


class AnyOf(Condition):
    """``field`` meets one of several conditions, which are its ``value``."""

    @property
    def asks_for_none(self) -> bool:
        return any(condition.asks_for_none for condition in self.value)

    def test(self, alias: str) -> Q:
        tests: list[Q] = [condition.test(alias) for condition in self.value]
        return reduce(or_, tests)


class NoneOf(Condition):
    """``field`` meets none of several conditions, which are its ``value``; rows without a value meet none of those that
    ask for one."""

    def test(self, alias: str) -> Q:
        others: Q = ~reduce(or_, [condition.test(alias) for condition in self.value])
        if any(condition.asks_for_none for condition in self.value):
            return others & Q(**{f"{alias}__isnull": False})
        return others | Q(**{f"{alias}__isnull": True})


@dataclass(frozen=True, slots=True)
class OfParent(Condition):
    """The row that ``field`` points at is of the tenant ``value``."""

    parent: type[Model]

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        parents = self.parent._default_manager.filter(pk=OuterRef(f"{self.field}_id"))
        own: QuerySet[Any] = rows.filter(Exists(parents.alias(plain=Unindexed(F("tenant"))).filter(plain=self.value)))
        return own


@dataclass(frozen=True, slots=True)
class Span:
    """The order's own column from ``low`` on and below ``high``, as texts that its places begin with."""

    field: str
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, which way round."""

    place: Place
    descending: bool

    @property
    def name(self) -> str:
        return f"-{self.place.column}" if self.descending else self.place.column


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of a list are read: what the index gives, what is asked of each row, in which order."""

    order: Order
    walk: Walk
    given: tuple[Condition, ...]
    asked: tuple[Condition, ...]
    span: Span | None
    is_few: bool  # named by their keys: however they are found, there are few

    def rows(self, everything: QuerySet[Any]) -> QuerySet[Any]:
        """What the index gives."""
        rows: QuerySet[Any] = everything.alias(place=self.order.place)
        for condition in self.given:
            rows = condition.within(rows)
        return between(rows, self.span.low, self.span.high) if self.span else rows

    def matching(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of ``rows`` that meet the other conditions too."""
        for condition in self.asked:
            rows = condition.among(rows)
        return rows

    @property
    def is_bounded(self) -> bool:
        """Whether reading has to end somewhere, since no index knows how far the next match is."""
        return bool(self.asked) and not self.is_few


def between(rows: QuerySet[Any], low: str | None, high: str | None) -> QuerySet[Any]:
    """Those of ``rows`` whose place is ``low`` or more, and below ``high``."""
    if low is not None:
        rows = rows.filter(place__gte=low)
    return rows if high is None else rows.filter(place__lt=high)


def orders_of(model: type[Model]) -> dict[str, Place]:
    """The columns that a list can be ordered by, the usual one first."""
    places: dict[str, Place] = {}
    for walk in walks(model):
        places.setdefault(walk.place.column, walk.place)
    return places


def reading(model: type[Model], order: Order, conditions: Sequence[Condition], spans: Iterable[Span]) -> Reading:
    """How to read the rows of ``model`` that meet everything, by the index that leaves the least to ask."""
    keys = {model._meta.pk.name, model._meta.pk.attname}
    is_few = any(condition.field in keys and condition.lookup in {"in", "exact"} for condition in conditions)
    fixed = {condition.field: condition for condition in conditions if condition.fixes}
    fitting = [
        walk
        for walk in walks(model)
        if walk.place.column == order.place.column
        and set(walk.within) <= set(fixed)
        and all(_holds(lookup, value, fixed) for lookup, value in walk.where)
    ]
    # Of several the one that was declared last: those that leave fewer rows stand behind.
    walk = max(reversed(fitting), key=lambda walk: (len(walk.fixed), len(walk.where)))
    own = [span for span in spans if span.field == order.place.column]
    others = [span for span in spans if span.field != order.place.column]
    if (empty := fixed.get(order.place.column)) and empty.lookup == "isnull":
        own = [Span(order.place.column, None, VALUED)]  # an end of the order, where no value is
    given = tuple(c for c in conditions if (c.fixes and c.field in walk.fixed) or (is_few and c.field in keys))
    asked = (*(c for c in conditions if c not in given), *_as_conditions(others))
    return Reading(order, walk, given, asked, own[0] if own else None, is_few)


def _holds(lookup: str, value: Any, fixed: dict[str, Condition]) -> bool:
    """Whether a condition in force is the one that a partial index has: ``success`` or ``resolved_at__isnull``."""
    field, _, name = lookup.partition("__")
    condition = fixed.get(field)
    return condition is not None and condition.lookup == (name or "exact") and condition.value == value


def _as_conditions(spans: Iterable[Span]) -> Iterable[Condition]:
    # As texts, so that both forms in which workers write a time fall on the right side of a day: the separator, a
    # space or a T, comes after it.
    for span in spans:
        if span.low is not None:
            yield Condition(span.field, "gte", Unreadable(span.low))
        if span.high is not None:
            yield Condition(span.field, "lt", Unreadable(span.high))
