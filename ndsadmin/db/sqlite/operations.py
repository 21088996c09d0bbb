from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3 import operations
from django.db.models.expressions import Expression

from ndsadmin.db.shaping import PARAMETERS
from security.scope import scope_or_none
from security.triggers import GUARDS
from security.witness import Unrecorded

if TYPE_CHECKING:
    from ndsadmin.db.confining import Confining

KEEPS = "nds_audit_logs_delete"


class DatabaseOperations(operations.DatabaseOperations):
    connection: "Confining"

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty all tables at once; their keys are checked at the end, since any order would break one."""
        with self.connection.fence.raw():
            super().execute_sql_flush(["PRAGMA defer_foreign_keys = ON", *self.unguarded(sql_list)])

    def unguarded(self, sql_list: Iterable[str]) -> list[str]:
        """``sql_list`` with the trigger out of the way that keeps the audit log's entries."""
        with self.connection.raw() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            if (KEEPS,) not in cursor.fetchall():
                return list(sql_list)
        scope = scope_or_none()
        if scope is None or not (scope.maintains or scope.arranges):
            raise Unrecorded("A database is emptied by maintenance alone: `manage.py flush`.")
        return [f"DROP TRIGGER {KEEPS}", *sql_list, GUARDS[KEEPS]]

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
