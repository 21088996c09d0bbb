"""What both backends share: every statement is shaped to D1's limits and confined to the scope in force."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from ndsadmin.db.fence import Fence
from ndsadmin.db.shaping import shape
from security.exceptions import Refused, RowViolation
from security.rls.changes import Kind
from security.rls.engine import Confined, Engine
from security.rls.registry import Registry
from security.rls.twin import Made
from security.rls.writes import VIOLATION
from security.witness import Witness

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper as Base
else:
    Base = object  # it stands in front of a backend of Django's

SCHEMA = """
SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@'
ORDER BY type <> 'table', rowid
"""
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")


class Confining(Base):
    """A database wrapper whose cursors ask row-level security. ``fence`` guards what goes around them."""

    settings_dict: dict[str, Any]
    connection: Any
    commits_schema = False  # whether a change of the schema commits what was changed before it
    _engines: ClassVar[dict[str, Engine]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fence = Fence()
        self.witness = Witness()

    @property
    def engine(self) -> Engine:
        """Row-level security for this database; one for all its connections."""
        name = self.engine_key
        if name not in self._engines:
            self._engines.setdefault(name, Engine(Registry(), self.register))
        return self._engines[name]

    @staticmethod
    def register(connection: Any) -> None:
        """Add the SQL functions of the live database to a connection of SQLite's driver."""

    @property
    def engine_key(self) -> str:
        return str(self.settings_dict["NAME"])

    def live_schema(self) -> list[Made]:
        """What is in the database now, tables first."""
        self.ensure_connection()
        with self.fence.raw():
            return [Made(*row) for row in self.schema_rows()]

    def schema_rows(self) -> list[Any]:
        return list(self.connection.execute(SCHEMA).fetchall())

    @contextmanager
    def raw(self) -> Iterator[Any]:
        """A cursor past the engine, for the backend's own work on the schema."""
        with self.fence.raw(), self.cursor() as cursor:
            yield cursor

    def confined(self, query: str, params: Any) -> Confined:
        """``query``, with Django's placeholders where there are ``params``, as it may be sent.

        Raises:
            NoScope, Refused: see `Engine.confine`.
            Unrecorded: see `Witness.admit`.
        """
        found = self.engine.confine(*shaped(query, params), self.live_schema)
        self.witness.admit(found.change, is_in_transaction=self.is_in_transaction)
        if self.commits_schema and found.change is not None and found.change.kind is Kind.SCHEMA:
            self.witness.check()
        return found

    # ---- What the witness is told of transactions (`security.witness`) ----------------------------------------
    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open that can be committed: a test case's never is."""
        if self.in_atomic_block:
            return not all(block._from_testcase for block in self.atomic_blocks)  # type: ignore[attr-defined]
        return not self.get_autocommit()

    def commit(self) -> None:
        self.witness.check()
        super().commit()
        self.witness.forget()

    def rollback(self) -> None:
        super().rollback()
        self.witness.forget()

    def set_autocommit(self, autocommit: bool, *args: Any, **options: Any) -> None:
        if autocommit:
            self.witness.check()  # to switch it on commits
        super().set_autocommit(autocommit, *args, **options)
        if autocommit:
            self.witness.forget()

    def savepoint(self) -> str | None:
        if not self.is_in_transaction:
            self.witness.forget()
        name = super().savepoint()
        if name:
            self.witness.save(name)
        return name

    def savepoint_commit(self, sid: str) -> None:
        if not self.is_in_transaction:  # the outermost of a test case: outside of it, this would be a commit
            self.witness.check()
        super().savepoint_commit(sid)

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self.witness.roll_back_to(sid)

    def close(self) -> None:
        super().close()
        self.witness.forget()


def shaped(query: str, params: Any) -> tuple[str, Any]:
    """``query`` with SQLite's placeholders, within D1's limits."""
    if params is None:
        return query, params
    if isinstance(params, Mapping):
        names = [found[1] for found in _PLACE.finditer(query) if found[1]]
        if missing := [name for name in names if name not in params]:
            raise Refused(f"The parameter {missing[0]} is missing.")
        params = [params[name] for name in names]
    return shape(marked(query), tuple(params))


@lru_cache(4096)
def marked(query: str) -> str:
    """``query`` with SQLite's placeholders in place of Django's."""
    return _PLACE.sub(lambda found: "%" if found[0] == "%%" else "?", query)


def violation(error: Exception) -> RowViolation | None:
    """What the driver reports where a check of ours raised, as the error that it is."""
    return RowViolation("The row would be, or points at, another tenant's.") if VIOLATION in str(error) else None
