"""Taking over databases of the pipeline. Each is a file of its own: adoption migrates."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from tests.processes import made_by, manage


def contents(path: Path) -> dict[str, str]:
    """A digest of the rows of each table that the pipeline brought."""
    with sqlite3.connect(path) as database:
        tables = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: hashlib.sha256(repr(database.execute(f'SELECT * FROM "{table}"').fetchall()).encode()).hexdigest()
            for table in tables
        }


@pytest.fixture
def pipelines(tmp_path, export_text) -> Path:
    return made_by(tmp_path / "pipeline.sqlite3", export_text)


def test_adopting_changes_no_row_and_leaves_nothing_to_migrate(pipelines):
    before = contents(pipelines)

    adopted = manage(pipelines, "adopt")

    assert (adopted.returncode, adopted.stderr) == (0, "")
    assert {table: digest for table, digest in contents(pipelines).items() if table in before} == before
    assert manage(pipelines, "migrate", "--check").returncode == 0
    again = manage(pipelines, "adopt")
    assert "nothing, all of it was there" in again.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE skills ADD COLUMN colour TEXT", "skills.colour: is no column of the contract"),
        ("ALTER TABLE users DROP COLUMN full_name", "users.full_name: is missing"),
        ("DROP TABLE sharing_events", "sharing_events: is missing"),
        ("DROP INDEX idx_users_email", "users: index idx_users_email"),
    ],
)
def test_what_is_not_the_contracts_is_refused_with_the_differences(pipelines, change, told):
    with sqlite3.connect(pipelines) as database:
        database.execute(change)
    before = contents(pipelines)

    refused = manage(pipelines, "adopt")

    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Nothing was changed" in refused.stderr
    assert contents(pipelines) == before


def test_an_interrupted_adoption_is_finished_by_the_next(pipelines):
    assert manage(pipelines, "adopt").returncode == 0
    with sqlite3.connect(pipelines) as database:
        database.execute("DROP TABLE audit_seals")
        database.execute("DROP INDEX nds_audit_logs_by_timestamp")
        database.execute("DELETE FROM django_migrations WHERE app = 'security'")
        database.execute("DROP TABLE nds_sessions")
        database.execute("DROP TRIGGER nds_audit_logs_delete")

    again = manage(pipelines, "adopt")

    assert "audit_seals, nds_sessions, nds_audit_logs_by_timestamp" in again.stdout
    assert manage(pipelines, "migrate", "--check").returncode == 0


def test_orphans_are_no_obstacle(pipelines):
    """Dies with the schema editor's own check: Django would look at the foreign keys of the whole database."""
    with sqlite3.connect(pipelines) as database:
        database.execute("DELETE FROM tenants WHERE tenant_id = 'tenant_001'")

    adopted = manage(pipelines, "adopt")

    assert (adopted.returncode, adopted.stderr) == (0, "")


def test_a_database_of_an_earlier_edition_is_brought_up_to_date(pipelines):
    """Dies where tables and indexes are made that a migration will make again, or old ones are kept for ever."""
    assert manage(pipelines, "adopt").returncode == 0
    with sqlite3.connect(pipelines) as database:
        database.execute("DROP TABLE nds_preferences")
        database.execute("DROP TABLE nds_sessions")
        sql = "SELECT name FROM sqlite_master WHERE name LIKE 'nds!_%!_by!_%' ESCAPE '!'"
        for (name,) in database.execute(sql).fetchall():
            database.execute(f'DROP INDEX "{name}"')
        database.execute("CREATE INDEX nds_audit_logs_newest ON audit_logs (timestamp DESC, log_id DESC)")
        later = "name > '0002_orders' AND app IN ('security', 'tenants', 'content')"
        database.execute(f"DELETE FROM django_migrations WHERE {later}")
        database.execute("DELETE FROM django_migrations WHERE name = '0002_orders'")

    again = manage(pipelines, "adopt")

    assert (again.returncode, again.stderr) == (0, "")
    assert manage(pipelines, "migrate", "--check").returncode == 0
    with sqlite3.connect(pipelines) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert {"nds_preferences", "nds_audit_logs_by_timestamp", "nds_audit_logs_delete"} <= names
    assert "nds_audit_logs_newest" not in names
    assert manage(pipelines, "doctor").returncode == 0
