import sqlite3
from pathlib import Path

import pytest

from ndsadmin.contract.stages import write_scripts
from ndsadmin.pipeline.loading import import_pipeline
from tests.ndsadmin.pipeline.conftest import TENANT, rows
from tests.processes import made_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(tmp_path) -> Path:
    """A file made by the stage scripts."""
    scripts = [script.read_text() for script in write_scripts(tmp_path / "stages")]
    return made_by(tmp_path / "made.sqlite3", *scripts, TENANT)


def change(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    return path


def test_a_file_made_by_the_scripts_is_taken_in(made, scope):
    report, _ = import_pipeline(made, keys={}, skip_foreign_regions=False, progress=lambda *_: None)

    assert report.rows["tenants"] == 1
    assert rows("SELECT tenant_id FROM tenants") == [("t1",)]


def test_tables_that_are_not_the_contracts_are_passed_over_and_told(made, scope):
    change(made, "CREATE TABLE notes (a)", "CREATE VIEW people AS SELECT * FROM users")

    report, _ = import_pipeline(made, keys={}, skip_foreign_regions=False, progress=lambda *_: None)

    assert {"nds_preferences", "nds_sessions", "nds_audit_days", "notes"} <= report.passed_over.keys()


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["DROP TABLE sharing_events"], "the file lacks sharing_events"),
        (["DROP TABLE sharing_events", "CREATE VIEW sharing_events AS SELECT 1"], "the file lacks sharing_events"),
        (
            ["DROP TABLE rate_limits", "CREATE VIRTUAL TABLE rate_limits USING fts5(a)"],
            "rate_limits is a virtual table",
        ),
        (["ALTER TABLE users ADD COLUMN nickname TEXT"], "users.nickname: is no column of the contract"),
        (["UPDATE tenants SET name = X'00'"], "tenants.name (TEXT): expected text, got blob"),
    ],
)
def test_a_file_that_is_not_the_contracts_is_refused(made, refused, statements, told):
    assert told in refused(change(made, *statements))


def test_a_damaged_file_is_refused(made, refused):
    data = bytearray(made.read_bytes())
    data[4096 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4096)
    made.write_bytes(data)

    assert "the SQLite file" in refused(made)


def test_a_cut_off_file_is_refused(made, refused):
    made.write_bytes(made.read_bytes()[:3000])

    refused(made)


def test_the_file_itself_is_not_touched(made, scope):
    before = made.read_bytes()

    import_pipeline(made, keys={}, skip_foreign_regions=False, progress=lambda *_: None)

    assert made.read_bytes() == before
