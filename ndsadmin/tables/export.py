"""A list as a file, streamed: CSV, JSON, or one JSON object a line.

Rules:

- The same filters and the same hidden and masked columns as the list; secrets and bytes are never in it. An order that
  somebody chose is kept; any other list is written from its oldest row on, a whole table as its rows were stored.
- Values are those of the database. JSON documents are nested; what is no JSON is a text. In CSV a text that a
  spreadsheet would run (``=``, ``+``, ``-``, ``@`` in front) starts with an apostrophe.
- Memory is flat: `CHUNK` rows are read by place or number, put into words by SQLite, sent, and forgotten; no read
  transaction stays open meanwhile.
"""

import csv
import io
import json
import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection
from django.db.models import Field, Func, QuerySet, TextField, Value

from ndsadmin.tables.asking import Asked
from ndsadmin.tables.conditions import between
from ndsadmin.tables.counts import RowNumber
from ndsadmin.tables.hiding import METADATA, Hiding, as_seen, as_seen_in_sql, hidden_changes
from ndsadmin.tables.labels import mask
from ndsadmin.tables.paging import ranges
from security.columns import Blob, Bool, Int, Json, Real
from security.columns.column import Column
from security.columns.places import Restored, Stored
from security.scope import Reach, current_scope

CHUNK = 2_000  # rows: some 600 kB, and a sign of life every 0.01 s
MEMBERS = 16  # of one JSON_OBJECT: a function takes 32 arguments on D1
LARGEST = "1.7976931348623157e308"  # the largest number that is one; CASE leaves NULL and texts as they are
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


class JsonLine(Func):
    """A row as the text of a JSON object. SQLite refuses where a value is bytes."""

    function = "JSON_OBJECT"
    output_field = TextField()

    def __init__(self, fields: Sequence[Field[Any, Any]], hiding: Hiding) -> None:
        super().__init__(*(field.attname for field in fields))
        self.fields, self.hiding = fields, hiding

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        parts = []
        for field, source in zip(self.fields, self.get_source_expressions(), strict=True):
            column, _ = compiler.compile(source)
            if field is METADATA:
                kind = self.get_source_expressions()[[one.name for one in self.fields].index("resource_type")]
                column = as_seen_in_sql(compiler.compile(kind)[0], column, self.hiding)
            parts.append(f"'{field.column}', {_json_value(field, column)}")
        text = f"JSON_OBJECT({', '.join(parts[-MEMBERS:])})"
        for end in range(len(parts) - MEMBERS, 0, -MEMBERS):  # the short one is in front: it is written twice
            front = f"JSON_OBJECT({', '.join(parts[max(0, end - MEMBERS) : end])})"
            text = f"(SUBSTR({front}, 1, LENGTH({front}) - 1) || ',' || SUBSTR({text}, 2))"
        return text, []


@dataclass(slots=True)
class Export:
    """A file in the making; ``rows`` counts what was written so far."""

    asked: Asked
    format: str
    rows: int = 0
    hiding: Hiding = member(default_factory=hidden_changes)

    @property
    def fields(self) -> list[Field[Any, Any]]:
        """What is written: all that the reader sees, without bytes."""
        return [field for field in self.asked.seen if is_exported(field)]

    def stream(self) -> Generator[bytes]:
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
        for piece in self._pieces():
            rows = [_masked(row, masked) for row in self._as_seen(_fetched(piece, self.fields))]
            self.rows += len(rows)
            yield rows

    def _lines(self, separator: str) -> Iterator[str]:
        if any(field.column in self.asked.masked for field in self.fields):
            pieces = (_in_python(rows, self.fields, separator) for rows in self._rows())
            yield from (lines for lines in pieces if lines)
            return
        for piece in self._pieces():
            try:
                lines, number = _concatenated(piece, self.fields, self.hiding, separator)
            except OperationalError:  # bytes where a text should be: SQLite has no JSON for them
                rows = self._as_seen(_fetched(piece, self.fields))
                lines, number = _in_python(rows, self.fields, separator), len(rows)
            self.rows += number
            if number:
                yield lines

    def _as_seen(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """``rows`` without what their reader does not see of the trail's changes."""
        if not self.hiding or METADATA not in self.fields:
            return rows
        names = [field.name for field in self.fields]
        kind, at = names.index("resource_type"), names.index(METADATA.name)
        seen = []
        for row in rows:
            told = row[at]
            if row[kind] in self.hiding and isinstance(told, str) and _is_json(told):
                told = json.dumps(as_seen(row[kind], json.loads(told), self.hiding), ensure_ascii=False)
            seen.append((*row[:at], told, *row[at + 1 :]))
        return seen

    def _pieces(self) -> Iterator[QuerySet[Any]]:
        """`CHUNK` rows at a time."""
        reading = self.asked.reading
        everything = self.asked.everything
        is_whole = not self.asked.is_narrowed and current_scope().reach is Reach.PLATFORM
        if is_whole and reading.order == self.asked.usual_order:  # in the order of the table itself
            yield from _in_turn(everything.alias(at=RowNumber()), "at", RowNumber())
            return
        # The newest-first list is written from its other end: read backwards, disks do not read ahead.
        for part, descending in ranges(reading, is_forward=reading.order != self.asked.usual_order):
            rows = reading.matching(between(reading.rows(everything), *part))
            yield from _in_turn(rows, "-place" if descending else "place", Stored("place"))


def is_exported(field: Field[Any, Any]) -> bool:
    return not isinstance(field, Blob) and not (isinstance(field, Column) and field.secret)


def _in_turn(rows: QuerySet[Any], order: str, end_of: Func) -> Iterator[QuerySet[Any]]:
    """``rows`` by ``order``, in pieces. Each costs one short query more: where it ends.

    A piece reaches to that end, however many rows it holds by then: rows that come or go between the two queries
    push none out of it and none into it twice.
    """
    descending = order.startswith("-")
    name = order.removeprefix("-")
    rest = rows
    while True:
        ends = list(rest.order_by(order).annotate(end=end_of).values_list("end", flat=True)[CHUNK - 1 : CHUNK])
        if not ends:
            yield rest.order_by(order)
            return
        end = Restored(Value(ends[0])) if isinstance(ends[0], bytes) else ends[0]
        yield rest.filter(**{f"{name}__{'gte' if descending else 'lte'}": end}).order_by(order)
        rest = rows.filter(**{f"{name}__{'lt' if descending else 'gt'}": end})


def _fetched(piece: QuerySet[Any], fields: Sequence[Field[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of ``piece`` as they are stored."""
    try:
        sql, params = piece.values_list(*(field.attname for field in fields)).query.sql_with_params()
    except EmptyResultSet:  # a search that found no key
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _concatenated(
    piece: QuerySet[Any], fields: Sequence[Field[Any, Any]], hiding: Hiding, separator: str
) -> tuple[str, int]:
    """The rows of ``piece`` as JSON objects in one text, and how many they are."""
    try:
        sql, params = piece.annotate(line=JsonLine(fields, hiding)).values_list("line").query.sql_with_params()
    except EmptyResultSet:
        return "", 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT GROUP_CONCAT(line, %s), COUNT(*) FROM ({sql})", [separator, *params])  # noqa: S608  # Django's own SQL
        lines, number = cursor.fetchone()
    return lines or "", number


def _in_python(rows: Sequence[Sequence[Any]], fields: Sequence[Field[Any, Any]], separator: str) -> str:
    """Rows as `JsonLine` writes them."""
    return separator.join(
        "{" + ",".join(f'"{f.column}":{_json_text(f, v)}' for f, v in zip(fields, row, strict=True)) + "}"
        for row in rows
    )


def _json_value(field: Field[Any, Any], column: str) -> str:
    """A column in `JsonLine`. Infinite numbers, which JSON does not know, are texts."""
    if isinstance(field, Json):
        return f"CASE WHEN JSON_VALID({column}) THEN JSON({column}) ELSE CAST({column} AS TEXT) END"
    if isinstance(field, Bool):
        return f"CASE {column} WHEN 1 THEN JSON('true') WHEN 0 THEN JSON('false') ELSE {column} END"
    if isinstance(field, Int | Real):
        return f"CASE WHEN ABS({column}) > {LARGEST} THEN CAST({column} AS TEXT) ELSE {column} END"
    return column


def _json_text(field: Field[Any, Any], value: Any) -> str:
    """A value of a column as JSON. A document stays as it is written: parsing it could lose what Python has no number
    or character for."""
    if isinstance(field, Json) and isinstance(value, str) and _is_json(value):
        return value.replace("\n", " ").replace("\r", " ")
    if isinstance(field, Bool) and value in (0, 1):
        return "true" if value else "false"
    if isinstance(value, bytes):
        value = value.hex()
    is_number = not isinstance(value, float) or math.isfinite(value)
    return json.dumps(value if is_number else str(value), ensure_ascii=False)


def _is_json(text: str) -> bool:
    """Whether ``text`` is JSON, and not only what Python takes for it: NaN is none."""
    try:
        json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(constant: str) -> None:
    raise ValueError(constant)


def _masked(row: tuple[Any, ...], masked: Sequence[int]) -> tuple[Any, ...]:
    if not masked:
        return row
    return tuple(mask(str(v)) if n in masked and v is not None else v for n, v in enumerate(row))


def csv_of(rows: Sequence[Sequence[Any]]) -> bytes:
    """A table as CSV, in which no text is a formula."""
    return _csv(_safe_rows(rows))


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
