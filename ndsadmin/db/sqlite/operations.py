from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.sqlite3 import operations
from django.db.models.expressions import Expression

from ndsadmin.db.shaping import PARAMETERS


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty all tables at once; their keys are checked at the end, since any order would break one."""
        super().execute_sql_flush(["PRAGMA defer_foreign_keys = ON", *sql_list])

    def get_db_converters(self, expression: Expression) -> list[Any]:
        """None for columns that read what is stored themselves: they can answer for what is unreadable."""
        if getattr(expression.output_field, "reads_raw", False):
            return []
        return super().get_db_converters(expression)

    def _quote_params_for_last_executed_query(self, params: Sequence[Any]) -> tuple[Any, ...]:
        """In pieces that the limits allow; Django's are of 999."""
        ask = super()._quote_params_for_last_executed_query  # type: ignore[misc]  # not in the stubs
        pieces = [params[start : start + PARAMETERS] for start in range(0, len(params), PARAMETERS)]
        return tuple(value for piece in pieces for value in ask(piece))
