from typing import Any

from django.db.backends.sqlite3 import operations
from django.db.models.expressions import Expression


class DatabaseOperations(operations.DatabaseOperations):
    def get_db_converters(self, expression: Expression) -> list[Any]:
        """None for columns that read what is stored themselves: they can answer for what is unreadable."""
        if getattr(expression.output_field, "reads_raw", False):
            return []
        return super().get_db_converters(expression)
