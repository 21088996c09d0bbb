"""Confining statements: what a cursor asks before it sends one.

    sql, parameters, *_ = engine.confine("SELECT * FROM users WHERE email = ?", ["a@b.example"], read)

In the scope of a tenant the statement reaches what the tenant's policies leave; in a framework scope what that scope
opens; without scope, no table; in a platform scope everything, unchanged.
"""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock, local
from typing import Any, NamedTuple

from security.exceptions import NoScope, Refused
from security.openings import OPENINGS
from security.rls.changes import Change, change_of
from security.rls.places import RESERVED, live
from security.rls.registry import Registry
from security.rls.rules import Rule
from security.rls.statements import READS, TRANSACTION, WRITES, Statement
from security.rls.twin import Made, Register, Twin
from security.rls.writes import Write
from security.scope import Reach, scope_or_none

STATEMENTS = READS | WRITES | {"WITH"}
PLANS = 4096  # texts whose plans are kept


class Confined(NamedTuple):
    """What to send; ``counts`` when the number of changed rows must be asked for, since SQLite's driver loses it;
    ``change`` is what the statement changes."""

    sql: str
    parameters: Any
    counts: bool = False
    change: Change | None = None


class Plan(NamedTuple):
    sql: str
    takes_tenant: bool = False
    counts: bool = False


class State(NamedTuple):
    """What follows from one schema: the twin on which protected tables are hidden, and a plain one."""

    schema: list[Made]
    rules: dict[str, Rule]
    plain: Twin
    blind: Twin
    open: frozenset[str]  # what anybody may read
    shared: frozenset[str]  # what a tenant may read and write besides


class Engine:
    """Confines statements to the scope in force. One for each database; safe to use from many threads."""

    def __init__(self, registry: Registry, register: Register | None = None) -> None:
        """``register`` adds the SQL functions that live connections have."""
        self._registry, self._register = registry, register
        self._thread, self._lock = local(), Lock()
        self._state: State | None = None
        self.plan = lru_cache(PLANS)(self._plan)

    def confine(self, sql: str, parameters: Any, read: Callable[[], list[Made]]) -> Confined:
        """``sql`` and ``parameters`` as they may be sent.

        ``read`` gives the live schema, tables first. It is asked once, and again when a statement names what is new.

        Raises:
            NoScope: the statement needs a scope, and none is open.
            Refused: the statement cannot be confined.
            SchemaUnsafe: see `Twin`.
        """
        scope, change = scope_or_none(), change_of(sql)
        if scope is not None and scope.reach is Reach.PLATFORM:
            return Confined(sql, parameters, change=change)
        self._thread.read = read
        kind = (Reach.NOTHING, "", False) if scope is None else (scope.reach, scope.opening, scope.barrier)
        plan = self.plan(sql, *kind)
        if plan.takes_tenant and scope is not None:
            parameters = [scope.tenant_id, *(parameters or ())]
        return Confined(plan.sql, parameters, plan.counts, change)

    def forget(self) -> None:
        """The schema has changed, or may have."""
        with self._lock:
            self._state = None
            self.plan.cache_clear()

    def _plan(self, sql: str, reach: Reach, opening: str, barrier: bool) -> Plan:
        statement = Statement(sql)
        if not statement.end or (statement.verb in TRANSACTION and not statement.first):
            if barrier and statement.end:
                raise Refused("Behind a barrier no transaction is begun or ended.")
            return Plan(sql)
        state = self._built()
        try:
            return _planned(statement, state, reach, opening, barrier)
        except Refused:
            if self._thread.read() == state.schema:
                raise
        self.forget()
        return _planned(Statement(sql), self._built(), reach, opening, barrier)

    def _built(self) -> State:
        with self._lock:
            if self._state is None:
                schema, registry, rules = self._thread.read(), self._registry, self._registry.rules()
                plain, blind = (Twin(schema, hidden, registry.triggers, self._register) for hidden in ((), rules))
                self._state = State(schema, rules, plain, blind, *registry.shared())
            return self._state


def _planned(statement: Statement, state: State, reach: Reach, opening: str, barrier: bool) -> Plan:
    """The statement with what the scope asks for in it, proved on a twin.

    Raises:
        Refused: it does not compile there, or is none of those that are confined.
    """
    try:
        if statement.verb not in STATEMENTS or (statement.has_replace and reach is not Reach.TENANT):
            raise Refused(f"{statement.verb or 'This'} is no statement for it.")
        statement.number_parameters()
        if reach is Reach.TENANT:
            return _of_tenant(statement, state, barrier)
        return _unchanged(statement, state.plain, OPENINGS[opening] if opening else state.open)
    except Refused as refusal:
        if reach is Reach.NOTHING:
            raise NoScope(f"No scope is open ({refusal}).") from None
        raise Refused(f"Not opened by the scope {opening!r}: {refusal}" if opening else str(refusal)) from None


def _of_tenant(statement: Statement, state: State, barrier: bool) -> Plan:
    if reserved := sorted(name for name in statement.mentioned if name.startswith(RESERVED)):
        raise Refused(f"The name {reserved[0]} is not for statements.")
    mentioned = sorted(state.rules.keys() & statement.mentioned)
    if not mentioned:
        return _unchanged(statement, state.blind, state.shared)
    if statement.verb == "WITH":
        statement.look_behind_with(state.rules)
    if statement.verb in READS:
        return _proved(statement, state, mentioned, barrier)
    if statement.verb not in WRITES:
        raise Refused("WITH leads to no statement that is known.")
    rule = state.rules.get(table := statement.tokens[statement.target[0]].name or "")
    write = Write(statement, rule, state.blind.columns.get(table, []), barrier) if rule else None
    try:
        if write is None:
            return _unchanged(statement, state.blind, state.shared)
        # One that reads no protected table but its target needs nothing in front of it, and tells its count.
        return _proved(statement, state, [], barrier, write)
    except Refused:
        return _proved(statement, state, mentioned, barrier, write)


def _unchanged(statement: Statement, twin: Twin, allowed: frozenset[str]) -> Plan:
    """A statement that reaches no protected table."""
    twin.compile(statement.text.removeprefix(statement.head), statement.parameters, allowed)
    return Plan(statement.text)


def _proved(statement: Statement, state: State, views: list[str], barrier: bool, write: Write | None = None) -> Plan:
    """The statement behind ``views``: tables as the tenant reads them."""
    lead = ", ".join(state.rules[table].view(statement.has_outer_join, barrier) for table in views)
    sql = statement.body(statement.start if lead else statement.first, statement.end)
    if lead:
        sql = f"WITH {'RECURSIVE ' * statement.is_recursive}{lead}{',' * statement.has_with} {sql}"
    updated = state.blind.compile(sql, statement.parameters + 1, state.shared)
    guarded = (write.rule.guarded | {"rowid"}) - write.checked if write else updated
    if overlooked := updated & guarded:
        raise Refused(f"The column {min(overlooked)} is set in a way that is not understood.")
    return Plan(statement.head + live(sql), True, bool(lead) and statement.verb in WRITES and not statement.has_with)
