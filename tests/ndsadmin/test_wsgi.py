"""The server does not start over a log that nobody keeps."""

import sqlite3
import subprocess
import sys

import pytest

from tests.processes import ROOT, environment, manage


@pytest.fixture
def unkept(tmp_path):
    database = tmp_path / "unkept.sqlite3"
    assert manage(database, "migrate", "--verbosity", "0").returncode == 0
    with sqlite3.connect(database) as opened:
        opened.execute("DROP TRIGGER nds_audit_logs_update")
    return database


@pytest.mark.embedded
def test_neither_the_server_nor_a_migration_goes_on_without_a_trigger(unkept):
    """Dies where only a test looks: the log could be rewritten for months."""
    start = [sys.executable, "-c", "import ndsadmin.wsgi"]
    started = subprocess.run(start, cwd=ROOT, env=environment(unkept), capture_output=True, text=True, timeout=60)
    migrated = manage(unkept, "migrate")

    for done in (started, migrated):
        assert done.returncode != 0
        assert "nds_audit_logs_update" in done.stderr
    assert manage(unkept, "adopt").returncode == 0
    again = subprocess.run(start, cwd=ROOT, env=environment(unkept), capture_output=True, text=True, timeout=60)
    assert (again.returncode, manage(unkept, "migrate").returncode) == (0, 0), again.stderr


@pytest.mark.embedded
def test_the_words_are_away_while_a_database_is_exported(tmp_path):
    """`wrangler d1 export` refuses a database with a virtual table. Dies where it stays away when that fails."""
    database = tmp_path / "exported.sqlite3"
    assert manage(database, "migrate", "--verbosity", "0").returncode == 0
    tables = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    look = (
        f"import sqlite3, sys; print(sqlite3.connect({str(database)!r}).execute({tables!r}).fetchall()); "
        "sys.exit(int(sys.argv[1]))"
    )

    for code in (0, 3):
        done = manage(database, "d1", "export", "--", sys.executable, "-c", look, str(code))
        assert (done.returncode, done.stdout.splitlines()[-1]) == (code, "[]"), done.stderr
        with sqlite3.connect(database) as opened:
            made = opened.execute("SELECT name FROM sqlite_master WHERE name LIKE 'nds_audit_words%'").fetchall()
        assert ("nds_audit_words",) in made
        assert ("nds_audit_words_added",) in made
