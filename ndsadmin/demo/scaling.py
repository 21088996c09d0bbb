"""Filling a table up to millions of rows, inside SQLite.

What is there is taken over and over again, each copy under a new key and at a new time, spread evenly back over
`SPAN` years: tenants, people, actions and texts keep their shares, and every reference stays true. Indexes are
dropped first and made again after, which is five times faster than keeping eleven of them up to date, row by row.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from analytics.models import Conversion, PostAnalytics
from content.models import GeneratedContent, GuardResult, RevisionEvent
from ndsadmin.contract.names import quoted
from publishing.models import PublishedPost
from security.contract import ContractTable
from security.models import AuditLog
from security.services.upkeep import recount
from security.services.work import record_filling

CHUNK = 500_000  # rows a transaction: a second or two, and a write-ahead log of 200 MB
SPAN = 3  # years
TIMES: dict[type[ContractTable], str] = {
    AuditLog: "timestamp",
    GeneratedContent: "created_at",
    GuardResult: "created_at",
    RevisionEvent: "created_at",
    PublishedPost: "published_at",
    PostAnalytics: "synced_at",
    Conversion: "tracked_at",
}
SCALABLE = {model._meta.db_table: model for model in TIMES}
FAST = ("synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY", "foreign_keys = OFF")
USUAL = ("synchronous = FULL", "cache_size = -2000", "temp_store = DEFAULT", "foreign_keys = ON")
INDEX_ENTRY = 75  # bytes of an index entry, key and time in it

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """``rows`` more for a table, which take some ``bytes`` on disk with their indexes."""

    model: type[ContractTable]
    rows: int
    bytes: int
    seconds: int  # between two rows


def plan(table: str, wanted: int) -> Plan:
    """What it takes to fill ``table`` up to ``wanted`` rows. Two queries."""
    model = SCALABLE[table]
    columns = " + ".join(f"IFNULL(LENGTH({quoted(field.column)}), 0)" for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), AVG({columns}) FROM {quoted(table)}")
        present, size = cursor.fetchone()
        cursor.execute("SELECT COUNT(*) FROM pragma_index_list(%s)", [table])
        indexes = cursor.fetchone()[0]
    rows = max(0, wanted - present) if present else 0
    return Plan(
        model,
        rows,
        int(rows * (float(size or 0) + 20 + indexes * INDEX_ENTRY)),
        max(1, SPAN * 31_536_000 // max(1, rows)),
    )


def scale(work: Plan, progress: Progress) -> float:
    """Do it; the seconds it took. The table's indexes are there again afterwards, whatever happens."""
    began = time.monotonic()
    if not work.rows:
        return 0.0
    table = work.model._meta.db_table
    with connection.cursor() as cursor:
        _set(cursor, FAST)
        _take_base(cursor, work.model)
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = %s "
            "AND sql IS NOT NULL",
            [table],
        )
        standing = cursor.fetchall()
        try:
            for kind, name, _ in standing:
                cursor.execute(f"DROP {kind} {quoted(name)}")
            for start in range(0, work.rows, CHUNK):
                end = min(work.rows, start + CHUNK)
                _fill(cursor, work, start, end)
                progress("Rows", end, work.rows)
        finally:
            for done, (kind, name, sql) in enumerate(standing, 1):
                head = f" {kind.upper()} "
                cursor.execute(sql.replace(head, f"{head}IF NOT EXISTS ", 1).replace("%", "%%"))
                progress(name, done, len(standing))
            if work.model is AuditLog:
                recount()
            cursor.execute("DROP TABLE temp.demo_base")
            _set(cursor, USUAL)
    return time.monotonic() - began


def _fill(cursor: Any, work: Plan, start: int, end: int) -> None:
    """The rows from ``start`` to before ``end``, with the entry that tells of them."""
    first = f"{int(time.time()):08x}"  # time first: later fillings come after
    with transaction.atomic():
        cursor.execute(_insert(work, first), [start, end])
        record_filling(work.model._meta.db_table, end - start, f"{first}{start:010x}", f"{first}{end - 1:010x}")


def _take_base(cursor: Any, model: type[ContractTable]) -> None:
    """The rows there are, numbered from 0."""
    cursor.execute("DROP TABLE IF EXISTS temp.demo_base")
    cursor.execute(
        "CREATE TEMP TABLE demo_base AS SELECT ROW_NUMBER() OVER () - 1 AS place, * "
        f"FROM {quoted(model._meta.db_table)}"
    )
    cursor.execute("CREATE UNIQUE INDEX temp.demo_place ON demo_base (place)")


def _insert(work: Plan, first: str) -> str:
    """Rows from a first to before a last number, the oldest first; their keys begin with ``first``."""
    key, when = work.model._meta.pk.column, TIMES[work.model]
    made = {
        key: f"'{first}' || PRINTF('%%010x', n.i)",
        when: f"DATETIME('now', ((n.i - {work.rows}) * {work.seconds}) || ' seconds')",
    }
    columns = [field.column for field in work.model._meta.concrete_fields]
    values = ", ".join(made.get(column, f"b.{quoted(column)}") for column in columns)
    return (
        "WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %s) "
        f"INSERT INTO {quoted(work.model._meta.db_table)} ({', '.join(map(quoted, columns))}) SELECT {values} "
        "FROM n CROSS JOIN demo_base AS b WHERE b.place = n.i %% (SELECT COUNT(*) FROM demo_base)"
    )


def _set(cursor: Any, pragmas: tuple[str, ...]) -> None:
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
