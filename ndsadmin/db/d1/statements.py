"""What the driver must know of a statement: what it does, where its parameters stand, and which columns it gives."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ndsadmin.db.d1.columns import columns_of, returned_columns, shown
from ndsadmin.db.d1.transport import Statement
from ndsadmin.db.d1.values import Unsendable, adapted, bound, literal
from ndsadmin.db.shaping import LIMITS
from security.exceptions import Refused
from security.rls.tokens import Token, closing, tokenize

MOST_SQL = LIMITS["SQLITE_LIMIT_SQL_LENGTH"]  # bytes of a statement

Place = int | str
"""Of a parameter: its index, or its name."""


class Kind(Enum):
    READ = "read"
    OTHER_READ = "other read"  # EXPLAIN, PRAGMA: no other statement can be put around it
    BLIND = "blind change"  # one whose feedback is seldom asked for
    CHANGE = "change"
    SCHEMA = "schema"
    TRANSACTION = "transaction"
    NOTHING = "nothing"


VERBS = {
    "SELECT": Kind.READ,
    "VALUES": Kind.READ,
    "INSERT": Kind.BLIND,
    "REPLACE": Kind.CHANGE,
    "UPDATE": Kind.CHANGE,
    "DELETE": Kind.CHANGE,
}
OTHERS = {
    "EXPLAIN": Kind.OTHER_READ,
    "PRAGMA": Kind.OTHER_READ,
    "ANALYZE": Kind.BLIND,
    **dict.fromkeys(("CREATE", "ALTER", "DROP", "REINDEX", "VACUUM", "ATTACH", "DETACH"), Kind.SCHEMA),
    **dict.fromkeys(("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"), Kind.TRANSACTION),
}
_FIRST = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(\w*)", re.DOTALL)
_CHANGING = frozenset({"RANDOM", "RANDOMBLOB", "CHANGES", "TOTAL_CHANGES", "LAST_INSERT_ROWID"})
_NOW = re.compile(
    r"'\s*now\s*'|\b(?:date|time|datetime|julianday|unixepoch)\s*\(\s*\)|\bstrftime\s*\([^,()]*\)"
    r"|\bcurrent_(?:time|date|timestamp)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:date|time|datetime|julianday|unixepoch|strftime)\s*\(", re.IGNORECASE)
_TAIL = re.compile(r"(?:;|\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+\Z", re.DOTALL)
_BEHIND_LISTS = frozenset({"LIMIT", "HAVING", "ROWS", "RANGE", "GROUPS", "WINDOW", "ORDER"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """``columns`` of a read; None where only the database can tell (``*``). ``pieces`` stand around the parameters.

    ``ordered`` are the pieces behind which a whole number would be a column's place (ORDER BY 1). ``is_steady``: asked
    twice, it gives the same. ``returns``: a change that gives rows. ``names``: more than the tables in it, never fewer.
    ``target`` is the one that it changes. ``returned`` names what RETURNING gives; empty for ``*``, None where
    names cannot tell. ``tells_time``: it shows a date that depends on its parameters.
    """

    sql: str
    kind: Kind
    pieces: tuple[str, ...]
    places: tuple[Place, ...] = ()
    columns: tuple[str, ...] | None = None
    ordered: frozenset[int] = frozenset()
    is_steady: bool = True
    returns: bool = False
    names: frozenset[str] = frozenset()
    target: str = ""
    inserts: bool = False
    returned: tuple[str, ...] | None = ()
    tells_time: bool = False

    def is_steady_with(self, values: Sequence[Any]) -> bool:
        """Whether it gives the same when it is asked twice with ``values``."""
        is_now = any(isinstance(value, str) and value.strip().lower() == "now" for value in values)
        return self.is_steady and not (self.tells_time and is_now)

    def bind(self, parameters: "Sequence[Any] | Mapping[str, Any]") -> Statement:
        """The statement with ``parameters``: some stand in its text, others are bound by number.

        Raises:
            sqlite3.ProgrammingError: too many or too few of them, or a type that SQL has not.
            sqlite3.DataError: a value or the statement is larger than D1 takes; names the column.
        """
        _check_number(self, parameters)
        out, values, numbers = [self.pieces[0]], [], dict[Place, int]()
        for at, place in enumerate(self.places):
            value = self._adapted(parameters[place], at)  # type: ignore[index]  # a name for a mapping, else an index
            text = literal(value)
            if text is None:
                if place not in numbers:
                    values.append(self._bound(value, at))
                    numbers[place] = len(values)
                text = f"?{numbers[place]}"
            elif at in self.ordered:
                text = f"CAST({text} AS NUMERIC)"
            out += [f" {text} ", self.pieces[at + 1]]
        sql = "".join(out)
        if len(sql) > MOST_SQL // 4 and len(sql.encode()) > MOST_SQL:
            raise sqlite3.DataError(f"A statement of {len(sql.encode()):,} bytes: D1 takes {MOST_SQL:,}.")
        return Statement(sql, values)

    def _bound(self, value: Any, at: int) -> Any:
        try:
            return bound(value)
        except Unsendable as error:
            raise sqlite3.DataError(f"{_named(self, at)}: {error}.") from None

    def _adapted(self, value: Any, at: int) -> Any:
        try:
            return adapted(value)
        except sqlite3.ProgrammingError as error:
            raise sqlite3.ProgrammingError(f"{_named(self, at)}: {error}") from None


def _check_number(parsed: Parsed, parameters: "Sequence[Any] | Mapping[str, Any]") -> None:
    if isinstance(parameters, Mapping):
        if missing := [place for place in parsed.places if place not in parameters]:
            raise sqlite3.ProgrammingError(f"You did not supply a value for binding parameter :{missing[0]}.")
        return
    wanted = max((place + 1 for place in parsed.places if isinstance(place, int)), default=0)
    if wanted != len(parameters) or any(isinstance(place, str) for place in parsed.places):
        raise sqlite3.ProgrammingError(
            "Incorrect number of bindings supplied. "
            f"The current statement uses {wanted}, and there are {len(parameters)} supplied."
        )


@lru_cache(4096)
def parse(sql: str) -> Parsed:
    """Take ``sql`` apart.

    Raises:
        security.exceptions.Refused: more than one statement, or what is no SQL.
    """
    first = _FIRST.match(sql)
    word = first.group(1).upper() if first else ""
    if word in OTHERS and word != "EXPLAIN":
        text = _TAIL.sub("", sql)
        _refuse_several(text)
        return Parsed(text, OTHERS[word], (text,))
    tokens = tokenize(sql)
    if not tokens:
        return Parsed("", Kind.NOTHING, ("",))
    text = sql[: tokens[-1].end]
    pieces, places = _parameters(text, tokens)
    main = _main(tokens)
    kind = OTHERS.get(word) or (VERBS[tokens[main].word] if main is not None else Kind.OTHER_READ)
    list_ = shown(tokens, text)
    tops = {token.word for token in tokens if token.depth == 0}
    words = {token.word for token in tokens}
    return Parsed(
        text,
        Kind.CHANGE if kind is Kind.BLIND and words & {"REPLACE", "CONFLICT", "IGNORE"} else kind,
        pieces,
        places,
        columns_of(tokens, main, text) if kind is Kind.READ and main is not None else None,
        _ordered(tokens) if places and "BY" in words else frozenset(),
        not _calls(tokens, _CHANGING) and _NOW.search(list_) is None,
        kind in {Kind.BLIND, Kind.CHANGE} and "RETURNING" in tops,
        frozenset(token.name for token in tokens if token.name is not None),
        _target(tokens, main) if kind in {Kind.BLIND, Kind.CHANGE} and main is not None else "",
        main is not None and tokens[main].word in {"INSERT", "REPLACE"},
        returned_columns(tokens, text) if "RETURNING" in tops else (),
        _DATE.search(list_) is not None,
    )


def _calls(tokens: Sequence[Token], names: frozenset[str]) -> bool:
    return any(one.word in names and other.text == "(" for one, other in pairwise(tokens))


def _refuse_several(sql: str) -> None:
    """D1 runs all that stands in a text; SQLite tells where a statement ends, in triggers too."""
    for mark in re.finditer(";", sql):
        if sqlite3.complete_statement(sql[: mark.end()]):
            raise Refused("More than one statement at once.")


def _target(tokens: Sequence[Token], main: int) -> str:
    at = main + 1 + 2 * (tokens[main + 1].word == "OR")
    at += tokens[at].word in {"INTO", "FROM"}
    at += 2 * (at + 1 < len(tokens) and tokens[at + 1].text == ".")
    return tokens[at].name or ""


def counting(sql: str) -> str:
    """SQL that counts the rows that an UPDATE or DELETE would touch.

    Raises:
        sqlite3.NotSupportedError: it is another statement, or reads a second table.
    """
    tokens = tokenize(sql)
    main = _main(tokens)
    tops = {token.word: at for at, token in reversed(list(enumerate(tokens))) if token.depth == 0}
    if (
        main is None
        or tokens[main].word not in {"UPDATE", "DELETE"}
        or ("FROM" in tops) != (tokens[main].word == "DELETE")
    ):
        raise sqlite3.NotSupportedError("D1 cuts messages here: how many rows this would change cannot be known.")
    target = tokens[tops["FROM"] + 1 if tokens[main].word == "DELETE" else main + 1].start
    end = tokens[tops["RETURNING"]].start if "RETURNING" in tops else len(sql)
    where = tokens[tops["WHERE"]].start if "WHERE" in tops else end
    behind = tokens[tops["SET"]].start if "SET" in tops else where
    return f"{sql[: tokens[main].start]}SELECT count(*) FROM {sql[target:behind]}{sql[where:end]}"


def _parameters(sql: str, tokens: Sequence[Token]) -> tuple[tuple[str, ...], tuple[Place, ...]]:
    pieces: list[str] = []
    places: list[Place] = []
    at = next_one = 0
    for token in tokens:
        if token.kind != "parameter":
            continue
        pieces.append(sql[at : token.start])
        at = token.end
        if token.text[0] == ":":
            places.append(token.text[1:])
            continue
        place = int(token.text[1:]) - 1 if len(token.text) > 1 else next_one
        next_one = max(next_one, place + 1)
        places.append(place)
    return (*pieces, sql[at:]), tuple(places)


def _main(tokens: Sequence[Token]) -> int | None:
    """The verb, behind WITH and in the brackets that may stand around a SELECT."""
    depth = 0
    for at, token in enumerate(tokens):
        if token.text == "(" and at == depth:
            depth += 1
        elif token.depth == depth and token.word in VERBS and (token.word != "REPLACE" or _is_into(tokens, at)):
            return at
    return None


def _is_into(tokens: Sequence[Token], at: int) -> bool:
    """Whether the REPLACE at ``at`` is the verb, and no name."""
    return at + 1 < len(tokens) and tokens[at + 1].word == "INTO"


def _ordered(tokens: Sequence[Token]) -> frozenset[int]:
    """Parameters in ORDER BY and GROUP BY: SQLite looks through brackets and signs for a column's place."""
    found, number, lists = set(), 0, list[int]()
    for token in tokens:
        if token.word == "BY":
            lists.append(token.depth)
        elif lists and (token.depth < lists[-1] or (token.depth == lists[-1] and token.word in _BEHIND_LISTS)):
            lists.pop()
        if token.kind == "parameter":
            if lists:
                found.add(number)
            number += 1
    return frozenset(found)


def _named(parsed: Parsed, at: int) -> str:
    """The column that the parameter ``at`` is meant for, as far as the text tells."""
    tokens = tokenize(parsed.sql)
    place = [index for index, token in enumerate(tokens) if token.kind == "parameter"][at]
    if place > 1 and tokens[place - 1].text == "=" and tokens[place - 2].name:
        return str(tokens[place - 2].name)
    opening = next((i for i, token in enumerate(tokens) if token.text == "("), None)
    if parsed.kind is not Kind.READ and opening is not None and tokens[place].depth == 1:
        listed = [token.name for token in tokens[opening + 1 : closing(tokens, opening)] if token.name]
        start = max(i for i in range(place) if tokens[i].text == "(" and tokens[i].depth == 0)
        index = sum(token.text == "," and token.depth == 1 for token in tokens[start:place])
        if index < len(listed):
            return str(listed[index])
    return f"Parameter {at + 1}"
