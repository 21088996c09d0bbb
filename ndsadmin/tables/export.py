"""A list as a file, streamed: CSV, JSON, or one JSON object a line.

Rules:

- The same filters, the same order and the same hidden and masked columns as the list; secrets and bytes are never in
  it. A list that is not narrowed, in its usual order, is written in the order in which its rows were stored.
- Values are those of the database. JSON documents are nested; what is no JSON is a text. In CSV a text that a
  spreadsheet would run (``=``, ``+``, ``-``, ``@`` in front) starts with an apostrophe.
- Memory is flat: `CHUNK` rows are read by place or number, put into words by SQLite, sent, and forgotten; no read
  transaction stays open meanwhile.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Field, Func, IntegerField, QuerySet, TextField

from ndsadmin.tables.asking import Asked
from ndsadmin.tables.labels import mask
from ndsadmin.tables.paging import beyond, ranges, within
from security.columns import Blob, Bool, Json
from security.columns.column import Column
from security.columns.documents import parse_document
from security.columns.places import Stored

CHUNK = 2_000  # rows: some 600 kB, and a sign of life every 0.01 s
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""


@dataclass(frozen=True, slots=True)
class Format:
    content_type: str
    label: str


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", "CSV"),
    "json": Format("application/json", "JSON"),
    "ndjson": Format("application/x-ndjson", "NDJSON"),
}


class RowNumber(Func):
    """The number under which SQLite stores a row."""

    template = "rowid"
    output_field = IntegerField()


class JsonLine(Func):
    """A row as the text of a JSON object. SQLite refuses where a value is bytes."""

    function = "JSON_OBJECT"
    output_field = TextField()

    def __init__(self, fields: Sequence[Field[Any, Any]]) -> None:
        super().__init__(*(field.attname for field in fields))
        self.fields = fields

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        parts = []
        for field, source in zip(self.fields, self.get_source_expressions(), strict=True):
            column, _ = compiler.compile(source)
            parts.append(f"'{field.column}', {_json_value(field, column)}")
        return f"JSON_OBJECT({', '.join(parts)})", []


@dataclass(slots=True)
class Export:
    """A file in the making; ``rows`` counts what was written so far."""

    asked: Asked
    format: str
    rows: int = 0

    @property
    def fields(self) -> list[Field[Any, Any]]:
        """What is written: all that the reader sees, without bytes."""
        return [field for field in self.asked.seen if is_exported(field)]

    def stream(self) -> Iterator[bytes]:
        """The file in pieces of `CHUNK` rows."""
        if self.format == "csv":
            yield _csv([[field.column for field in self.fields]])
            yield from (_csv(_safe_rows(rows)) for rows in self._rows())
        elif self.format == "ndjson":
            yield from (f"{lines}\n".encode() for lines in self._lines("\n"))
        else:
            for number, lines in enumerate(self._lines(",\n")):
                yield f"{',' if number else '['}\n{lines}".encode()
            yield b"\n]\n" if self.rows else b"[]\n"

    def _rows(self) -> Iterator[list[tuple[Any, ...]]]:
        masked = [number for number, field in enumerate(self.fields) if field.column in self.asked.masked]
        columns = [field.attname for field in self.fields]
        for piece in self._pieces():
            with connection.cursor() as cursor:
                sql, params = piece.values_list(*columns).query.sql_with_params()
                cursor.execute(sql, params)
                rows = [_masked(row, masked) for row in cursor.fetchall()]
            self.rows += len(rows)
            yield rows

    def _lines(self, separator: str) -> Iterator[str]:
        if any(field.column in self.asked.masked for field in self.fields):
            yield from (self._in_python(rows, separator) for rows in self._rows())
            return
        for piece in self._pieces():
            try:
                lines, number = _concatenated(piece, self.fields, separator)
            except OperationalError:  # bytes where a text should be: SQLite has no JSON for them
                sql, params = piece.values_list(*(field.attname for field in self.fields)).query.sql_with_params()
                with connection.cursor() as cursor:
                    cursor.execute(sql, params)
                    rows = cursor.fetchall()
                lines, number = self._in_python(rows, separator), len(rows)
            self.rows += number
            if number:
                yield lines

    def _in_python(self, rows: Sequence[Sequence[Any]], separator: str) -> str:
        return separator.join(
            json.dumps(
                {f.column: _plain(f, v) for f, v in zip(self.fields, row, strict=True)},
                ensure_ascii=False, separators=(",", ":"),
            )
            for row in rows
        )  # fmt: skip

    def _pieces(self) -> Iterator[QuerySet[Any]]:
        """`CHUNK` rows at a time."""
        reading = self.asked.reading
        everything = self.asked.everything
        if not self.asked.is_narrowed and reading.order == self.asked.usual_order:
            yield from _in_turn(everything.alias(at=RowNumber()), "at", _greater)
            return
        for part, descending in ranges(reading, is_forward=True):
            rows = reading.matching(within(reading.rows(everything), part))
            yield from _in_turn(rows, "-place" if descending else "place", _further(descending=descending))


def is_exported(field: Field[Any, Any]) -> bool:
    return not isinstance(field, Blob) and not (isinstance(field, Column) and field.secret)


def _in_turn(
    rows: QuerySet[Any], order: str, further: Callable[[QuerySet[Any], Any], QuerySet[Any]]
) -> Iterator[QuerySet[Any]]:
    """``rows`` by ``order``, in pieces. Each costs one short query more: where it ends."""
    name = order.removeprefix("-")
    at = Stored(name) if name == "place" else None
    piece = rows.order_by(order)
    while True:
        ends = piece.annotate(end=at) if at else piece.annotate(end=RowNumber())
        last = list(ends.values_list("end", flat=True)[CHUNK - 1 : CHUNK])
        yield piece[:CHUNK]
        if not last:
            return
        piece = further(rows, last[0]).order_by(order)


def _greater(rows: QuerySet[Any], number: int) -> QuerySet[Any]:
    return rows.filter(at__gt=number)


def _further(*, descending: bool) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    return lambda rows, place: beyond(rows, place, descending=descending)


def _concatenated(piece: QuerySet[Any], fields: Sequence[Field[Any, Any]], separator: str) -> tuple[str, int]:
    """The rows of ``piece`` as JSON objects in one text, and how many they are."""
    sql, params = piece.annotate(line=JsonLine(fields)).values_list("line").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT GROUP_CONCAT(line, %s), COUNT(*) FROM ({sql})", [separator, *params])  # noqa: S608  # Django's own SQL
        lines, number = cursor.fetchone()
    return lines or "", number


def _json_value(field: Field[Any, Any], column: str) -> str:
    if isinstance(field, Json):
        return f"CASE WHEN JSON_VALID({column}) THEN JSON({column}) ELSE {column} END"
    if isinstance(field, Bool):
        return f"CASE {column} WHEN 1 THEN JSON('true') WHEN 0 THEN JSON('false') ELSE {column} END"
    return column


def _plain(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(field, Json) and isinstance(value, str):
        return parse_document(value)
    return bool(value) if isinstance(field, Bool) and value in (0, 1) else value


def _masked(row: tuple[Any, ...], masked: Sequence[int]) -> tuple[Any, ...]:
    if not masked:
        return row
    return tuple(mask(str(v)) if n in masked and v is not None else v for n, v in enumerate(row))


def _safe_rows(rows: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [_safe(value) for value in row]


def _safe(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def _csv(rows: Iterator[list[Any]] | list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
