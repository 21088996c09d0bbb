"""Many rows in one statement: as JSON, which SQLite takes apart.

    INSERT INTO "t" ("a", "b") SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?)

Integers keep all 64 bits. Bytes travel as hexadecimal digits. A fraction whose decimal digits SQLite could read with
an error in the last bit travels as mantissa and exponent.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ndsadmin.db.d1.values import MOST_BYTES, adapted
from ndsadmin.db.shaping import fits_json

ROWS, BYTES = 500, 1_000_000  # of one statement
EASY_DIGITS, EASY_POWER = 15, 22  # decimals within are exact in one operation (Clinger, 1990)
_INSERT = re.compile(r'\s*(INSERT INTO "?\w+"? \([^()]+\)) VALUES (\(\s*(\?|%s)(?:\s*,\s*\3)*\s*\))\s*', re.I)


def as_lists(sql: str, rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """``sql`` for each of ``rows``: many in a list where it is a plain INSERT, else as it stands."""
    plain = _INSERT.fullmatch(sql)
    if plain is None:
        yield from ((sql, row) for row in rows)
        return
    head, marks, mark = plain.groups()
    number = marks.count(mark)
    left = iter(rows)
    while several := list(islice(left, ROWS)):
        are_plain = all(not isinstance(row, Mapping) and len(row) == number for row in several)
        found = listed([[adapted(value) for value in row] for row in several]) if are_plain else None
        if found is None:
            yield from ((sql, row) for row in several)
        else:
            columns, texts = found
            yield from ((f"{head} SELECT {columns} FROM json_each({mark})", [text]) for text in texts)


def listed(rows: Sequence[Sequence[Any]]) -> tuple[str, list[str]] | None:
    """The SELECT list that takes `adapted` ``rows`` out of JSON, and the JSON; None where it cannot carry one."""
    columns = selected(rows)
    texts = list(in_texts(rows)) if columns else []
    return None if columns is None or any(_is_long(text) for text in texts) else (columns, texts)


def _is_long(text: str) -> bool:
    return len(text) * 4 > MOST_BYTES and len(text.encode()) > MOST_BYTES


def selected(rows: Sequence[Sequence[Any]]) -> str | None:
    """The SELECT list that takes ``rows`` out of their JSON; None where JSON cannot carry one of them."""
    columns = []
    for place, values in enumerate(zip(*rows, strict=True)):
        column = _column(place, values)
        if column is None:
            return None
        columns.append(column)
    return ", ".join(columns)


def _column(place: int, values: Sequence[Any]) -> str | None:
    kinds = {type(value) for value in values}
    if not all(isinstance(value, bytes) or fits_json(value) for value in values):
        return None
    if bytes in kinds:
        return f"unhex(value ->> {place})" if kinds <= {bytes, type(None)} else None
    if float in kinds and not all(_is_easy(value) for value in values if type(value) is float):
        pair = f"(value ->> '$[{place}][0]') * pow(2, value ->> '$[{place}][1]') * pow(2, value ->> '$[{place}][2]')"
        return f"iif(json_type(value, '$[{place}]') = 'array', {pair}, value ->> {place})"
    return f"value ->> {place}"


def _is_easy(value: float) -> bool:
    digits, _, power = repr(value).lstrip("-").partition("e")
    whole, _, parts = digits.partition(".")
    places = int(power or 0) - len(parts)
    return len((whole + parts).strip("0")) <= EASY_DIGITS and -EASY_POWER <= places <= EASY_POWER - EASY_DIGITS


def in_texts(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """``rows`` as JSON, in texts of at most `BYTES`; a row that is longer has one of its own."""
    texts: list[str] = []
    size = 0
    for row in rows:
        text = json.dumps([_sendable(value) for value in row], ensure_ascii=False, separators=(",", ":"))
        length = len(text) if text.isascii() else len(text.encode())
        if texts and size + length > BYTES:
            yield f"[{','.join(texts)}]"
            texts, size = [], 0
        texts.append(text)
        size += length
    yield from ([f"[{','.join(texts)}]"] if texts else [])


def _sendable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not _is_easy(value):
        fraction, exponent = math.frexp(value)
        power = exponent - 53
        return [int(fraction * 2**53), power // 2, power - power // 2]
    return value
