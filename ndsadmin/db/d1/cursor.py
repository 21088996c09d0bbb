"""The one way to D1: every statement is shaped and confined before it is sent."""

import sqlite3
from typing import TYPE_CHECKING, Any

from ndsadmin.db.confining import marked, violation
from ndsadmin.db.d1 import driver

if TYPE_CHECKING:
    from ndsadmin.db.d1.base import DatabaseWrapper


class ConfinedCursor(driver.Cursor):
    """A cursor that sends what the scope in force leaves of a statement.

    Raises, beside the driver's errors:
        NoScope: a statement needs a scope.
        Refused: it cannot be confined.
        RowViolation: a row to be written would be another tenant's.
        Unrecorded: no entry in the audit log could tell of the change.
    """

    database: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> "ConfinedCursor":
        if self.database.fence.is_raw:
            super().execute(query if params is None else marked(query), params)
            return self
        confined = self.database.confined(query, params)
        try:
            self._send(*confined[:2])
        except BaseException:
            self.database.witness.note(confined.change)
            raise
        if self._result.may_have_changed:
            self.database.witness.note(confined.change)
        return self

    @property
    def rowcount(self) -> int:
        with self.database.wrap_database_errors, self.database.fence.confined():
            return super().rowcount

    @property
    def lastrowid(self) -> int | None:
        with self.database.wrap_database_errors, self.database.fence.confined():
            return super().lastrowid

    def _send(self, sql: str, parameters: Any) -> None:
        with self.database.fence.confined():
            try:
                super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                raise violation(error) or error from None

    def __enter__(self) -> "ConfinedCursor":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
