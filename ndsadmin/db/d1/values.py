"""Values on their way to D1 and back.

D1 binds every number as REAL and rounds integers beyond 2**53, so

- integers, booleans, NULL and a few bytes stand in the SQL as literals; text, other bytes and fractions are bound;
- what is read in exact form (`exact`) comes as JSON of SQLite's own making, each value tagged with its type: integers
  with all 64 bits, fractions as mantissa and exponent (SQLite writes and reads decimals with an error in the last bit).
"""

import json
import math
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from ndsadmin.db.shaping import LEAST, MOST

MOST_BYTES = 2_000_000  # of a text or blob (https://developers.cloudflare.com/d1/platform/limits/)
FEW_BYTES = 64  # of a blob that stands in the SQL
EXACT = 2**53  # integers below are exact as REAL
GROUP = 30  # values in one JSON_ARRAY: a function takes 32 arguments


class Unsendable(Exception):
    """A value that D1 cannot hold; says which kind, and what is expected."""


def literal(value: Any) -> str | None:
    """``value``, which is `adapted`, as SQL; None for what is bound.

    Raises:
        OverflowError: an integer beyond 64 bits, as SQLite's driver has it.
    """
    if value is None:
        return "NULL"
    if isinstance(value, int):
        if not LEAST <= value <= MOST:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return f"({value:d})" if value < 0 else f"{value:d}"
    if isinstance(value, bytes) and len(value) <= FEW_BYTES:
        return f"X'{value.hex()}'"
    if isinstance(value, float) and math.isnan(value):
        return "NULL"  # as SQLite stores it
    return None


def bound(value: Any) -> Any:
    """``value``, which is no `literal`, as a parameter: text, a finite number or a list of bytes.

    Raises:
        Unsendable: it is too long, or D1 would give something else back.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        if math.isinf(value):
            raise Unsendable("expected a finite number, got an infinite one: D1 answers NULL for it")
        return value
    if len(value) > MOST_BYTES:
        raise Unsendable(f"expected at most {MOST_BYTES:,} bytes, got {len(value):,}")
    return list(value)


def adapted(value: Any) -> Any:
    """``value`` as None, int, float, str or bytes: these themselves, as members of an enumeration are none.

    Raises:
        sqlite3.ProgrammingError: it is of another type.
    """
    for kind, itself in _THEMSELVES:
        if isinstance(value, kind):
            return itself(value)
    if value is None:
        return None
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    try:
        told = sqlite3.adapt(value)  # type: ignore[call-overload]  # the stubs lack the form with one argument
    except sqlite3.ProgrammingError:
        raise sqlite3.ProgrammingError(f"type {type(value).__name__!r} is not supported") from None
    return adapted(told)  # dates, decimals: what Django told SQLite's driver about them


_THEMSELVES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (bytes, bytes),
)


def _text(value: str) -> str:
    size = len(value)
    if size * 4 > MOST_BYTES or not value.isascii():
        try:
            size = len(value.encode())
        except UnicodeEncodeError:
            raise Unsendable("expected text, got half of a surrogate pair") from None
    if size > MOST_BYTES:
        raise Unsendable(f"expected at most {MOST_BYTES:,} bytes, got {size:,}")
    return value


def exact(columns: Sequence[str]) -> str:
    """SQL that puts a row of ``columns`` into one text, type and all."""
    cells = [_CELL.replace("$", column) for column in columns]
    groups = [f"json_array({', '.join(cells[at : at + GROUP])})" for at in range(0, len(cells), GROUP)]
    return f"json_array({', '.join(groups)})"


def in_exact_form(sql: str, columns: Sequence[str]) -> str:
    names = [f"c{number}" for number in range(len(columns))]
    return f'WITH "d1:read"({", ".join(names)}) AS MATERIALIZED ({sql}) SELECT {exact(names)} AS r FROM "d1:read"'


def read_exact(row: str) -> tuple[Any, ...]:
    """The row that `exact` put into ``row``."""
    return tuple(_untagged(cell) for group in json.loads(row) for cell in group)


# 60 bits of mantissa hold a double's 53, also where log2 is off by one. The shift goes in halves: no overflow.
_LOG = "CAST(floor(log2(abs($))) AS INTEGER)"
_HALF = f"((60 - {_LOG}) / 2)"
_REAL = (
    f"CASE WHEN $ = 0 THEN '0p0' WHEN abs($) = 9e999 THEN iif($ > 0, 'inf', '-inf') ELSE "
    f"CAST($ * pow(2, {_HALF}) * pow(2, 60 - {_LOG} - {_HALF}) AS INTEGER) || 'p' || ({_LOG} - 60) END"
)
_CELL = (
    "CASE typeof($) WHEN 'text' THEN 't' || $ WHEN 'blob' THEN 'b' || hex($) "
    f"WHEN 'real' THEN 'r' || {_REAL} ELSE $ END"
)


def _untagged(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    kind, text = cell[0], cell[1:]
    if kind == "t":
        return text
    if kind == "b":
        return bytes.fromhex(text)
    mantissa, point, exponent = text.partition("p")
    return math.ldexp(int(mantissa), int(exponent)) if point else float(text)


def plain(rows: list[list[Any]]) -> tuple[list[tuple[Any, ...]], bool]:
    """Rows as D1 sends them, with bytes; and whether an integer among them may be rounded."""
    is_rounded = False
    for row in rows:
        for at, value in enumerate(row):
            kind = type(value)
            if kind is list:
                row[at] = bytes(value)
            elif (kind is int or kind is float) and not -EXACT < value < EXACT:
                is_rounded = True
    return [tuple(row) for row in rows], is_rounded
