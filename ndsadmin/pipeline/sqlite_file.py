"""An SQLite file made by the stage scripts into the scratch database.

The file is opened read-only and only plain tables of the contract's shape are read from it: views, triggers and
virtual tables in it are never touched.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from ndsadmin.contract.shape import differences, shape_of
from ndsadmin.contract.stages import contract_shapes, statements
from ndsadmin.pipeline.dump import Passed
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.scratch import REQUIRED, TABLES, Scratch
from security.contract import Stage

MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html#the_database_header
CHUNK = 1_000  # rows held in memory at a time


def is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def read_sqlite(path: Path, scratch: Scratch, progress: Callable[[int], None]) -> Passed:
    """Put the rows of an SQLite file into ``scratch``.

    Raises:
        ImportRefused: the file is damaged, or its tables are not the contract's.
    """
    for stage in Stage:
        for statement in statements(stage):
            if statement.name in TABLES:
                scratch.connection.execute(statement.sql)
    try:
        return _copy(path, scratch, progress)
    except sqlite3.Error as error:
        raise ImportRefused(f"the SQLite file cannot be read: {error}.") from error


def _copy(path: Path, scratch: Scratch, progress: Callable[[int], None]) -> Passed:
    source = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
    try:
        source.execute("PRAGMA trusted_schema = OFF")
        present = {
            str(name): str(sql)
            for name, sql in source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        }
        _check_shapes(source, present)
        size = path.stat().st_size
        for done, table in enumerate(TABLES.keys() & present.keys(), start=1):
            _copy_table(source, scratch, table)
            progress(size * done // len(TABLES))
        passed = Passed()
        passed.tables.update(name for name in present if name not in TABLES)
        return passed
    finally:
        source.close()


def _check_shapes(source: sqlite3.Connection, present: dict[str, str]) -> None:
    missing = [model._meta.db_table for model in REQUIRED if model._meta.db_table not in present]
    if missing:
        raise ImportRefused(f"the file lacks {', '.join(missing)}.")
    for table in TABLES.keys() & present.keys():
        if present[table].lstrip().upper().startswith("CREATE VIRTUAL"):
            raise ImportRefused(f"{table} is a virtual table.")
        told = differences(table, contract_shapes()[table], shape_of(lambda sql: source.execute(sql).fetchall(), table))
        if told:
            raise ImportRefused(f"not the contract's table: {'; '.join(told[:3])}.")


def _copy_table(source: sqlite3.Connection, scratch: Scratch, table: str) -> None:
    columns = [column.name for column in contract_shapes()[table].columns]
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    rows = source.execute(f'SELECT {names} FROM "{table}"')
    while chunk := rows.fetchmany(CHUNK):
        scratch.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', chunk)
