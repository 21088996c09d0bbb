from typing import Any

from ndsadmin.db.d1.sending import MARKS
from ndsadmin.db.sqlite import introspection

INTERNAL = ("_cf_", MARKS)  # what the tables start with that D1 and this backend keep for themselves


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Without the tables that D1 and this backend keep for themselves."""

    def get_table_list(self, cursor: Any) -> Any:
        found = super().get_table_list(cursor)
        return [table for table in found if not table.name.startswith(INTERNAL)]

    def pointing(self) -> dict[str, set[str]]:
        """By table, the tables whose foreign keys point at it; two round trips."""
        with self.connection.raw() as cursor:
            names = [table.name for table in self.get_table_list(cursor)]
            quote = self.connection.ops.quote_name
            keys = self.connection.connection.tables([f"PRAGMA foreign_key_list({quote(name)})" for name in names])
        found: dict[str, set[str]] = {}
        for name, rows in zip(names, keys, strict=True):
            for row in rows:
                found.setdefault(row[2], set()).add(name)
        return found
