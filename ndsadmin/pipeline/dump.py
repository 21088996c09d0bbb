"""A ``wrangler d1 export`` dump into the scratch database.

A dump is never run as a script. Each of its statements must have one of five forms, on a table that we know:

- ``CREATE TABLE`` of the contract: made in a database of its own, and compared with the contract;
- ``CREATE INDEX``: noted, not run;
- ``INSERT … VALUES`` and ``UPDATE`` on a table that was made: run in the scratch database under an authorizer
  that lets a statement touch that one table and call three functions;
- ``PRAGMA``: passed over;
- any of these on a table of the framework, of ours (``nds_*``) or of Cloudflare: passed over and reported.

Whatever else there is refuses the file, with the line.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from django.db import connection

from ndsadmin.contract.shape import differences, shape_of
from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.scanner import Statement, statements
from ndsadmin.pipeline.scratch import REQUIRED, TABLES, Scratch, check_column

_NAME = r"""(?:"(?P<quoted>[^"]+)"|`(?P<ticked>[^`]+)`|\[(?P<boxed>[^\]]+)\]|(?P<bare>\w+))"""
_FORMS = {
    "table": re.compile(rf"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(", re.IGNORECASE),
    "index": re.compile(
        rf"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"`\[]?(?P<index>\w+)[\"`\]]?\s+ON\s+{_NAME}\s*\(",
        re.IGNORECASE,
    ),
    "insert": re.compile(rf"INSERT\s+INTO\s+{_NAME}\s*(?:\([^()]*\)\s*)?VALUES\s*\(", re.IGNORECASE),
    "update": re.compile(rf"UPDATE\s+{_NAME}\s+SET\s", re.IGNORECASE),
    "delete": re.compile(rf"DELETE\s+FROM\s+{_NAME}$", re.IGNORECASE),
    "pragma": re.compile(r"PRAGMA\s+\w+(?:\s*=\s*\w+|\s*\(\s*\w+\s*\))?$", re.IGNORECASE),
}
_FUNCTIONS = {"replace", "char", "unistr"}  # what dumps use to write line ends and control characters
_STRINGS = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\[[^\]]*\]""")
# Words that make a query of an INSERT or UPDATE, outside of strings and names.
_QUERIES = re.compile(r"\b(?:SELECT|FROM|WITH|UNION|EXCEPT|INTERSECT|RETURNING|ON|EXISTS)\b", re.IGNORECASE)
# What SQLite says of a row that its table does not take: names alone, never a value.
_TELLABLE = re.compile(
    r"(?:UNIQUE|NOT NULL) constraint failed: [\w., ]+|table \w+ has no column named \w+|no such function: \w+"
    r"|table \w+ has \d+ columns but \d+ values were supplied|string or blob too big|not authorized.*"
)
_CLOUDFLARE = re.compile(r"_cf_|d1_migrations$|d1_commits$|sqlite_sequence$|nds_")

Progress = Callable[[int], None]


@dataclass(slots=True)
class Passed:
    """What was passed over: statements by table, and the names of the indexes that the dump makes."""

    tables: Counter[str] = field(default_factory=Counter)
    indexes: set[str] = field(default_factory=set)


def read_dump(path: Path, scratch: Scratch, progress: Progress) -> Passed:
    """Put the rows of a dump into ``scratch``; ``progress`` is told how many bytes are done.

    Raises:
        ImportRefused: the file is no such dump, is cut off, or holds something that it should not.
    """
    passed = Passed()
    with path.open("rb") as file:
        scratch.connection.create_function("unistr", 1, _unistr, deterministic=True)  # SQLite has it from 3.50 on
        scratch.connection.execute("BEGIN")
        for number, statement in enumerate(statements(_counted(file, progress))):
            _take(statement, scratch, passed, is_first=number == 0)
        scratch.connection.execute("COMMIT")
    _check_complete(scratch, passed)
    return passed


def _counted(lines: Iterable[bytes], progress: Progress) -> Iterable[bytes]:
    done = 0
    for line in lines:
        done += len(line)
        progress(done)
        yield line


def _take(statement: Statement, scratch: Scratch, passed: Passed, *, is_first: bool) -> None:
    form, found = next(((form, m) for form, r in _FORMS.items() if (m := r.match(statement.text))), (None, None))
    if form is None or found is None:
        what = "this is no dump of a D1 database" if is_first else "a dump holds no such statement"
        words = " ".join(re.findall(r"\w+", statement.text[:200])[:3])
        raise ImportRefused(f"{what}: expected CREATE, INSERT, UPDATE or PRAGMA, got {words!r}.", line=statement.line)
    if form == "pragma":
        return
    table = next(name for name in found.group("quoted", "ticked", "boxed", "bare") if name)
    if table not in TABLES:
        _pass_over(table, statement, passed)
    elif form == "index":
        passed.indexes.add(found["index"])
    elif form == "table":
        _make_table(table, statement, scratch)
    elif form in {"insert", "update"}:
        _write(table, statement, scratch, is_update=form == "update")
    else:
        raise ImportRefused(f"a dump deletes nothing from {table}.", line=statement.line)


def _pass_over(table: str, statement: Statement, passed: Passed) -> None:
    if not _CLOUDFLARE.match(table) and table not in _framework_tables():
        raise ImportRefused(f"{table} is no table of the contract.", line=statement.line)
    passed.tables[table] += 1


@cache
def _framework_tables() -> set[str]:
    ours = connection.introspection.django_table_names(include_views=False)
    return {*ours, "django_migrations"} - TABLES.keys()


def _make_table(table: str, statement: Statement, scratch: Scratch) -> None:
    if table in scratch.present:
        raise ImportRefused(f"{table} is made a second time.", line=statement.line)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as apart:
        _run(apart, table, statement, _may_create(table))
        found = shape_of(lambda sql: apart.execute(sql).fetchall(), table)
    told = differences(table, replace(contract_shapes()[table], indexes={}), found)
    if told:
        raise ImportRefused(f"not the contract's table: {'; '.join(told[:3])}.", line=statement.line)
    scratch.present.add(table)


def _write(table: str, statement: Statement, scratch: Scratch, *, is_update: bool) -> None:
    if table not in scratch.present:
        raise ImportRefused(f"rows of {table} stand before its CREATE TABLE.", line=statement.line)
    if word := _QUERIES.search(_STRINGS.sub("''", statement.text)):
        raise ImportRefused(f"{table}: expected plain values, got a query ({word[0].upper()}).", line=statement.line)
    _run(scratch.connection, table, statement, _may_write(table))
    if is_update:
        for column in contract_shapes()[table].columns:
            check_column(scratch, table, column.name, line=statement.line)
    last = scratch.rows(f'SELECT MAX(rowid) FROM "{table}"')[0][0] or 0
    if not scratch.lines[table] or scratch.lines[table][-1][0] < last:
        scratch.lines[table].append((last, statement.line))


def _run(connection: sqlite3.Connection, table: str, statement: Statement, authorizer: Callable[..., int]) -> None:
    connection.set_authorizer(authorizer)
    try:
        connection.execute(statement.text)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        # SQLite quotes what it could not read, which may be a token or a hash.
        told = str(error) if _TELLABLE.fullmatch(str(error)) else "SQLite cannot read this statement"
        raise ImportRefused(f"{table}: {told}.", line=statement.line) from None
    finally:
        connection.set_authorizer(None)


def _unistr(text: str) -> str:
    r"""``a\u000ab`` with its line end (https://www.sqlite.org/lang_corefunc.html#unistr)."""
    escape = re.compile(r"\\(?:(\\)|u([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|U([0-9a-fA-F]{8})|([0-9a-fA-F]{4}))")
    return escape.sub(lambda found: found[1] or chr(int(next(filter(None, found.groups())), 16)), text)


def _may_create(table: str) -> Callable[..., int]:
    def decide(action: int, first: str | None, second: str | None, _database: str | None, _source: str | None) -> int:
        own = {
            sqlite3.SQLITE_CREATE_TABLE: first == table,
            sqlite3.SQLITE_CREATE_INDEX: bool(first and first.startswith("sqlite_autoindex_")),
            sqlite3.SQLITE_INSERT: first == "sqlite_master",
            sqlite3.SQLITE_UPDATE: first == "sqlite_master",
            sqlite3.SQLITE_READ: first in {"sqlite_master", table},
            sqlite3.SQLITE_REINDEX: True,
        }
        return sqlite3.SQLITE_OK if own.get(action) else sqlite3.SQLITE_DENY

    return decide


def _may_write(table: str) -> Callable[..., int]:
    def decide(action: int, first: str | None, second: str | None, _database: str | None, _source: str | None) -> int:
        own = {
            sqlite3.SQLITE_INSERT: first == table,
            sqlite3.SQLITE_UPDATE: first == table,
            sqlite3.SQLITE_READ: first == table,
            sqlite3.SQLITE_SELECT: True,  # VALUES with several rows; reading is denied by table
            sqlite3.SQLITE_FUNCTION: second in _FUNCTIONS,
        }
        return sqlite3.SQLITE_OK if own.get(action) else sqlite3.SQLITE_DENY

    return decide


def _check_complete(scratch: Scratch, passed: Passed) -> None:
    required = {model._meta.db_table for model in REQUIRED}
    missing = sorted(required - scratch.present)
    if len(missing) == len(required):
        raise ImportRefused("this is no dump of a pipeline's database: it makes none of its tables.")
    if missing:
        raise ImportRefused(f"the dump is cut off: it lacks {', '.join(missing)}.")
    # wrangler writes the indexes behind the last table: where one is missing, something was cut off.
    indexes = {name for table in required for name in contract_shapes()[table].indexes if name.startswith("idx_")}
    if lacking := sorted(indexes - passed.indexes):
        raise ImportRefused(f"the dump is cut off: it ends before its indexes ({len(lacking)} are missing).")
