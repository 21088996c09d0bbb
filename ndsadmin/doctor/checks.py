"""The doctor's checks.

A check is a function that yields a `Finding` for each odd thing. A table is read once for all that is asked of its
columns; nothing is changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, Field, OuterRef

from analytics.models import TenantMetricsDaily
from analytics.services.roll_up import OTHER
from ndsadmin.contract.names import quoted
from ndsadmin.contract.stages import declared_names
from ndsadmin.doctor.times import is_normalised, second_form
from security.columns import Date, Int, Json, Real, Time
from security.contract import OWN_PREFIX, ContractTable, contract_tables
from security.triggers import WORDS
from tenants.enums import AccountStatus, UserRole
from tenants.models import Tenant, User


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd: where, how much of it, and what to do."""

    check: str
    where: str
    what: str
    advice: str
    is_note: bool = False  # good to know; nothing has to be done


Check = Callable[[], Iterator[Finding]]


def mixed_times() -> Iterator[Finding]:
    """Times in the second of the two forms. They are read and sorted right; the first is what we write."""
    for field, number in _counted(Time, second_form):
        may = is_normalised(field)
        yield Finding(
            "mixed time forms",
            _place(field),
            f"{number:,} times are written as 2026-11-22T10:00:00.000Z",
            "They are read and sorted right. `manage.py doctor --normalise-times` writes them in the usual form."
            if may
            else "They are read and sorted right. Logs and keys are never rewritten.",
            is_note=not may,
        )


def unreadable_times() -> Iterator[Finding]:
    """Values that are no time or day: they stand last, or where their text sorts."""
    # With "+0 days" SQLite computes the day, and makes 2 March of 30 February.
    day = "DATE(SUBSTR({0}, 1, 10), '+0 days')"
    is_none = f"{{0}} IS NOT NULL AND (JULIANDAY({{0}}) IS NULL OR {day} IS NOT SUBSTR({{0}}, 1, 10))"
    for kind in (Time, Date):
        for field, number in _counted(kind, is_none.format):
            yield Finding(
                "unreadable times",
                _place(field),
                f"{number:,} values are no time",
                "Whoever writes this column has to write YYYY-MM-DD HH:MM:SS in UTC; mend these rows there.",
            )


def odd_numbers() -> Iterator[Finding]:
    """Texts and bytes in columns of numbers: they count as 0."""
    for kind in (Int, Real):
        for field, number in _counted(kind, lambda column: f"TYPEOF({column}) IN ('text', 'blob')"):
            yield Finding(
                "odd numbers",
                _place(field),
                f"{number:,} values are no number",
                "They are shown as they are and count as 0. Mend them at the worker that writes them.",
            )


def orphans() -> Iterator[Finding]:
    """Rows whose parent is missing, against a declared foreign key."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "table", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2')
        for table, parent, number in cursor.fetchall():
            yield Finding(
                "orphans",
                table,
                f"{number:,} rows point at a row of {parent} that is not there",
                "They belong to nobody and are left out of sums. Restore the parents, or remove these rows.",
            )


def broken_json() -> Iterator[Finding]:
    for field, number in _counted(Json, lambda column: f"{column} IS NOT NULL AND NOT JSON_VALID({column})"):
        yield Finding(
            "broken JSON",
            _place(field),
            f"{number:,} documents are no JSON",
            "They are shown as they are. Mend them in their form, or at the worker that writes them.",
        )


def unknown_values() -> Iterator[Finding]:
    """Values that the contract gives no name: shown as they are, and counted as nothing."""
    for model in contract_tables():
        for field in model._meta.concrete_fields:
            if not field.choices:
                continue
            known = [str(value) for value, _ in field.flatchoices]
            known += [OTHER] if model is TenantMetricsDaily else []  # what the roll-up writes itself
            for value, number in _others(model, field, known):
                yield Finding(
                    "unknown values",
                    _place(field),
                    f"{number:,} rows say {value!r}",
                    f"Known are {', '.join(known)}. A new value belongs into the contract first, then into the enums.",
                )


def missing_indexes() -> Iterator[Finding]:
    """What script 006 makes and the database lacks: lists would read whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master")
        present = {name for (name,) in cursor.fetchall()}
    declared = declared_names()
    for name in declared:
        if name not in present:
            yield Finding(
                "missing indexes and tables",
                name,
                "is not there",
                "Run `manage.py migrate`; on a database that the pipeline made, `manage.py adopt`.",
            )
    for name in sorted(present.difference(declared)):
        if name.startswith(OWN_PREFIX) and not name.startswith(WORDS):
            yield Finding(
                "surplus indexes and tables",
                name,
                "is of an earlier edition",
                "Every write keeps it up to date for nothing. `manage.py adopt` drops such indexes.",
            )


def pending_migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            "pending migrations",
            f"{migration.app_label}.{migration.name}",
            "is not applied",
            "Run `manage.py migrate`.",
        )


def ownerless_tenants() -> Iterator[Finding]:
    """Active tenants without an active owner, as an import or a worker may leave them: nobody of theirs can help."""
    owners = User.objects.filter(tenant=OuterRef("pk"), role=UserRole.OWNER, status=AccountStatus.ACTIVE)
    found = Tenant.objects.filter(~Exists(owners), status=AccountStatus.ACTIVE).order_by("pk")
    for key, name in found.values_list("pk", "name"):
        yield Finding(
            "tenants without an owner",
            key,
            f"{name} has no active owner",
            "Enter the tenant and invite one, or give an admin the role, under People.",
        )


CHECKS: tuple[Check, ...] = (
    pending_migrations,
    missing_indexes,
    orphans,
    mixed_times,
    unreadable_times,
    odd_numbers,
    broken_json,
    unknown_values,
    ownerless_tenants,
)


def _counted(kind: type[Field[Any, Any]], condition: Callable[[str], str]) -> Iterator[tuple["Field[Any, Any]", int]]:
    """The columns of a kind for which some rows meet a condition, with how many. One read a table."""
    for model in contract_tables():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, kind)]
        if not fields or not _exists(model):
            continue
        sums = ", ".join(f"SUM({condition(quoted(field.column))})" for field in fields)
        with connection.cursor() as cursor:
            # Without a parameter list, percent signs and all: the conditions are ours, names are quoted.
            cursor.execute(f"SELECT {sums} FROM {quoted(model._meta.db_table)}")
            numbers = cursor.fetchone()
        yield from ((field, number) for field, number in zip(fields, numbers, strict=True) if number)


def _others(model: type[ContractTable], field: "Field[Any, Any]", known: list[str]) -> Iterator[tuple[str, int]]:
    if not _exists(model):
        return
    column, marks = quoted(field.column), ", ".join(["%s"] * len(known))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, COUNT(*) FROM {quoted(model._meta.db_table)} WHERE {column} IS NOT NULL "
            f"AND {column} NOT IN ({marks}) GROUP BY {column} ORDER BY 2 DESC LIMIT 20",
            known,
        )
        yield from ((str(value), number) for value, number in cursor.fetchall())


def _exists(model: type[ContractTable]) -> bool:
    """Whether the table is there; where it is not, `missing_indexes` says so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s", [model._meta.db_table])
        return cursor.fetchone() is not None


def _place(field: "Field[Any, Any]") -> str:
    return f"{field.model._meta.db_table}.{field.column}"
