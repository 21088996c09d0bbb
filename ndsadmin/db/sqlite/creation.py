from typing import Any

from django.db.backends.sqlite3 import creation

from security.scope import maintenance_scope


class DatabaseCreation(creation.DatabaseCreation):
    """Test databases: their rows as a text and back."""

    def serialize_db_to_string(self) -> str:
        with maintenance_scope("serialize a test database"):
            return super().serialize_db_to_string()

    def deserialize_db_from_string(self, data: str) -> Any:
        with maintenance_scope("fill a test database"):
            return super().deserialize_db_from_string(data)
