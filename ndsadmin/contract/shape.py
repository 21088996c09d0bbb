"""What a table is, without how it was written down.

Two tables have the same shape where they cannot be told apart by a program that uses them: columns in order with
their type names, NOT NULL, evaluated defaults and place in the key; foreign keys with their actions; unique column
sets; named indexes with columns, direction and condition; and the clauses that change what a statement does (CHECK,
COLLATE, ON CONFLICT, generated columns, deferred keys …). Names of
constraints, quoting and spaces do not count, nor NOT NULL of a key (``TEXT PRIMARY KEY`` may be NULL in SQLite, and
Django never writes it so).
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from security.contract import OWN_PREFIX

Query = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a statement and returns its rows."""

CLAUSES = ("CHECK", "COLLATE", "ON CONFLICT", "DEFERRABLE", "WITHOUT ROWID", "STRICT", "AUTOINCREMENT")


@dataclass(frozen=True, slots=True)
class ColumnShape:
    name: str
    type: str
    required: bool
    default: tuple[str, Any] | None  # (SQLite type, value), ("now", None) for the present time
    key_place: int  # from 1; 0 where the column is not in the key


@dataclass(frozen=True, slots=True)
class IndexShape:
    unique: bool
    columns: tuple[tuple[str, bool], ...]  # (column, descending)
    where: str | None


@dataclass(frozen=True, slots=True)
class TableShape:
    columns: tuple[ColumnShape, ...]
    foreign_keys: frozenset[tuple[str, str, str, str, str]]  # column, table, its column, on update, on delete
    uniques: frozenset[frozenset[str]]
    indexes: dict[str, IndexShape] = field(hash=False)
    clauses: frozenset[str]  # what a table of the contract has none of: CHECK, COLLATE, ON CONFLICT …

    @property
    def key(self) -> list[str]:
        """The columns of the primary key, in its order."""
        return [c.name for c in sorted(self.columns, key=lambda c: c.key_place) if c.key_place]


def table_names(query: Query) -> list[str]:
    """All but those that D1, wrangler and our way to D1 keep for themselves."""
    found = query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found if not name.startswith(("_cf_", "d1_"))]


def shape_of(query: Query, table: str) -> TableShape:
    """The shape of ``table``, which must exist."""
    name = table.replace('"', '""')
    sql = str(query(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{_escaped(table)}'")[0][0])
    bare = " ".join(_without_strings(sql).split())
    indexes, uniques = _indexes(query, name)
    return TableShape(
        columns=tuple(
            ColumnShape(column, kind.upper(), bool(required) or place > 0, evaluated(default), place)
            for _, column, kind, required, default, place, hidden in query(f'PRAGMA table_xinfo("{name}")')
        ),
        foreign_keys=frozenset(
            (row[3], row[2], row[4] or row[3], row[5], row[6]) for row in query(f'PRAGMA foreign_key_list("{name}")')
        ),
        uniques=uniques,
        indexes=indexes,
        clauses=frozenset(clause for clause in CLAUSES if re.search(rf"\b{clause}\b", bare))
        | frozenset("GENERATED" for row in query(f'PRAGMA table_xinfo("{name}")') if row[6]),
    )


def evaluated(default: str | None) -> tuple[str, Any] | None:
    """What a DEFAULT clause gives: ``FALSE``, ``0`` and ``(0)`` are the same."""
    if default is None:
        return None
    text = default.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    if text.upper() == "CURRENT_TIMESTAMP":
        return ("now", None)
    if not re.fullmatch(r"'(?:[^']|'')*'|[-+]?[0-9.]+|TRUE|FALSE|NULL", text, re.IGNORECASE):
        return ("expression", text)
    with sqlite3.connect(":memory:") as memory:
        kind, value = memory.execute(f"SELECT typeof({text}), {text}").fetchone()  # a literal
    return None if kind == "null" else (kind, value)


def differences(table: str, expected: TableShape, found: TableShape) -> list[str]:
    """What of ``found`` is not as ``expected``, in words; indexes that only one side has under our prefix are fine."""
    told = _column_differences(table, expected.columns, found.columns)
    told += _set_differences(table, "foreign key", expected.foreign_keys, found.foreign_keys)
    told += _set_differences(table, "unique", expected.uniques, found.uniques)
    for name in sorted(expected.indexes.keys() | found.indexes.keys()):
        if name.startswith(OWN_PREFIX) and (name not in expected.indexes or name not in found.indexes):
            continue
        mine, theirs = expected.indexes.get(name), found.indexes.get(name)
        if mine != theirs:
            told.append(f"{table}: index {name}: expected {mine or 'none'}, found {theirs or 'none'}")
    told += [f"{table}: {clause} is not the contract's" for clause in sorted(found.clauses - expected.clauses)]
    return told + [f"{table}: {clause} is missing" for clause in sorted(expected.clauses - found.clauses)]


def _indexes(query: Query, name: str) -> tuple[dict[str, IndexShape], frozenset[frozenset[str]]]:
    named: dict[str, IndexShape] = {}
    uniques: set[frozenset[str]] = set()
    for _, index, unique, origin, _partial in query(f'PRAGMA index_list("{name}")'):
        rows = [row for row in query(f'PRAGMA index_xinfo("{index}")') if row[5]]
        if origin == "c":
            sql = query(f"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = '{_escaped(index)}'")[0][0]
            named[index] = IndexShape(bool(unique), tuple((row[2], bool(row[3])) for row in rows), _where(str(sql)))
        elif origin == "u":
            uniques.add(frozenset(row[2] for row in rows))
    return named, frozenset(uniques)


def _where(sql: str) -> str | None:
    found = re.search(r"\bWHERE\b(.*)$", sql, re.IGNORECASE | re.DOTALL)
    return None if found is None else " ".join(found[1].replace('"', "").strip(" ()").split()).upper()


def _without_strings(sql: str) -> str:
    return re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*", "", sql).upper()


def _escaped(name: str) -> str:
    return name.replace("'", "''")


def _column_differences(table: str, expected: Sequence[ColumnShape], found: Sequence[ColumnShape]) -> list[str]:
    names, others = [column.name for column in expected], [column.name for column in found]
    told = [f"{table}.{name}: is missing" for name in names if name not in others]
    told += [f"{table}.{name}: is no column of the contract" for name in others if name not in names]
    if not told and names != others:
        told.append(f"{table}: columns stand in another order: expected {', '.join(names)}, found {', '.join(others)}")
    by_name = {column.name: column for column in found}
    for column in expected:
        other = by_name.get(column.name, column)
        told += [
            f"{table}.{column.name}: {what.name.replace('_', ' ')}: expected {mine!r}, found {theirs!r}"
            for what in fields(ColumnShape)
            if (mine := getattr(column, what.name)) != (theirs := getattr(other, what.name))
        ]
    return told


def _set_differences(table: str, what: str, expected: Iterable[Any], found: Iterable[Any]) -> list[str]:
    mine, theirs = set(expected), set(found)
    told = [f"{table}: {what} {_told(item)} is missing" for item in sorted(mine - theirs, key=_told)]
    return told + [f"{table}: {what} {_told(item)} is not the contract's" for item in sorted(theirs - mine, key=_told)]


def _told(item: Any) -> str:
    if isinstance(item, tuple):
        return f"{item[0]} -> {item[1]}.{item[2]} (on update {item[3]}, on delete {item[4]})"
    return f"({', '.join(sorted(item))})"
