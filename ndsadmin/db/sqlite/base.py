"""Django's SQLite backend, as this project needs it.

- Every statement is confined to the scope in force (`cursor`), under D1's limits; what the backend itself asks about
  the schema is not. An authorizer on the connection is the second fence (`fence`).
- Foreign keys are checked at once, as the contract declares them and D1 does, not at commit.
- A transaction takes the write lock when it begins: with deferred ones, two threads that read and then write
  meet "database is locked" at once, whatever the time-out.
- WAL, so that readers and the one writer do not wait for each other.
- Text that is no UTF-8 is read with marks in place of what is none: one such row must not break every page.
- Values of contract columns arrive as they are stored (see `operations`): the driver parses nothing by itself.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register

from ndsadmin.db.confining import Confining
from ndsadmin.db.shaping import LIMITS
from ndsadmin.db.sqlite.creation import DatabaseCreation
from ndsadmin.db.sqlite.cursor import ConfinedCursor
from ndsadmin.db.sqlite.features import DatabaseFeatures
from ndsadmin.db.sqlite.introspection import DatabaseIntrospection
from ndsadmin.db.sqlite.operations import DatabaseOperations
from ndsadmin.db.sqlite.schema import DatabaseSchemaEditor

BUSY_TIMEOUT = 20  # seconds that a writer waits for another; an import of a million rows holds the lock that long
SYNCHRONOUS = ("FULL", "NORMAL", "OFF", "EXTRA")


def _own_work(name: str) -> Any:
    """Django's method ``name``, neither confined nor witnessed."""

    def method(self: "DatabaseWrapper", *args: Any, **options: Any) -> Any:
        with self.fence.raw():
            return getattr(base.DatabaseWrapper, name)(self, *args, **options)

    return method


class DatabaseWrapper(Confining, base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    creation_class = DatabaseCreation

    register = staticmethod(register)

    def create_cursor(self, name: str | None = None) -> Any:
        if self.fence.is_raw:
            return super().create_cursor(name)
        cursor = self.connection.cursor(factory=ConfinedCursor)
        cursor.database = self
        return cursor

    def get_connection_params(self) -> dict[str, Any]:
        if not self.is_in_memory_db():
            Path(self.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        options = self.settings_dict["OPTIONS"]
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", BUSY_TIMEOUT)
        params = {**super().get_connection_params(), "detect_types": 0}
        params["synchronous"] = params.get("synchronous", SYNCHRONOUS[0])
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        synchronous = conn_params.pop("synchronous")
        connection = super().get_new_connection(conn_params)
        connection.text_factory = _readable
        trust = "ON" if _needs_trust() else "OFF"
        # Recursive, so that what REPLACE deletes is shown to triggers on DELETE.
        for pragma in ("journal_mode = WAL", f"synchronous = {synchronous}", f"trusted_schema = {trust}",
                       "recursive_triggers = ON"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")
        for limit, value in LIMITS.items():
            connection.setlimit(getattr(sqlite3, limit), value)
        connection.set_authorizer(self.fence.judge)
        return connection

    # Transactions and the schema's constraints are the backend's own work; a cursor's statement cannot touch them.
    _start_transaction_under_autocommit = _own_work("_start_transaction_under_autocommit")
    _commit = _own_work("_commit")
    _rollback = _own_work("_rollback")
    _set_autocommit = _own_work("_set_autocommit")
    _savepoint = _own_work("_savepoint")
    _savepoint_rollback = _own_work("_savepoint_rollback")
    _savepoint_commit = _own_work("_savepoint_commit")
    check_constraints = _own_work("check_constraints")
    disable_constraint_checking = _own_work("disable_constraint_checking")
    enable_constraint_checking = _own_work("enable_constraint_checking")

    def notice_failure(self) -> None:
        """Where SQLite has ended the transaction by itself (a full disk does), nothing more is done in it."""
        if self.in_atomic_block and self.connection is not None and not self.connection.in_transaction:
            self.needs_rollback = True


@cache
def _needs_trust() -> bool:
    """Whether this SQLite takes its own FTS5 for unsafe in a trigger, as 3.40 does."""
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(
            "CREATE TABLE t (x); CREATE VIRTUAL TABLE f USING fts5(x);"
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO f VALUES (NEW.x); END; PRAGMA trusted_schema = OFF;"
        )
        try:
            own.execute("INSERT INTO t VALUES ('a')")
        except sqlite3.OperationalError:
            return True
    return False


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace")
