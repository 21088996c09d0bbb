"""From the scratch database into ours: all of it, or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.dump import read_dump
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.oddities import settle_oddities
from ndsadmin.pipeline.orphans import settle_orphans
from ndsadmin.pipeline.regions import settle_regions
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, check_types, key_columns, scratch
from ndsadmin.pipeline.sqlite_file import is_sqlite, read_sqlite
from security.audit import Action, record
from security.contract import ContractTable
from security.crypto.keyring import Keyring
from security.roles import PLATFORM_TENANT
from tenants.models import Tenant

CHUNK = 500  # rows held in memory at a time; a row with two vectors is 12 kB

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def import_pipeline(path: Path, *, keys: Keyring | None, skip_foreign_regions: bool, progress: Progress) -> Report:
    """Take in a dump or an SQLite file, and a pipeline's keys into the keyring.

    Raises:
        ImportRefused: the file or the database is not fit for it; nothing was changed.
    """
    _check_empty()
    report = Report(source=path.name)
    with scratch() as rows:
        size = path.stat().st_size
        read = read_sqlite if is_sqlite(path) else read_dump
        report.passed_over = read(path, rows, lambda done: progress("Reading", done, size)).tables
        check_types(rows)
        settle_regions(rows, report, region=settings.NDS.region, skip_foreign=skip_foreign_regions)
        settle_orphans(rows, report)
        settle_oddities(rows, report)
        _store(rows, report, keys, progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without statistics the planner picks wrong indexes on large tables
    return report


def _check_empty() -> None:
    tenants = Tenant.objects.exclude(pk=PLATFORM_TENANT).count()
    if tenants:
        raise ImportRefused(
            f"the database holds {tenants} tenant{'' if tenants == 1 else 's'} already; "
            "a pipeline's database is imported into one without."
        )


def _store(rows: Scratch, report: Report, keys: Keyring | None, progress: Progress) -> None:
    if rows.rows("SELECT 1 FROM tenants WHERE tenant_id = ?", [PLATFORM_TENANT]) and Tenant.objects.exists():
        raise ImportRefused(
            "the file brings its own tenant platform, and this database has one: import it into a database without."
        )
    total, done = sum(rows.count(model._meta.db_table) for model in rows.models()), 0
    ranges: dict[str, Any] = {}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA defer_foreign_keys = ON")  # children may come before parents (skills, forks)
            for model in rows.models():
                for number in _copy(rows, model):
                    done += number
                    progress("Storing", done, total)
                report.rows[model._meta.db_table] = rows.count(model._meta.db_table)
                ranges.update(_range(rows, model))
            record(
                Action.IMPORT_DATABASE,
                resource_type="database",
                resource_id=None,
                tenant_id=None,
                details={"file": report.source, "tables": ranges, "odd": len(report.findings)},
            )
            if keys is not None:
                keys.save()
    except IntegrityError as error:
        raise ImportRefused(f"a row of the file is in the database already, or contradicts one: {error}.") from error


def _copy(rows: Scratch, model: type[ContractTable]) -> Iterator[int]:
    """Copy a table, telling how many rows each step stored."""
    table = model._meta.db_table
    names = [column.name for column in contract_shapes()[table].columns]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    found = rows.connection.execute(f'SELECT {columns} FROM "{table}" ORDER BY rowid')
    with connection.cursor() as cursor:
        while chunk := found.fetchmany(CHUNK):
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', chunk)
            yield len(chunk)


def _range(rows: Scratch, model: type[ContractTable]) -> dict[str, Any]:
    table, key = model._meta.db_table, key_columns(model)[0]
    number, first, last = rows.rows(f'SELECT COUNT(*), MIN("{key}"), MAX("{key}") FROM "{table}"')[0]
    return {table: {"rows": number, "first": first, "last": last}} if number else {}
