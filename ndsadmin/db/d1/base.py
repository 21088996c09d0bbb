"""Django's backend for Cloudflare D1.

    DATABASE_URL=d1://gateway.example.com/DB          # through the Worker in gateway/, for production
    DATABASE_URL=d1://api.cloudflare.com/ACCOUNT/ID   # through Cloudflare's API, to set up

The vendor stays ``sqlite``: D1 is SQLite, and what knows SQLite knows it. ``atomic()`` is explained in `unit`, values
in `values`, what reaches the database how often in `sending`.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar

from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3 import base

from ndsadmin.db.confining import SCHEMA, Confining
from ndsadmin.db.d1.client import DatabaseClient
from ndsadmin.db.d1.creation import DatabaseCreation
from ndsadmin.db.d1.cursor import ConfinedCursor
from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.features import DatabaseFeatures
from ndsadmin.db.d1.introspection import INTERNAL, DatabaseIntrospection
from ndsadmin.db.d1.operations import DatabaseOperations
from ndsadmin.db.d1.schema import DatabaseSchemaEditor
from ndsadmin.db.d1.transport import Road, road_to
from security.scope import Reach, scope_or_none

VERSION = (3, 46, 0)  # of SQLite, at least; D1 does not tell its own


class DatabaseWrapper(Confining, base.DatabaseWrapper):
    display_name = "D1"
    commits_schema = True
    SchemaEditorClass = DatabaseSchemaEditor
    client_class = DatabaseClient  # type: ignore[assignment]  # not SQLite's program
    introspection: DatabaseIntrospection
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    transaction_modes = frozenset()

    _roads: ClassVar[dict[tuple[str, str], Road]] = {}

    @staticmethod
    def register(connection: sqlite3.Connection) -> None:
        """Functions of D1's SQLite that the twin's may be too old to know."""
        for name, number in (("unhex", 1), ("concat_ws", -1), ("octet_length", 1), ("timediff", 2)):
            connection.create_function(name, number, _never, deterministic=True)

    @property
    def road(self) -> Road:
        """The one of this database; all threads share its connections."""
        given = self.settings_dict
        key = (str(given["HOST"]), str(given["NAME"]))
        if key not in self._roads:
            self._roads[key] = road_to(*key, str(given["PASSWORD"]))
        return self._roads[key]

    @property
    def engine_key(self) -> str:
        return f"{self.settings_dict['HOST']}/{self.settings_dict['NAME']}"

    def get_connection_params(self) -> dict[str, Any]:
        return {"road": self.road, "is_lazy": self.settings_dict["OPTIONS"].get("lazy", True)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        return Connection(**conn_params, permit=self._permits)

    def _permits(self, changes: bool) -> bool:
        scope = scope_or_none()
        return self.fence.is_open or (not changes and scope is not None and scope.reach is Reach.PLATFORM)

    def init_connection_state(self) -> None:
        """Nothing: a request has no state that the next one could find."""

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(ConfinedCursor)
        cursor.database = self
        return cursor

    @contextmanager
    def rehearse(self, works: Iterable[Callable[[], Any]]) -> Iterator[None]:
        """See `ndsadmin.db.ahead`. In a transaction nothing is read ahead."""
        self.ensure_connection()
        if self.connection.unit is not None:
            yield
            return
        with ExitStack() as stack:
            with self._unlogged():
                stack.enter_context(self.connection.rehearsed(works))
            yield

    @contextmanager
    def _unlogged(self) -> Iterator[None]:
        """A rehearsal's statements are sent once: those of the play are logged."""
        number = len(self.queries_log)
        try:
            yield
        finally:
            while len(self.queries_log) > number:
                self.queries_log.pop()

    def schema_rows(self) -> list[Any]:
        return [row for row in self.connection.tables([SCHEMA])[0] if not str(row[1]).startswith(INTERNAL)]

    def get_database_version(self) -> tuple[int, ...]:
        return VERSION

    def is_usable(self) -> bool:
        return True

    def close(self) -> None:
        self.validate_thread_sharing()
        BaseDatabaseWrapper.close(self)

    def _start_transaction_under_autocommit(self) -> None:
        self.connection.begin()

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            if not autocommit:
                self.connection.begin()
                return
            try:
                self.connection.commit()
            except sqlite3.Error:
                self.connection.begin()  # it was not switched on
                raise

    def _commit(self) -> None:
        if self.connection is not None:
            try:
                with self.wrap_database_errors:
                    self.connection.commit()
            finally:
                self._go_on()

    def _rollback(self) -> None:
        if self.connection is not None:
            self.connection.rollback()
            self._go_on()

    def _go_on(self) -> None:
        """With autocommit off, the end of a transaction is the start of the next."""
        if not self.autocommit and not self.in_atomic_block:
            self.connection.begin()

    def _savepoint(self, sid: str) -> None:
        self._with_unit(lambda unit: unit.save(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._with_unit(lambda unit: unit.roll_back_to(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._with_unit(lambda unit: unit.release(sid))

    def _with_unit(self, work: Callable[[Any], None]) -> None:
        with self.wrap_database_errors, self.fence.confined():
            work(self.connection.unit)

    def disable_constraint_checking(self) -> bool:
        """They can only be put off to the end of a transaction."""
        if self.connection is None or self.connection.unit is None:
            return False
        self.connection.unit.defers_keys = True
        return True

    def enable_constraint_checking(self) -> None:
        """Nothing: at the end of the transaction they are checked."""

    def check_constraints(self, table_names: Any = None) -> None:
        """As `Unit` sees the rows, queued changes among them; one round trip.

        Raises:
            IntegrityError: a row points at none; names it.
        """
        names = ", ".join("'{}'".format(str(name).replace("'", "''")) for name in table_names or ())
        these = "" if table_names is None else f' WHERE "table" IN ({names})'
        with self.raw() as cursor:
            cursor.execute(f'SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check{these} LIMIT 1')
            if found := cursor.fetchone():
                self._tell_orphan(cursor, *found)

    def _tell_orphan(self, cursor: Any, table: str, rowid: int, parent: str, number: int) -> None:
        keys = cursor.execute(f"PRAGMA foreign_key_list({self.ops.quote_name(table)})").fetchall()
        column, target = next((key[3], key[4]) for key in keys if key[0] == number)
        own = self.introspection.get_primary_key_column(cursor, table) or "rowid"
        quote = self.ops.quote_name
        cursor.execute(f"SELECT {quote(own)}, {quote(column)} FROM {quote(table)} WHERE rowid = %s", [rowid])
        key, value = cursor.fetchone()
        raise IntegrityError(
            f"The row in table '{table}' with primary key '{key}' has an invalid foreign key: {table}.{column} "
            f"contains a value '{value}' that does not have a corresponding value in {parent}.{target}."
        )


def _never(*_: Any) -> None:
    """The twin compiles; it runs nothing."""
