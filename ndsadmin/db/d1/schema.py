"""Changing D1's schema: each operation is one transaction, since none spans several requests.

Foreign keys cannot be switched off on D1. A table is remade while they are put off, and the remade table's keys are
checked before the end. Dropping a table deletes the rows that hang on it by ON DELETE CASCADE, and so would remaking
it: that is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any

from django.db import NotSupportedError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import debug_transaction
from django.db.models import Model

from ndsadmin.db.sqlite import schema

if TYPE_CHECKING:
    from ndsadmin.db.d1.base import DatabaseWrapper

_DEFER = "PRAGMA defer_foreign_keys = ON"
_NEW = "new__"  # what Django puts in front of the name while it remakes a table
_UNDEFER = "PRAGMA defer_foreign_keys = OFF"  # takes back the count of what dropping a table broke


def _as_one(method: Callable[..., Any]) -> Callable[..., Any]:
    """``method`` with its statements in one transaction."""

    @wraps(method)
    def operation(self: "DatabaseSchemaEditor", *args: Any, **kwargs: Any) -> Any:
        with self.batch():
            return method(self, *args, **kwargs)

    return operation


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    connection: "DatabaseWrapper"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[str] | None = None
        self._drops = False

    def __enter__(self) -> "DatabaseSchemaEditor":
        BaseDatabaseSchemaEditor.__enter__(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self.batch():
            BaseDatabaseSchemaEditor.__exit__(self, kind, error, traceback)

    def execute(self, sql: Any, params: Any = ()) -> None:
        if self._waiting is None or self.collect_sql:
            super().execute(sql, params)
        else:
            assert not params, "SQLite takes no parameters in a schema"
            self._waiting.append(str(sql))

    @contextmanager
    def batch(self) -> Iterator[None]:
        """What is executed inside takes effect at its end: all of it, or none."""
        if self._waiting is not None or self.collect_sql:
            yield
            return
        self._waiting, self._drops = [], False
        try:
            yield
            statements, remade = self._waiting, sorted(name for name in self.touched if not name.startswith(_NEW))
        finally:
            self._waiting = None
        if statements:
            self._send(statements, remade)

    def _send(self, statements: list[str], remade: list[str]) -> None:
        if self._drops:
            checks = [self._check_of(table) for table in remade if any(f'"{table}"' in text for text in statements)]
            statements = [_DEFER, *statements, *checks, _UNDEFER]
        connection = self.connection
        with ExitStack() as stack:
            stack.enter_context(connection.fence.raw())
            stack.enter_context(connection.wrap_database_errors)
            for sql in statements:
                stack.enter_context(debug_transaction(connection, sql))
            connection.ensure_connection()
            connection.connection.batch(statements)
        connection.engine.forget()

    def _check_of(self, table: str) -> str:
        broken = f"SELECT count(*) FROM pragma_foreign_key_check('{table}')"
        return f"SELECT iif(({broken}) = 0, 1, json_extract('{{}}', 'FOREIGN KEY constraint failed: {table}'))"

    create_model = _as_one(schema.DatabaseSchemaEditor.create_model)
    add_field = _as_one(schema.DatabaseSchemaEditor.add_field)
    remove_field = _as_one(schema.DatabaseSchemaEditor.remove_field)
    alter_field = _as_one(schema.DatabaseSchemaEditor.alter_field)
    alter_db_table = _as_one(schema.DatabaseSchemaEditor.alter_db_table)
    add_index = _as_one(schema.DatabaseSchemaEditor.add_index)
    remove_index = _as_one(schema.DatabaseSchemaEditor.remove_index)
    add_constraint = _as_one(schema.DatabaseSchemaEditor.add_constraint)
    remove_constraint = _as_one(schema.DatabaseSchemaEditor.remove_constraint)
    alter_unique_together = _as_one(schema.DatabaseSchemaEditor.alter_unique_together)
    alter_index_together = _as_one(schema.DatabaseSchemaEditor.alter_index_together)

    def delete_model(self, model: type[Model], handle_autom2m: bool = True) -> None:
        with self.batch():
            self._drops = True
            super().delete_model(model, handle_autom2m)

    def _remake_table(self, model: type[Model], *args: Any, **kwargs: Any) -> None:
        self._refuse_cascades(model._meta.db_table)
        with self.batch():
            self._drops = True
            super()._remake_table(model, *args, **kwargs)

    def _refuse_cascades(self, table: str) -> None:
        with self.connection.raw() as cursor:
            names = self.connection.introspection.pointing().get(table, set()) - {table}
            for name in sorted(names):
                keys = cursor.execute(f"PRAGMA foreign_key_list({self.quote_name(name)})").fetchall()
                if any(key[2] == table and key[6] in {"CASCADE", "SET NULL", "SET DEFAULT"} for key in keys):
                    raise NotSupportedError(
                        f"{table} cannot be remade on D1: dropping it would change the rows of {name} that hang on it."
                    )
