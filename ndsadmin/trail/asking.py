"""What a query of the trail asks, made into how the entries are read.

The trail is the list of `AuditLog`, so pages, exports and plans are those of every list (`ndsadmin.tables`). What its
reader may see is asked first: owners and admins have their tenant's trail, members their own entries.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from ndsadmin.tables.asking import Asked
from ndsadmin.tables.conditions import AnyOf, Condition, NoneOf, Order, Span, orders_of, reading
from ndsadmin.tables.filters import Narrowing
from ndsadmin.tables.search import keys_of, searched
from ndsadmin.trail.language import TRUTHS, Query, QueryError, moment_of
from ndsadmin.trail.words import Found, Mentions, match_of
from security.columns.places import LAST, VALUED, Unindexed
from security.modeladmin import TableAdmin
from security.models import AuditLog
from security.roles import PLATFORM_TENANT, reads_own_entries, reads_trail
from security.scope import Reach, current_scope
from tenants.models import Tenant, User

MOST_NAMED = 500  # people or tenants that one value stands for
KIND = re.compile(r"[a-z][a-z_]*")


class Text(Enum):
    """What becomes of free text."""

    ASKED = auto()  # of each entry
    FOUND = auto()  # among those that the full-text table finds
    LEFT = auto()  # to who reads the full-text table itself


def may_read() -> bool:
    """Whether who acts reads the trail at all: all of it that is his, or his own entries."""
    return reads_trail(current_scope().role)


def asked_trail(query: Query, text: Text = Text.ASKED) -> Asked:
    """The entries that ``query`` asks for, as far as who acts may read them. Two queries a person or tenant it names.

    Raises:
        PermissionDenied: he reads none.
        QueryError: a name stands for too many.
    """
    if not may_read():
        raise PermissionDenied
    conditions = [*own_conditions(), *_conditions(query)]
    if text is Text.ASKED:
        conditions += [Mentions("action", "mentions", word) for word in query.words]
    elif text is Text.FOUND and query.words:
        conditions.append(Found("log_id", "found", match_of(query.words)))
    order = Order(next(iter(orders_of(AuditLog).values())), descending=True)
    table = _table()
    span = _span(query)
    return Asked(
        table=table,
        seen=table.shown_fields(),
        masked=table.masked(),
        orders=[],
        searched=[],
        words=" ".join(query.words),
        narrowing=Narrowing(conditions=conditions, spans=[span] if span else []),
        reading=reading(AuditLog, order, conditions, [span] if span else []),
    )


def _table() -> TableAdmin:
    tables: dict[Any, Any] = admin.site.tables()  # type: ignore[attr-defined]  # our site
    table = tables[AuditLog]
    assert isinstance(table, TableAdmin)
    return table


def own_conditions() -> Iterator[Condition]:
    """What the scope leaves of the trail, as conditions that an index holds."""
    scope = current_scope()
    if scope.reach is Reach.TENANT:
        yield Condition("tenant", "exact", scope.tenant_id)
    if reads_own_entries(scope.role):
        yield Condition("user", "exact", scope.looks_as or scope.actor_id)


def _conditions(query: Query) -> Iterator[Condition]:
    makers: dict[str, Callable[[str], Condition]] = {
        "actor": _actor,
        "action": lambda value: _beginning("action", value),
        "tenant": _tenant,
        "ip": lambda value: _beginning("ip_address", value),
        "request": lambda value: Condition("request_id", "exact", value),
        "ok": _outcome,
    }
    for field, make in makers.items():
        yield from _together([make(value) for value in query.values(field)])
        if others := [make(value) for value in query.values(field, excluded=True)]:
            yield NoneOf(others[0].field, "none", others)
    yield from _resources(query)


def _together(conditions: list[Condition]) -> Iterator[Condition]:
    """One of ``conditions``, which are of one field; as few as can be."""
    if len(conditions) == 1:
        yield conditions[0]
    elif conditions:
        yield AnyOf(conditions[0].field, "any", conditions)


def _actor(value: str) -> Condition:
    if value in {"nobody", "none"}:
        return Condition("user", "isnull", True)
    if value == "me":
        return Condition("user", "exact", current_scope().actor_id)
    return _named("user", User, value)


def _tenant(value: str) -> Condition:
    if value == PLATFORM_TENANT:
        # Entries without a tenant are the platform's, and so are those of its own people.
        return AnyOf("tenant", "any", [Condition("tenant", "isnull", True), Condition("tenant", "exact", value)])
    return _named("tenant", Tenant, value)


def _outcome(value: str) -> Condition:
    """What is not known to have failed was done."""
    failed = Condition("success", "exact", False)
    return NoneOf("success", "none", [failed]) if TRUTHS[value.lower()] else failed


def _named(field: str, model: Any, value: str) -> Condition:
    """The row of ``model`` with the key or address ``value``, or else those whose name, address or key begins so; the
    key itself where there is none.

    Raises:
        QueryError: they are too many.
    """
    exact = Q(pk=value) | Q(email__iexact=value) if model is User else Q(pk=value)
    keys = list(model._default_manager.filter(exact).values_list("pk", flat=True)[:MOST_NAMED])
    if not keys:
        names = searched(model, list(model._meta.concrete_fields))
        keys = keys_of(model._default_manager.all(), names, value, MOST_NAMED + 1) or [value]
    if len(keys) > MOST_NAMED:
        raise QueryError(f"{value!r} stands for more than {MOST_NAMED:,}: say more of it.", 0, 0)
    return Condition(field, "exact", keys[0]) if len(keys) == 1 else Condition(field, "in", keys)


def _beginning(field: str, value: str) -> Condition:
    if value.endswith("*"):
        start = value.rstrip("*")
        return Condition(field, "range", (start, start + LAST))
    return Condition(field, "exact", value)


def _resources(query: Query) -> Iterator[Condition]:
    """``kind/id`` narrows two columns: several of them are read one after the other."""
    wanted, others = query.values("resource"), query.values("resource", excluded=True)
    if len(wanted) == 1:
        kind, key = _kind_and_key(wanted[0])
        yield from [Condition("resource_type", "exact", kind)] * bool(kind)
        yield from [Condition("resource_id", "exact", key)] * bool(key)
    elif wanted:
        yield Resources("resource_id", "any", [_kind_and_key(value) for value in wanted])
    if others:
        yield NoResources("resource_id", "none", [_kind_and_key(value) for value in others])


def _kind_and_key(value: str) -> tuple[str, str]:
    kind, slash, key = value.partition("/")
    return (kind, key) if slash or KIND.fullmatch(value) else ("", value)


class Resources(Condition):
    """One of several kinds or keys, or both: pairs, of which either may be empty."""

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked: QuerySet[Any] = rows.alias(
            plain_kind=Unindexed(F("resource_type")), plain_key=Coalesce(Unindexed(F("resource_id")), Value(""))
        )
        return asked.filter(self.test("plain"))

    def test(self, alias: str) -> Q:
        pairs = (
            Q(**{f"{alias}_kind": kind} if kind else {}, **{f"{alias}_key": key} if key else {})
            for kind, key in self.value
        )
        return reduce(or_, pairs)


class NoResources(Resources):
    def test(self, alias: str) -> Q:
        return ~super().test(alias)


def _span(query: Query) -> Span | None:
    low, high = moment_of(query.value("after")), moment_of(query.value("before"))
    if low is None and high is None:
        return None
    return Span("timestamp", low or VALUED, high)
