"""Statements within D1's limits: 100 parameters, patterns of 50 bytes (https://developers.cloudflare.com/d1/platform/limits/).

What Django writes beyond them is put in other words, the same on both databases: a long list as one JSON parameter, a
long pattern as a search for its text. One parameter is left for row-level security.
"""

import json
import re
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

from django.db import NotSupportedError

from security.rls.tokens import Token, tokenize

PARAMETERS = 99  # D1 allows 100; the tenant in force is one
PATTERN = 50  # bytes of a LIKE pattern
LIMITS = {
    "SQLITE_LIMIT_COLUMN": 100,
    "SQLITE_LIMIT_VARIABLE_NUMBER": 100,
    "SQLITE_LIMIT_COMPOUND_SELECT": 5,
    "SQLITE_LIMIT_EXPR_DEPTH": 100,
    "SQLITE_LIMIT_FUNCTION_ARG": 32,
    "SQLITE_LIMIT_LIKE_PATTERN_LENGTH": PATTERN,
    "SQLITE_LIMIT_SQL_LENGTH": 100_000,
}
"""D1's limits as SQLite names them; those that D1 documents and SQLite cannot set are checked where they are met."""

LEAST, MOST = -(2**63), 2**63 - 1  # whole numbers of SQLite


class Shaped(NamedTuple):
    sql: str
    parameters: Any


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def shape(sql: str, parameters: Sequence[Any]) -> Shaped:
    """``sql``, with its parameters as ``?``, within the limits; unchanged where it is already.

    Raises:
        NotSupportedError: more parameters than there may be, and not of kinds that JSON can carry.
    """
    is_long = len(parameters) > PARAMETERS
    if not is_long and not (" LIKE " in sql and any(map(_is_long_pattern, parameters))):
        return Shaped(sql, parameters)
    tokens = tokenize(sql)
    places = [at for at, token in enumerate(tokens) if token.text == "?"]
    if len(places) != len(parameters):  # the driver says so in its own words
        return Shaped(sql, parameters)
    values: list[Any] = list(parameters)
    edits = list(_patterns(tokens, places, values, sql))
    if is_long:
        edits += _lists(tokens, places, values)
    kept = [(place, value) for place, value in zip(places, values, strict=True) if value is not _GONE]
    if len(kept) > PARAMETERS:
        return _carried(sql, tokens, edits, kept)
    return Shaped(_edited(sql, edits), [value for _, value in kept])


_GONE: Any = object()  # a value that has gone into a list


def fits_json(value: Any) -> bool:
    """Whether ``value`` comes out of SQLite's JSON as it went in: no NUL, half characters, numbers beyond 64 bits."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or (isinstance(value, int) and LEAST <= value <= MOST)


def _is_long_pattern(value: Any) -> bool:
    return isinstance(value, str) and len(value) > PATTERN // 4 and len(value.encode()) > PATTERN


def _lists(tokens: list[Token], places: list[int], values: list[Any]) -> list[_Edit]:
    """``IN (?, ?, …)`` as ``IN (SELECT +value FROM json_each(?))``; with the sign the affinity is the column's."""
    number = {place: index for index, place in enumerate(places)}
    edits = []
    for at, token in enumerate(tokens[:-3]):
        if token.word != "IN" or tokens[at + 1].text != "(":
            continue
        inside = []
        for place in range(at + 2, len(tokens), 2):
            if place not in number or tokens[place + 1].text not in {",", ")"}:
                break
            inside.append(number[place])
            if tokens[place + 1].text == ")":
                edits += _listed(tokens, at, place + 1, inside, values)
                break
    return edits


def _listed(tokens: list[Token], at: int, end: int, inside: list[int], values: list[Any]) -> list[_Edit]:
    listed = [values[index] for index in inside]
    if len(inside) < 2 or not all(map(fits_json, listed)):
        return []
    values[inside[0]] = json.dumps(listed)
    for index in inside[1:]:
        values[index] = _GONE
    return [_Edit(tokens[at + 1].start, tokens[end].end, "(SELECT +value FROM json_each(?))")]


def _patterns(tokens: list[Token], places: list[int], values: list[Any], sql: str) -> list[_Edit]:
    """``x LIKE ? ESCAPE '\\'`` as a search for the text in the pattern; ASCII letters are folded, as LIKE does.

    Only where ``x`` is a column or a function: what else stands there meets SQLite's own limit.
    """
    edits: list[_Edit] = []
    for index, place in enumerate(places):
        if tokens[place - 1].word != "LIKE" or not _is_long_pattern(values[index]):
            continue
        parts = _parts(values[index])
        start = _operand(tokens, place - 2)
        if parts is None or start is None or [t.text for t in tokens[place + 1 : place + 3]] != ["ESCAPE", "'\\'"]:
            continue
        starts_open, text, ends_open = parts
        operand = sql[tokens[start].start : tokens[place - 2].end]
        test = {
            (True, True): f"instr(lower({operand}), lower(?)) > 0",
            (False, True): f"instr(lower({operand}), lower(?)) = 1",
            (True, False): f"substr(lower({operand}), -{len(text)}) = lower(?)",
            (False, False): f"lower({operand}) = lower(?)",
        }[starts_open, ends_open]
        values[index] = text
        edits.append(_Edit(tokens[start].start, tokens[place + 2].end, f"({test})"))
    return edits


def _parts(pattern: str) -> tuple[bool, str, bool] | None:
    """Whether ``pattern`` starts with a wildcard, its text, and whether it ends with one; None with others inside."""
    characters = _PATTERN.findall(pattern)
    starts_open, ends_open = characters[0] == "%", len(characters) > 1 and characters[-1] == "%"
    inside = characters[starts_open : len(characters) - ends_open]
    if "%" in inside or "_" in inside:
        return None
    return starts_open, "".join(character[-1] for character in inside), ends_open


def _operand(tokens: list[Token], last: int) -> int | None:
    """Where the operand starts that ends at ``last``: a column, a function, a bracket; None for whatever else."""
    at = last
    if tokens[at].text == ")":
        depth = tokens[last].depth
        at = next(i for i in range(at - 1, -1, -1) if tokens[i].text == "(" and tokens[i].depth == depth)
        if any(token.word == "LIKE" for token in tokens[at:last]):
            return None
        if at and tokens[at - 1].kind == "word" and tokens[at - 1].word not in _NO_FUNCTION:
            at -= 1
    elif tokens[at].kind not in {"word", "quoted"} or tokens[at].word in _NO_OPERAND:
        return None
    while at > 1 and tokens[at - 1].text == ".":
        at -= 2
    before = tokens[at - 1] if at else None
    return at if before is None or before.text in {"(", ","} or before.word in _IN_FRONT else None


_PATTERN = re.compile(r"\\.|.", re.DOTALL)
_IN_FRONT = frozenset({"AND", "OR", "NOT", "WHERE", "ON", "WHEN", "THEN", "ELSE", "SELECT", "HAVING", "BY"})
_NO_FUNCTION = _IN_FRONT | {"IN", "FILTER", "OVER", "DISTINCT", "EXISTS", "VALUES", "AS"}
_NO_OPERAND = frozenset({"NOT", "END", "NOCASE", "RTRIM", "BINARY", "ISNULL", "NOTNULL"})


def _carried(sql: str, tokens: list[Token], edits: list[_Edit], kept: list[tuple[int, Any]]) -> Shaped:
    """All that JSON can carry in one parameter, the first; the others behind it, by their numbers."""
    listed, apart, names = list[Any](), list[Any](), list[str]()
    for _, value in kept:
        if fits_json(value):
            names.append(f"json_extract(?1, '$[{len(listed)}]')")
            listed.append(value)
        else:
            apart.append(value)
            names.append(f"?{len(apart) + 1}")
    if len(apart) >= PARAMETERS:
        raise NotSupportedError(
            f"A statement has {len(kept)} parameters, {len(apart)} of them bytes: at most {PARAMETERS}."
        )
    text, following = _edited(sql, edits), iter(names)
    return Shaped(_edited(text, _each(text, lambda: next(following))), [json.dumps(listed), *apart])


def _each(text: str, name: Callable[[], str]) -> list[_Edit]:
    return [_Edit(token.start, token.end, name()) for token in tokenize(text) if token.text == "?"]


def _edited(sql: str, edits: list[_Edit]) -> str:
    out, at = [], 0
    for edit in sorted(edits):
        out += [sql[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, sql[at:]])
