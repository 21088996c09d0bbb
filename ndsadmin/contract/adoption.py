"""Taking over a database that the pipeline made.

Nothing is changed where a table is not the contract's: the differences are listed instead. Otherwise what is ours
is added beside (six tables, ``nds_*`` indexes, the framework's tables), and the migrations that would have made
the rest are recorded as applied. No row is changed. Each step leaves alone what exists, so an adoption that was
interrupted is finished by running it again.
"""

from collections.abc import Sequence
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ndsadmin.contract.shape import differences, shape_of, table_names
from ndsadmin.contract.stages import contract_shapes, declared_names, statements
from security.contract import OWN_PREFIX, Stage, contract_tables
from security.services.upkeep import put_up, put_up_triggers
from tenants.models import User

APPS = ("tenants", "content", "publishing", "analytics", "security")


class AdoptionRefused(Exception):
    """The database is not the contract's; ``differences`` says where, one line each."""

    def __init__(self, differences: list[str]) -> None:
        self.differences = differences
        super().__init__(f"The database differs from the contract in {len(differences)} places.")


def adopt(*, verbosity: int = 1) -> list[str]:
    """Take over the connected database; the names of the tables, indexes and triggers that were added.

    Raises:
        AdoptionRefused: a table is missing or is not the contract's.
    """
    found = database_differences()
    if found:
        raise AdoptionRefused(found)
    put_up_triggers()  # nothing else is done where one is missing
    # The user table refers to the framework's groups, so those come first.
    for app in ("contenttypes", "auth"):
        call_command("migrate", app, verbosity=0)
    _drop_what_was_ours()
    added = _add_what_is_ours()
    put_up()
    _record_migrations()
    call_command("migrate", verbosity=verbosity)
    return added


def _drop_what_was_ours() -> None:
    """Indexes under our prefix that no model declares any more: an earlier edition's scripts made them, and every
    write of a worker would keep them up to date."""
    made = {name for (name,) in query("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")}
    with connection.schema_editor() as editor:
        for name in sorted(made.difference(declared_names())):
            if name.startswith(OWN_PREFIX):
                editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def _record_migrations() -> None:
    """Record all our migrations: what they would make was just added, whichever edition took the database over.

    Holds while migrations make and drop tables and indexes of ours alone, which is tested; one that changes rows has
    to be called here.
    """
    recorder = MigrationRecorder(connection)
    applied = recorder.applied_migrations()
    with transaction.atomic():
        for app, name in MigrationLoader(None).disk_migrations:
            if app in APPS and (app, name) not in applied:
                recorder.record_applied(app, name)


def database_differences() -> list[str]:
    """Where the connected database is not the contract's; the six tables of the dashboard may be missing."""
    present = set(table_names(query))
    told = []
    for model in contract_tables():
        table = model._meta.db_table
        if table in present:
            told += differences(table, contract_shapes()[table], shape_of(query, table))
        elif model.stage is not Stage.DASHBOARD:
            told.append(f"{table}: is missing")
    return told


def query(sql: str) -> Sequence[Sequence[Any]]:
    """Run ``sql`` on the connected database as it stands: no parameters, no percent signs."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
        return rows


def _add_what_is_ours() -> list[str]:
    present = {name for (name,) in query("SELECT name FROM sqlite_master")}
    missing = [statement for statement in statements(Stage.DASHBOARD) if statement.name not in present]
    with connection.schema_editor() as editor:
        for statement in missing:
            editor.execute(statement.sql)
        groups = User.groups.through
        if groups._meta.db_table not in present:
            editor.create_model(groups)
    return [statement.name for statement in missing]
