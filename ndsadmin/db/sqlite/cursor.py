"""The one way to the database: every statement is shaped and confined before it is sent."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3 import base

from ndsadmin.db.confining import marked, violation
from ndsadmin.db.shaping import PARAMETERS
from security.rls.changes import Change
from security.scope import Reach, scope_or_none

if TYPE_CHECKING:
    from ndsadmin.db.sqlite.base import DatabaseWrapper

Cursor = sqlite3.Cursor


class ConfinedCursor(base.SQLiteCursorWrapper):
    """A cursor that sends what the scope in force leaves of a statement.

    Raises, beside the driver's errors:
        NoScope: a statement needs a scope.
        Refused: it cannot be confined.
        RowViolation: a row to be written would be another tenant's.
        Unrecorded: no entry in the audit log could tell of the change.
    """

    database: "DatabaseWrapper"
    _changed: int | None = None
    _asks = False

    def execute(self, query: str, params: Any = None) -> Any:
        confined = self.database.confined(query, params)
        self._changed = None
        with self._noted(confined.change), self.database.fence.confined():
            try:
                result = Cursor.execute(
                    self, confined.sql, *(() if params is None and not confined.parameters else (confined.parameters,))
                )
            except sqlite3.OperationalError as error:
                raise violation(error) or error from None
            if confined.counts and not self.description:  # with RETURNING it is known when the rows were read
                self._changed = self._count()
            self._asks = confined.counts
        if self.rowcount or self.description:  # what RETURNING gives is counted when it was read
            self.database.witness.note(confined.change)
        return result

    @contextmanager
    def _noted(self, change: Change | None) -> Iterator[None]:
        """What fails may have changed rows before it did, and may have ended the transaction."""
        try:
            yield
        except BaseException:
            self.database.witness.note(change)
            self.database.notice_failure()
            raise

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Over all tenants the driver takes the rows as they come; else each is confined by itself."""
        rows = iter(param_list)
        first = next(rows, None)
        if first is None:
            return self
        scope = scope_or_none()
        is_plain = not isinstance(first, Mapping) and len(first) <= PARAMETERS and " LIKE " not in query.upper()
        if scope is None or scope.reach is not Reach.PLATFORM or not is_plain:
            return self._each(query, chain([first], rows))
        self._changed, self._asks = None, False
        change = self.database.confined(query, first).change
        with self._noted(change), self.database.fence.confined():
            result = Cursor.executemany(self, marked(query), chain([first], rows))
        self.database.witness.note(change)
        return result

    def _each(self, query: str, rows: Iterable[Any]) -> Any:
        changed = 0
        for row in rows:
            self.execute(query, row)
            changed += max(self.rowcount, 0)
        self._changed = changed
        return self

    @property
    def rowcount(self) -> int:
        """Rows changed; the driver does not count them behind WITH."""
        if self._changed is None and self._asks:
            return self._count()
        told: int = Cursor.rowcount.__get__(self)
        return told if self._changed is None else self._changed

    def _count(self) -> int:
        return int(self.connection.execute("SELECT changes()").fetchone()[0])
