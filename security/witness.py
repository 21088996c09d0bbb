"""No change without an entry in the audit log.

Each connection has a witness. Its cursors show it every statement; what it says of the statement's target is what
row-level security knows of it (`security.rls.changes`), so how the change was written does not matter: a service,
``save()``, ``bulk_create``, ``update()``, a cascade, a signal, raw SQL, a migration.

Rules:

- A table is recorded unless `UNRECORDED` names it. A table that nobody knows is recorded.
- Rows of a recorded table are changed inside of a transaction. When the outermost one ends, it must hold an entry that
  tells of a change (`security.audit.record`), or all of it is undone with `Unrecorded`.
- What was undone with its savepoint does not count: neither a change nor an entry.
- Who looks as somebody changes nothing but what `LOOKING` names.
- The schema is changed by maintenance alone, and transactions are begun and ended by ``atomic()`` alone.

It proves one entry a transaction. That there is one for each object is what services are for, and their tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db import DatabaseError

from security.rls.changes import Change, Kind
from security.scope import Scope, scope_or_none

UNRECORDED: Mapping[str, str] = MappingProxyType({
    "audit_logs": "the log itself; what it may do is up to its triggers",
    "audit_seals": "computed from the log",
    "audit_checkpoints": "computed from the log",
    "nds_audit_days": "counted from the log",
    "nds_audit_words": "the log's words",
    "nds_sessions": "touched by every request; signing in, out and into a tenant are recorded",
    "skill_metrics_daily": "computed; each run of `roll_up` leaves one entry",
    "tenant_metrics_daily": "computed; each run of `roll_up` leaves one entry",
    "guard_metrics_daily": "computed; each run of `roll_up` leaves one entry",
    "axes_accessattempt": "each attempt to sign in leaves an entry of its own",
    "axes_accessattemptexpiration": "each attempt to sign in leaves an entry of its own",
    "django_migrations": "which migrations were applied",
    "django_content_type": "the models that there are",
    "auth_permission": "the models that there are",
})  # fmt: skip
"""Tables whose rows change without an entry, each with the reason."""

LOOKING = frozenset({"audit_logs", "nds_sessions"})
"""What goes on while an operator looks as somebody: what he sees is recorded, and his session lives."""

REMADE = "new__"


class Unrecorded(DatabaseError):
    """A change of which no entry in the audit log tells; nothing of its transaction was kept."""


@dataclass(slots=True)
class _Seen:
    """Up to a moment of a transaction: the recorded tables that were changed, and how many entries tell of changes."""

    tables: frozenset[str] = frozenset()
    entries: int = 0


@dataclass(slots=True)
class Witness:
    """What the open transaction of one connection has done so far."""

    _seen: _Seen = field(default_factory=_Seen)
    _marks: dict[str, _Seen] = field(default_factory=dict)

    def admit(self, change: Change | None, *, is_in_transaction: bool) -> None:
        """Ask before a statement is sent.

        Raises:
            Unrecorded: what it changes could not be told of any more, or is not for statements.
        """
        scope = scope_or_none()
        if change is None or not _is_watched(scope):
            return
        if change.kind is Kind.UNKNOWN:
            raise Unrecorded("The statement is not understood, or of a form whose changes nobody could tell of.")
        if change.kind is Kind.TRANSACTION:
            raise Unrecorded("Transactions are begun and ended by atomic() alone.")
        if change.kind is Kind.SCHEMA and not (scope is not None and scope.maintains):
            raise Unrecorded("The schema is changed by maintenance alone: migrations, adoption, demo.")
        if scope is not None and scope.looks_as and change.table not in LOOKING:
            raise Unrecorded("Looking as somebody changes nothing.")
        if change.kind is Kind.ROWS and _is_recorded(change.table, scope) and not is_in_transaction:
            raise Unrecorded(
                f"{change.table} was to be changed outside of a transaction, where no entry of the audit log "
                "can go along: call a service."
            )

    def note(self, change: Change | None) -> None:
        """Rows of a table were changed."""
        scope = scope_or_none()
        if change is None or change.kind is not Kind.ROWS or change.table in self._seen.tables:
            return
        if _is_watched(scope) and _is_recorded(change.table, scope):
            self._seen = _Seen(self._seen.tables | {change.table}, self._seen.entries)

    def told(self) -> None:
        """An entry was written that tells of a change."""
        self._seen = _Seen(self._seen.tables, self._seen.entries + 1)

    def save(self, name: str) -> None:
        self._marks[name] = self._seen

    def roll_back_to(self, name: str) -> None:
        self._seen = self._marks.get(name, self._seen)

    def check(self) -> None:
        """Ask before a transaction is committed.

        Raises:
            Unrecorded: it changed what is recorded, and holds no entry.
        """
        if self._seen.tables and not self._seen.entries:
            tables = ", ".join(sorted(self._seen.tables))
            raise Unrecorded(f"No entry of the audit log tells what was changed in {tables}: nothing was stored.")

    def forget(self) -> None:
        """The transaction is over."""
        self._seen, self._marks = _Seen(), {}


def _is_watched(scope: Scope | None) -> bool:
    return scope is None or not scope.arranges


def _is_recorded(table: str, scope: Scope | None) -> bool:
    """Django remakes a table under another name first: copying it changes nothing."""
    is_remade = scope is not None and scope.maintains and table.startswith(REMADE)
    return table not in UNRECORDED and not is_remade
