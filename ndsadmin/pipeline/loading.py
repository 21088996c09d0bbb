"""From the scratch database into ours: all of it, or nothing."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.dump import read_dump
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.files import Files
from ndsadmin.pipeline.oddities import settle_oddities
from ndsadmin.pipeline.orphans import settle_orphans
from ndsadmin.pipeline.regions import settle_regions
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, check_types, key_columns, scratch
from ndsadmin.pipeline.sqlite_file import is_sqlite, read_sqlite
from security.audit import Action, record
from security.contract import ContractTable
from security.crypto.keyring import FILE_NAME, Keyring, locked, master_key, open_keyring
from security.exceptions import SecurityError
from security.roles import PLATFORM_TENANT
from security.services.keys import adopt_pipeline_key, create_missing_keys
from tenants.models import Tenant

CHUNK = 100  # rows held in memory at a time; a row with two vectors is 12 kB, a hostile one 4 MB

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def import_pipeline(
    path: Path, *, keys: Mapping[str, bytes], skip_foreign_regions: bool, progress: Progress
) -> tuple[Report, list[Path]]:
    """Take in a dump or an SQLite file, and a pipeline's keys into the keyring; the report, and where it is kept.

    Raises:
        ImportRefused: the file or the database is not fit for it; nothing was changed.
        KeyringInvalid: a key contradicts one that is kept; nothing was changed.
    """
    _check_empty()
    report = Report(source=os.fsencode(path.name).decode("utf-8", "replace"))
    with scratch() as rows:
        size = path.stat().st_size
        read = read_sqlite if is_sqlite(path) else read_dump
        report.passed_over = read(path, rows, lambda done: progress("Reading", done, size)).tables
        check_types(rows)
        region = settings.NDS.region
        left = settle_regions(rows, report, region=region, skip_foreign=skip_foreign_regions)
        settle_orphans(rows, report)
        settle_oddities(rows, report)
        folder = settings.NDS.data_dir
        with locked(folder):
            keyring = open_keyring(folder / FILE_NAME, master_key(folder, settings.NDS.master_key))
            keyring.add_pipeline_keys({key_id: key for key_id, key in keys.items() if key_id not in left})
            written = _store(rows, report, keyring if keys else None, progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without statistics the planner picks wrong indexes on large tables
    return report, written


def _check_empty() -> None:
    tenants = Tenant.objects.exclude(pk=PLATFORM_TENANT).count()
    if tenants:
        raise ImportRefused(
            f"the database holds {tenants} tenant{'' if tenants == 1 else 's'} already; "
            "a pipeline's database is imported into one without."
        )


def _store(rows: Scratch, report: Report, keyring: Keyring | None, progress: Progress) -> list[Path]:
    """Rows, audit entry, report and keys: all, or none. The files are taken back where the commit fails."""
    if rows.rows("SELECT 1 FROM tenants WHERE tenant_id = ?", [PLATFORM_TENANT]) and Tenant.objects.exists():
        raise ImportRefused(
            "the file brings its own tenant platform, and this database has one: import it into a database without."
        )
    files = Files()
    files.keep(settings.NDS.data_dir / FILE_NAME)  # keys are made for tenants besides
    try:
        with transaction.atomic():
            _store_rows(rows, report, progress)
            if keyring is not None:
                files.replace(keyring.path, keyring.text())
            _make_keys(keyring)
            written = files.add_report(report)
    except IntegrityError as error:
        files.take_back()
        raise ImportRefused(f"a row of the file is in the database already, or contradicts one: {error}.") from error
    except (DatabaseError, OSError, SecurityError) as error:
        files.take_back()
        raise ImportRefused(f"it could not be stored: {error}.") from error
    return written


def _make_keys(keyring: Keyring | None) -> None:
    """A pipeline's keys become version 1 of its tenants' data keys, due to be rotated; others get a version 2."""
    tenants = dict(Tenant.objects.values_list("pk", "kms_key_id"))
    for tenant_id, key_id in tenants.items():
        if keyring is not None and "1" in keyring.keys.get(key_id, {}):
            adopt_pipeline_key(tenant_id, key_id, keyring.keys[key_id]["1"])
    create_missing_keys(tenants, leaves_first=True)


def _store_rows(rows: Scratch, report: Report, progress: Progress) -> None:
    total, done = sum(rows.count(model._meta.db_table) for model in rows.models()), 0
    ranges: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")  # children may come before parents (skills, forks)
    for model in rows.models():
        for number in _copy(rows, model):
            done += number
            progress("Storing", done, total)
        report.rows[model._meta.db_table] = rows.count(model._meta.db_table)
        ranges.update(_range(rows, model))
    connection.check_constraints(table_names=[model._meta.db_table for model in rows.models()])
    record(
        Action.IMPORT_DATABASE,
        resource_type="database",
        resource_id=None,
        tenant_id=None,
        details={"file": report.source, "tables": ranges, "odd": len(report.findings)},
    )


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
