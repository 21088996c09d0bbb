import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from ndsadmin.db.d1 import bulk, dates
from ndsadmin.db.d1.compiler import MOST_LISTS, Listed
from ndsadmin.db.sqlite import operations

if TYPE_CHECKING:
    from ndsadmin.db.d1.base import DatabaseWrapper

Compiled = tuple[str, tuple[Any, ...]]


class DatabaseOperations(operations.DatabaseOperations):
    connection: "DatabaseWrapper"
    compiler_module = "ndsadmin.db.d1.compiler"

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """Rows of one statement: they travel as a few texts, and so do lists of keys."""
        plain = [field for field in fields if isinstance(field, models.Field)]
        longest = max((sum(_size(row.__dict__.get(field.attname)) for field in plain) for row in objs), default=0)
        return max(1, min(bulk.ROWS, MOST_LISTS * bulk.BYTES // 2 // (longest + 20 * len(plain) + 1)))

    def bulk_insert_sql(self, fields: Any, placeholder_rows: Any) -> str:
        first = placeholder_rows[0]
        return str(first) if isinstance(first, Listed) else str(super().bulk_insert_sql(fields, placeholder_rows))

    def get_db_converters(self, expression: Any) -> list[Any]:
        converters = super().get_db_converters(expression)
        if expression.output_field.get_internal_type() == "FloatField":
            converters.append(_as_float)
        return converters

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        if not params:
            return sql
        if isinstance(params, dict):
            return sql % {name: _quoted(value) for name, value in params.items()}
        return sql % tuple(map(_quoted, params))

    def last_insert_id(self, cursor: Any, table_name: str, pk_name: str) -> Any:
        return cursor.lastrowid

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        with self.connection.fence.raw():
            self.connection.ensure_connection()
            self.connection.connection.batch(["PRAGMA defer_foreign_keys = ON", *self.unguarded(sql_list)])

    def _references_graph(self, table_name: str) -> list[str]:
        """The table and those that point at it, over several steps."""
        pointing = self.connection.introspection.pointing()
        found, left = list[str](), [table_name]
        while left:
            table = left.pop()
            if table not in found:
                found.append(table)
                left += sorted(pointing.get(table, ()))
        return found

    def combine_expression(self, connector: str, sub_expressions: list[str]) -> str:
        if connector == "^":
            return f"POW({', '.join(sub_expressions)})"
        if connector == "#":
            return "(SELECT (a | b) - (a & b) FROM (SELECT {} AS a, {} AS b))".format(*sub_expressions)
        return str(super().combine_expression(connector, sub_expressions))

    def combine_duration_expression(self, connector: str, sub_expressions: list[str]) -> str:
        one, other = sub_expressions
        return dates.with_duration(connector, one, other)

    def subtract_temporals(self, internal_type: str, lhs: Any, rhs: Any) -> Compiled:
        return dates.difference(internal_type, lhs, rhs)

    def date_extract_sql(self, lookup_type: str, sql: str, params: Any) -> Compiled:
        return dates.part(lookup_type.lower(), sql, params)

    def time_extract_sql(self, lookup_type: str, sql: str, params: Any) -> Any:
        return dates.part(lookup_type.lower(), sql, params, of_time=True)

    def datetime_extract_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> Compiled:
        return dates.part(lookup_type.lower(), *self._in_zone(sql, params, tzname))

    def date_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> Compiled:
        return dates.start(lookup_type.lower(), *self._in_zone(sql, params, tzname))

    def datetime_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> Any:
        return dates.start(lookup_type.lower(), *self._in_zone(sql, params, tzname), time=" 00:00:00")

    def time_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> Any:
        return dates.start_of_time(lookup_type.lower(), *self._in_zone(sql, params, tzname))

    def datetime_cast_date_sql(self, sql: str, params: Any, tzname: str | None) -> Compiled:
        text, values = self._in_zone(sql, params, tzname)
        return f"date(substr({text}, 1, 19))", values

    def datetime_cast_time_sql(self, sql: str, params: Any, tzname: str | None) -> Compiled:
        return dates.time_of(*self._in_zone(sql, params, tzname))

    def _in_zone(self, sql: str, params: Any, tzname: str | None) -> Compiled:
        zone = tzname if settings.USE_TZ else None
        return dates.in_zone(sql, params, zone, self.connection.timezone_name)


def _as_float(value: Any, expression: Any, connection: Any) -> Any:
    """D1 answers 1 for 1.0."""
    return float(value) if isinstance(value, int) else value


def _size(value: Any) -> int:
    return len(value) * 2 if isinstance(value, str | bytes | bytearray | memoryview) else 0


def _quoted(value: Any) -> str:
    """As SQLite's QUOTE writes it; for logs alone."""
    with sqlite3.connect(":memory:") as own:
        return str(own.execute("SELECT quote(?)", [value]).fetchone()[0])
