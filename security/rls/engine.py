"""Confining statements: what a cursor asks before it sends one.

    sql, parameters, counts = engine.confine("SELECT * FROM users WHERE email = ?", ["a@b.example"])

In the scope of a tenant the statement reaches what the tenant's policies leave; in a framework scope what that scope
opens; without scope, no table; in a platform scope everything, unchanged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock, local
from typing import Any, NamedTuple

from security.exceptions import NoScope, Refused
from security.openings import OPENINGS
from security.rls.changes import Change, change_of
from security.rls.policies import RESERVED, Physical, Rule, Sql
from security.rls.registry import Registry
from security.rls.statements import READS, WRITES, Statement
from security.rls.tokens import quoted
from security.rls.twin import Made, Register, Twin
from security.rls.writes import Write
from security.scope import Reach, Scope, scope_or_none

STATEMENTS = READS | WRITES | {"WITH"}
PLANS = 4096  # texts whose plans are kept

ReadSchema = Callable[[], list[Made]]


class Confined(NamedTuple):
    """What to send; ``counts`` when the number of changed rows must be asked for, since SQLite's driver loses it;
    ``change`` is what the statement changes."""

    sql: str
    parameters: Any
    counts: bool = False
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    sql: str
    names: tuple[str, ...] = ()  # of the parameters, where they have names
    takes_tenant: bool = False
    counts: bool = False


class Engine:
    """Confines statements to the scope in force. One for each database; safe to use from many threads."""

    def __init__(self, registry: Registry, register: Register | None = None) -> None:
        """``register`` adds the SQL functions that live connections have."""
        self._registry, self._register = registry, register
        self._thread = local()
        self._lock = Lock()
        self._state: State | None = None
        self.plan = lru_cache(PLANS)(self._plan)

    def confine(self, sql: str, parameters: Any, read: ReadSchema) -> Confined:
        """``sql`` and ``parameters`` as they may be sent.

        ``read`` gives the live schema, tables first. It is asked once, and again when a statement names what is new.

        Raises:
            NoScope: the statement needs a scope, and none is open.
            Refused: the statement cannot be confined.
        """
        scope = scope_or_none()
        if scope is not None and scope.reach is Reach.PLATFORM:
            return Confined(sql, parameters, change=change_of(sql))
        self._thread.read = read
        plan = self.plan(sql, *_kind(scope))
        if not plan.takes_tenant:
            return Confined(plan.sql, parameters, change=change_of(sql))
        assert scope is not None
        if missing := [name for name in plan.names if name not in (parameters or {})]:
            raise Refused(f"The parameter {missing[0]} is missing.")
        given = [parameters[name] for name in plan.names] if plan.names else (parameters or ())
        return Confined(plan.sql, [scope.tenant_id, *given], plan.counts, change_of(sql))

    def forget(self) -> None:
        """The schema has changed, or may have."""
        with self._lock:
            self._state = None
            self.plan.cache_clear()

    def _plan(self, sql: str, reach: Reach, opening: str, barrier: bool) -> Plan:
        statement = Statement(sql)
        if statement.is_transaction:
            if barrier and statement.tokens:
                raise Refused("Behind a barrier no transaction is begun or ended.")
            return Plan(sql)
        state = self._built()
        try:
            return _planned(state, statement, reach, opening, barrier)
        except Refused:
            if self._thread.read() == state.schema:
                raise
        self.forget()
        return _planned(self._built(), Statement(sql), reach, opening, barrier)

    def _built(self) -> "State":
        """The twins, made where they are not there or the schema was forgotten.

        Raises:
            SchemaUnsafe: see `Twin`.
        """
        with self._lock:
            if self._state is None:
                self._state = State.of(self._thread.read(), self._registry, self._register)
            return self._state


@dataclass(frozen=True, slots=True)
class State:
    """What follows from one schema: the twin on which protected tables are hidden, and a plain one."""

    schema: list[Made]
    rules: dict[str, Rule]
    blind: Twin
    plain: Twin
    open: frozenset[str]  # what anybody may read
    shared: frozenset[str]  # what a tenant may read and write besides

    @classmethod
    def of(cls, schema: list[Made], registry: Registry, register: Register | None) -> "State":
        rules, shared = registry.rules(), registry.shared()
        read = frozenset(f"read {table}" for table in shared)
        writable = [name for name, declared in shared.items() if declared.writable]
        return cls(
            schema,
            rules,
            Twin(schema, frozenset(rules), registry.triggers, register),
            Twin(schema, frozenset(), registry.triggers, register),
            read,
            read | {f"{verb} {name}" for name in writable for verb in ("insert", "update", "delete")},
        )


def _planned(state: State, statement: Statement, reach: Reach, opening: str, barrier: bool) -> Plan:
    if reach is Reach.TENANT:
        return Confinement(statement, state.rules, state.blind, state.shared, barrier).plan()
    try:
        if statement.verb not in STATEMENTS or statement.has_replace:
            raise Refused(f"{statement.verb or 'This'} is no statement for it")
        statement.number_parameters()
        state.plain.compile(_bare(statement), _parameters(statement), OPENINGS[opening] if opening else state.open)
    except Refused as refusal:
        if reach is Reach.NOTHING:
            raise NoScope(f"No scope is open ({refusal}).") from None
        raise Refused(f"Not opened by the scope {opening!r}: {refusal}") from None
    return Plan(statement.text)


class Confinement:
    """One statement in the scope of a tenant."""

    def __init__(
        self, statement: Statement, rules: Mapping[str, Rule], twin: Twin, shared: frozenset[str], barrier: bool
    ) -> None:
        self.statement, self.rules, self.twin, self.shared, self.barrier = statement, rules, twin, shared, barrier
        self.guarded: frozenset[str] = frozenset()  # columns of the target whose new values are checked
        self.checked: set[str] = set()  # those of them that were found and are

    def plan(self) -> Plan:
        """The statement with the tenant's policies in it, proved on the twin.

        Raises:
            Refused: it does not compile there, or is none of the four that are confined.
        """
        statement = self.statement
        if reserved := sorted(name for name in statement.mentioned if name.startswith(RESERVED)):
            raise Refused(f"The name {reserved[0]} is not for statements.")
        if statement.verb not in STATEMENTS:
            raise Refused(f"{statement.verb or 'This'} is no statement for the scope of a tenant.")
        mentioned = sorted(self.rules.keys() & statement.mentioned)
        statement.number_parameters()
        if not mentioned:
            return self._unchanged()
        if statement.verb == "WITH":
            statement.look_behind_with(self.rules)
        if statement.verb in WRITES:
            return self._write(mentioned)
        if statement.verb not in READS:
            raise Refused("WITH leads to no statement that is known.")
        return self._with(mentioned)

    def _write(self, mentioned: Sequence[str]) -> Plan:
        """A write that reads no protected table but its target needs nothing in front of it, and tells its count."""
        write = Write(self.statement, self.twin.columns, self.barrier)
        if write.confine(self.rules):
            self.guarded, self.checked = write.rule.guarded, write.checked
        try:
            return self._planned(self._proved([])) if self.guarded else self._unchanged()
        except Refused:
            return self._with(mentioned)

    def _unchanged(self) -> Plan:
        """A statement that reaches no protected table."""
        statement = self.statement
        self.twin.compile(_bare(statement), _parameters(statement), self.shared)
        return Plan(statement.text)

    def _with(self, mentioned: Sequence[str]) -> Plan:
        """The statement behind the tables as the tenant reads them."""
        statement, lead = self.statement, self._lead(mentioned)
        return self._planned(self._proved(lead), counts=statement.verb in WRITES and not statement.has_with)

    def _lead(self, mentioned: Sequence[str]) -> Sql:
        lead: Sql = ["WITH RECURSIVE " if self.statement.is_recursive else "WITH "]
        for table in mentioned:
            lead += [*self.rules[table].view(self.statement.has_outer_join, self.barrier), ", "]
        lead[-1] = ", " if self.statement.has_with else " "
        return lead

    def _body(self, lead: Sql) -> Sql:
        start = self.statement.start if lead else self.statement.tokens[self.statement.first].start
        return [*lead, *self.statement.body(start, self.statement.end)]

    def _proved(self, lead: Sql) -> Sql:
        body = self._body(lead)
        updated = self.twin.compile(self.twin.blind(body), self.statement.parameters + 1, self.shared)
        if "rowid" in updated:
            raise Refused("A key is set by its own name.")
        if overlooked := (updated & self.guarded) - self.checked:
            raise Refused(f"The column {min(overlooked)} is set in a way that is not understood.")
        return body

    def _planned(self, body: Sql, *, counts: bool = False) -> Plan:
        sql = self.statement.head + "".join(p if isinstance(p, str) else _physical(p) for p in body)
        return Plan(sql, tuple(self.statement.names), takes_tenant=True, counts=counts)


def _kind(scope: Scope | None) -> tuple[Reach, str, bool]:
    return (Reach.NOTHING, "", False) if scope is None else (scope.reach, scope.opening, scope.barrier)


def _bare(statement: Statement) -> str:
    return statement.text[statement.tokens[statement.first].start :]


def _parameters(statement: Statement) -> "int | dict[str, None]":
    return dict.fromkeys(statement.names) if statement.names else statement.parameters


def _physical(place: Physical) -> str:
    return quoted(place.table) if place.form == "bare" else f"main.{quoted(place.table)}"
