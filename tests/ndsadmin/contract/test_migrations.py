import io
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from security.contract import contract_tables

APPS = ("tenants", "content", "publishing", "analytics", "security")
TABLES = {model._meta.db_table for model in contract_tables()}


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


@pytest.mark.parametrize("app", APPS)
def test_each_app_starts_with_one_initial_migration(app):
    names = [name for label, name in MigrationLoader(None).disk_migrations if label == app]

    assert "0001_initial" in names
    assert sum(name.startswith("0001") for name in names) == 1


@pytest.mark.django_db(transaction=True)
def test_no_later_migration_remakes_a_table_of_the_contract():
    """SQLite remakes a table to alter it: its triggers would be gone, and the workers' statements would wait."""
    executor = MigrationExecutor(connection)
    later = [
        migration
        for (label, name), migration in executor.loader.disk_migrations.items()
        if label in APPS and name != "0001_initial"
    ]

    sql = "\n".join(line for migration in later for line in executor.loader.collect_sql([(migration, False)]))

    assert later

    made = re.findall(r'(?:CREATE|DROP|ALTER) TABLE "(?:new__)?(\w+)"', sql)
    assert TABLES.intersection(made) == set()
