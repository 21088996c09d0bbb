"""Pages of a list that is ordered newest first.

Rules:

- A page is found by where the page before it ended (time and key), never by counting rows, so the last page costs
  what the first does.
- The cursor is the stored text of the columns, signed: times that workers wrote in two forms still page without a
  gap, and nobody can ask for a place that we did not name.
- Rows without a time come last, found by their key alone.

    WHERE (created_at, content_id) < (?, ?) ORDER BY created_at DESC, content_id DESC LIMIT 51
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import BooleanField, ExpressionWrapper, F, Func, QuerySet, TextField, Value

PAGE = 50  # rows a page (design, Decisions)
SALT = "ndsadmin.tables.paging"


class BadCursor(ValueError):
    """The cursor was not made by us for this list."""


class RowCompare(Func):
    """``(a, b) < (x, y)``: a row value, which SQLite answers from an index over both columns
    (https://www.sqlite.org/rowvalue.html#scrolling_window_queries)."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (compiled[:half], compiled[half:]))
        params = [param for _, part in compiled for param in part]
        return f"({left}) {self.extra['operator']} ({right})", params


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursors of the pages around them (None at either end)."""

    rows: list[Any]
    before: str | None
    after: str | None


def page_of(queryset: QuerySet[Any], order: Sequence[str], *, after: str | None, before: str | None) -> Page:
    """The page behind (``after``) or in front of (``before``) a cursor, or the first one.

    ``order`` names the columns, all descending, the key last. One query, and a second one where the rows with a
    time end within the page.

    Raises:
        BadCursor: a cursor that is not ours.
    """
    ordering = Ordering(queryset, tuple(order))
    if before:
        found = ordering.in_front_of(_read(before, len(order)))
        rows = list(reversed(found[:PAGE]))
        more_in_front, more_behind = len(found) > PAGE, True
    else:
        found = ordering.behind(_read(after, len(order)) if after else None)
        rows = found[:PAGE]
        more_in_front, more_behind = bool(after), len(found) > PAGE
    return Page(
        rows=rows,
        before=ordering.cursor(rows[0]) if rows and more_in_front else None,
        after=ordering.cursor(rows[-1]) if rows and more_behind else None,
    )


def stored(row: Any, place: int) -> Any:
    """The column at ``place`` of the order as the database holds it, of a row that `page_of` found."""
    return getattr(row, f"stored_{place}")


class Ordering:
    """A queryset and the columns that order it."""

    def __init__(self, queryset: QuerySet[Any], columns: tuple[str, ...]) -> None:
        self.columns = columns
        stored = {f"stored_{i}": _stored(column) for i, column in enumerate(columns)}
        self.queryset = queryset.annotate(**stored)
        self.nullable = queryset.model._meta.get_field(columns[0]).null

    def behind(self, cursor: list[Any] | None) -> list[Any]:
        rows = self.queryset.order_by(*(f"-{column}" for column in self.columns))
        if cursor is None:
            return list(rows[: PAGE + 1])  # NULL sorts below everything in SQLite: rows without a time are last
        if cursor[0] is None:
            return list(rows.filter(self._timeless(), self._compare("<", cursor, skip=1))[: PAGE + 1])
        found = list(rows.filter(self._compare("<", cursor))[: PAGE + 1])
        if self.nullable and len(found) <= PAGE:
            found += rows.filter(self._timeless())[: PAGE + 1 - len(found)]
        return found

    def in_front_of(self, cursor: list[Any]) -> list[Any]:
        rows = self.queryset.order_by(*self.columns)
        if cursor[0] is not None:
            return list(rows.filter(self._compare(">", cursor))[: PAGE + 1])
        found = list(rows.filter(self._timeless(), self._compare(">", cursor, skip=1))[: PAGE + 1])
        if len(found) <= PAGE:
            found += rows.exclude(self._timeless())[: PAGE + 1 - len(found)]
        return found

    def cursor(self, row: Any) -> str:
        values = [stored(row, place) for place in range(len(self.columns))]
        # Bytes where text should be: a worker's mistake, which has a place in the order all the same.
        return signing.dumps([{"hex": v.hex()} if isinstance(v, bytes) else v for v in values], salt=SALT)

    def _timeless(self) -> Any:
        return ExpressionWrapper(Func(F(self.columns[0]), template="%(expressions)s IS NULL"), BooleanField())

    def _compare(self, operator: str, cursor: list[Any], *, skip: int = 0) -> RowCompare:
        columns = [_stored(column) for column in self.columns[skip:]]
        values = [Value(value) for value in cursor[skip:]]
        return RowCompare(*columns, *values, operator=operator)


def _stored(column: str) -> "ExpressionWrapper[Any]":
    """``column`` as the database holds it: text stays text, whatever its field would make of it."""
    return ExpressionWrapper(F(column), output_field=TextField())


def _read(text: str, length: int) -> list[Any]:
    try:
        cursor = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise BadCursor from error
    if not isinstance(cursor, list) or len(cursor) != length:
        raise BadCursor
    return [bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in cursor]
