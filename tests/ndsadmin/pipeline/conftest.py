"""Small dumps: the sample's CREATE statements around a few rows."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ndsadmin.pipeline.loading import import_pipeline
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scanner import statements
from security.contract import contract_tables

TENANT = "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t1','One','eu-west','kms://t1/key');"
USER = "INSERT INTO users (user_id,tenant_id,email,password_hash) VALUES('u1','t1','a@example.com','$2b$10$x');"
SKILL = "INSERT INTO skills (skill_id,name,task,platform,modality) VALUES('s1','Hero','x','linkedin','image');"
CONTENT = "INSERT INTO generated_content (content_id,tenant_id,intent_spec,content_type) VALUES('c1','t1','{}','text');"


@pytest.fixture(scope="session")
def skeleton(export_text) -> tuple[str, str]:
    """The sample's tables, and its indexes."""
    made = [s.text for s in statements(line.encode() for line in export_text.splitlines(keepends=True))]
    tables = [text for text in made if text.startswith("CREATE TABLE")]
    indexes = [text for text in made if text.startswith("CREATE INDEX")]
    return ";\n".join(tables) + ";\n", ";\n".join(indexes) + ";\n"


@pytest.fixture
def dump(tmp_path, skeleton):
    """Write a dump that holds the given statements."""

    def write(*rows: str, tables: str = skeleton[0], indexes: str = skeleton[1]) -> Path:
        path = tmp_path / "dump.sql"
        path.write_text("PRAGMA defer_foreign_keys=TRUE;\n" + tables + "\n".join(rows) + "\n" + indexes)
        return path

    return write


@pytest.fixture
def take_in(dump, scope):
    """Import a dump of the given statements; its report."""

    def run(*rows: str, skip_foreign_regions: bool = False, **parts: str) -> Report:
        report, _ = import_pipeline(
            dump(*rows, **parts),
            keys={},
            skip_foreign_regions=skip_foreign_regions,
            progress=lambda *_: None,
        )
        return report

    return run


@pytest.fixture
def refused():
    """Import a file by the command, which has to refuse it and to change nothing; what it says."""

    def run(path: Path, **options: object) -> str:
        before = everything()
        with pytest.raises(CommandError) as refusal:
            call_command("import_d1", str(path), stdout=io.StringIO(), **options)
        assert everything() == before
        assert "Nothing was changed" in str(refusal.value)
        return str(refusal.value)

    return run


def everything() -> dict[str, list[tuple]]:
    """All rows of the thirty tables, as they are stored."""
    return {model._meta.db_table: rows(f'SELECT * FROM "{model._meta.db_table}"') for model in contract_tables()}


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def findings(report: Report) -> list[tuple[str, str, str, str]]:
    return [(f.table, f.what, f.done, f.key) for f in sorted(report.findings)]
