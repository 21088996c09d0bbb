"""A database of its own, in which a pipeline's rows are looked at before they come near ours.

It lies in SQLite's temporary file and is gone when it is closed. It keeps where each row stood in the file, so
that a complaint names the line.
"""

import sqlite3
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ndsadmin.contract.stages import contract_shapes, statements
from ndsadmin.pipeline.exceptions import ImportRefused
from security.contract import ContractTable, Stage, contract_tables

MAX_VALUE = 4_000_000  # bytes a value; D1 holds 2 MB (developers.cloudflare.com/d1/platform/limits)

REQUIRED = [model for model in contract_tables() if model.stage is not Stage.DASHBOARD]
TABLES = {model._meta.db_table: model for model in contract_tables()}


class Scratch:
    """The rows of a pipeline's tables, in tables that our own scripts made.

    `rows` runs a query, `place` tells where a row came from.
    """

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None)
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        self.connection.execute("PRAGMA trusted_schema = OFF")
        self.connection.execute("PRAGMA foreign_keys = OFF")
        for stage in Stage:
            for statement in statements(stage):
                if statement.name in TABLES:
                    self.connection.execute(statement.sql)
        self.present: set[str] = set()  # the tables that the file has
        self.lines: dict[str, list[tuple[int, int]]] = defaultdict(list)  # table -> (last rowid, line), ascending

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        return self.connection.execute(sql, params).fetchall()

    def count(self, table: str) -> int:
        return int(self.rows(f'SELECT COUNT(*) FROM "{table}"')[0][0])

    def place(self, table: str, rowid: int) -> int | None:
        """The line that the row with ``rowid`` stood on; None for rows of an SQLite file."""
        known = self.lines[table]
        index = bisect_left(known, (rowid, 0))
        return known[index][1] if index < len(known) else None

    def models(self) -> list[type[ContractTable]]:
        """The tables that the file holds, parents before children."""
        return [model for name, model in TABLES.items() if name in self.present]


@contextmanager
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    try:
        yield made
    finally:
        made.connection.close()


def key_of(scratch: Scratch, model: type[ContractTable], rowid: int) -> str:
    """The primary key of a row, for people."""
    columns = ", ".join(f'"{name}"' for name in key_columns(model))
    found = scratch.rows(f'SELECT {columns} FROM "{model._meta.db_table}" WHERE rowid = ?', [rowid])
    return " · ".join(str(part) for part in found[0])


def key_columns(model: type[ContractTable]) -> list[str]:
    return contract_shapes()[model._meta.db_table].key


# What SQLite may hold in a column, by the contract's type name (`typeof`).
FITTING = {
    "TEXT": {"text"},
    "INTEGER": {"integer"},
    "REAL": {"real", "integer"},
    "BOOLEAN": {"integer"},
    "JSON": {"text", "integer", "real"},
    "BLOB": {"blob"},
    "TIMESTAMP": {"text"},
    "DATE": {"text"},
}


def check_types(scratch: Scratch) -> None:
    """Refuse a file with a value that does not fit its column, naming the first.

    Raises:
        ImportRefused: a value is of another kind than the contract says, a key is NULL, or a text is no text.
    """
    for model in scratch.models():
        for field in model._meta.concrete_fields:
            check_column(scratch, model._meta.db_table, str(field.column))
        _check_encoding(scratch, model._meta.db_table)


def check_column(scratch: Scratch, table: str, column: str, *, line: int | None = None) -> None:
    """Refuse ``table`` where a value of ``column`` is of another kind; ``line`` names who is to blame, if known."""
    kind = next(shape.type for shape in contract_shapes()[table].columns if shape.name == column)
    fitting = FITTING[kind] if column in key_columns(TABLES[table]) else FITTING[kind] | {"null"}
    marks = ", ".join("?" * len(fitting))
    found = scratch.rows(
        f'SELECT rowid, typeof("{column}") FROM "{table}" WHERE typeof("{column}") NOT IN ({marks}) LIMIT 1',
        sorted(fitting),
    )
    if found:
        rowid, got = found[0]
        expected = " or ".join(sorted(FITTING[kind]))
        place = line or scratch.place(table, rowid)
        raise ImportRefused(f"{table}.{column} ({kind}): expected {expected}, got {got}.", line=place)


def _check_encoding(scratch: Scratch, table: str) -> None:
    """SQLite stores any bytes as text; Python, and every page of ours, would fail to read them."""
    texts = [shape.name for shape in contract_shapes()[table].columns if shape.type != "BLOB"]
    columns = ", ".join(f'"{name}"' for name in texts)
    scratch.connection.text_factory = bytes
    try:
        for rowid, *values in scratch.connection.execute(f'SELECT rowid, {columns} FROM "{table}"'):
            for column, value in zip(texts, values, strict=True):
                if isinstance(value, bytes) and not _is_text(value):
                    raise ImportRefused(
                        f"{table}.{column}: expected UTF-8 text, got other bytes.", line=scratch.place(table, rowid)
                    )
    finally:
        scratch.connection.text_factory = str


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
