from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3 import introspection

if TYPE_CHECKING:
    from ndsadmin.db.sqlite.base import DatabaseWrapper


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Reads the schema past the engine: it is nobody's rows, and ``sqlite_master`` is open to no scope."""

    connection: "DatabaseWrapper"

    def get_table_list(self, cursor: Any) -> Any:
        with self.connection.raw() as own:
            return super().get_table_list(own)

    def get_table_description(self, cursor: Any, table_name: str) -> Any:
        with self.connection.raw() as own:
            return super().get_table_description(own, table_name)

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> Any:
        with self.connection.raw() as own:
            return super().get_sequences(own, table_name, table_fields)

    def get_relations(self, cursor: Any, table_name: str) -> Any:
        with self.connection.raw() as own:
            return super().get_relations(own, table_name)

    def get_primary_key_columns(self, cursor: Any, table_name: str) -> Any:
        with self.connection.raw() as own:
            return super().get_primary_key_columns(own, table_name)

    def get_constraints(self, cursor: Any, table_name: str) -> Any:
        with self.connection.raw() as own:
            return super().get_constraints(own, table_name)
