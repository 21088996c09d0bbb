"""An SQLite file made by the stage scripts into the scratch database.

The file is read from a copy, checked by SQLite first, and only plain tables of the contract's shape are read from
it: views, triggers and virtual tables in it are never touched.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ndsadmin.contract.shape import differences, shape_of
from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.dump import Passed
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.scratch import REQUIRED, TABLES, Scratch

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
    with tempfile.TemporaryDirectory() as folder:
        # From a copy of our own: SQLite would leave files beside the original, and its log belongs to its rows.
        copy = Path(folder) / "source.sqlite3"
        shutil.copyfile(path, copy)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as source:
                return _copy(source, scratch, lambda share: progress(int(path.stat().st_size * share)))
        except (sqlite3.Error, UnicodeDecodeError):
            # What SQLite says may quote what it could not read.
            raise ImportRefused("the SQLite file cannot be read: it is damaged.") from None


def _copy(source: sqlite3.Connection, scratch: Scratch, progress: Callable[[float], None]) -> Passed:
    source.execute("PRAGMA trusted_schema = OFF")
    if source.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise ImportRefused("the SQLite file is damaged: it fails its own check.")
    present = dict(source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    _check_shapes(source, present)
    scratch.present = TABLES.keys() & present.keys()
    source.text_factory = scratch.connection.text_factory = bytes  # what is no text is told with its table later
    for done, table in enumerate(sorted(scratch.present), start=1):
        _copy_table(source, scratch, table)
        progress(done / len(scratch.present))
    scratch.connection.text_factory = str
    passed = Passed()
    passed.tables.update(str(name) for name in present if name not in TABLES)
    return passed


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
    names = ", ".join(f'"{name}"' for name in columns)
    kinds = ", ".join(f'typeof("{name}")' for name in columns)
    # Bytes come back for texts and for blobs; the kind says which, so that each is stored as what it was.
    marks = ", ".join("CASE ? WHEN 'text' THEN CAST(? AS TEXT) ELSE ? END" for _ in columns)
    rows = source.execute(f'SELECT {names}, {kinds} FROM "{table}"')
    while chunk := rows.fetchmany(CHUNK):
        scratch.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',
            ([part for value, kind in _pairs(row) for part in (kind, value, value)] for row in chunk),
        )


def _pairs(row: tuple[Any, ...]) -> Iterator[tuple[Any, str]]:
    half = len(row) // 2
    for value, kind in zip(row[:half], row[half:], strict=True):
        yield value, kind.decode()
