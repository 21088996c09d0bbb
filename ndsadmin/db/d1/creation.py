"""Test databases on D1: never the configured one."""

import secrets
import sys
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from ndsadmin.db.d1.introspection import INTERNAL
from ndsadmin.db.d1.transport import Rest
from ndsadmin.db.sqlite import creation

if TYPE_CHECKING:
    from ndsadmin.db.d1.base import DatabaseWrapper


class DatabaseCreation(creation.DatabaseCreation):
    connection: "DatabaseWrapper"
    _made: str | None = None

    @staticmethod
    def is_in_memory_db(database_name: Any) -> bool:
        return False

    def _get_test_db_name(self) -> str:
        """What TEST NAME says; through the API, where it says nothing, a database that is made for it.

        Raises:
            ImproperlyConfigured: it is the configured database, or there is none to take.
        """
        named = self.connection.settings_dict["TEST"]["NAME"]
        configured = str(self.connection.settings_dict["NAME"])
        if named and str(named) == configured and self._made != named:
            raise ImproperlyConfigured(f"TEST NAME is the configured database, {named}: tests would empty it.")
        if named:
            return str(named)
        road = self.connection.road
        if not isinstance(road, Rest):
            raise ImproperlyConfigured(
                "Tests on D1 need a database of their own: expected TEST NAME, a further binding of the gateway."
            )
        if self._made is None:
            account = configured.partition("/")[0]
            self._made = f"{account}/{road.create(f'test_{secrets.token_hex(6)}')}"
        return self._made

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        """Empty it, unless it is to be kept."""
        name = self._get_test_db_name()
        if not keepdb and name != self._made:
            configured = self.connection.settings_dict["NAME"]
            self.connection.close()
            self.connection.settings_dict["NAME"] = name
            try:
                self._empty(name, autoclobber)
            finally:
                self.connection.close()
                self.connection.settings_dict["NAME"] = configured
        return name

    def _empty(self, name: str, autoclobber: bool) -> None:
        connection = self.connection
        with connection.raw() as cursor:
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE type <> 'index' ORDER BY type = 'table'")
            made = cursor.fetchall()
            # The tables in which a full-text table keeps its words go with it.
            shadows = tuple(f"{name}_" for _, name, sql in made if sql and sql.startswith("CREATE VIRTUAL"))
            kept = ("sqlite_", *INTERNAL, *shadows)
            found = [(kind, table) for kind, table, _ in made if not table.startswith(kept)]
            if not found:
                return
            if not autoclobber and input(f"Type 'yes' to empty the test database {name}: ") != "yes":
                sys.exit("Tests cancelled.")
            drops = [f"DROP {kind} IF EXISTS {connection.ops.quote_name(table)}" for kind, table in found]
            connection.connection.batch(["PRAGMA defer_foreign_keys = ON", *drops, "PRAGMA defer_foreign_keys = OFF"])

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        road = self.connection.road
        if test_database_name == self._made and isinstance(road, Rest):
            road.delete(test_database_name.partition("/")[2])

    def test_db_signature(self) -> Any:
        given = self.connection.settings_dict
        return (str(given["HOST"]), str(given["NAME"]), str(given["TEST"]["NAME"]))

    def get_test_db_clone_settings(self, suffix: str) -> dict[str, Any]:
        given = self.connection.settings_dict
        return {**given, "NAME": f"{given['NAME']}_{suffix}"}
