"""Django's SQLite backend, as this project needs it.

- Foreign keys are checked at once, as the contract declares them and D1 does, not at commit.
- A transaction takes the write lock when it begins: with deferred ones, two threads that read and then write
  meet "database is locked" at once, whatever the time-out.
- WAL, so that readers and the one writer do not wait for each other.
- Text that is no UTF-8 is read with marks in place of what is none: one such row must not break every page.
- Values of contract columns arrive as they are stored (see `operations`): the driver parses nothing by itself.
"""

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from ndsadmin.db.sqlite.operations import DatabaseOperations
from ndsadmin.db.sqlite.schema import DatabaseSchemaEditor

BUSY_TIMEOUT = 20  # seconds that a writer waits for another; an import of a million rows holds the lock that long

PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF"


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        if not self.is_in_memory_db():
            Path(self.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        options = self.settings_dict["OPTIONS"]
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("init_command", PRAGMAS)
        options.setdefault("timeout", BUSY_TIMEOUT)
        return {**super().get_connection_params(), "detect_types": 0}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.text_factory = _readable
        return connection


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace")
