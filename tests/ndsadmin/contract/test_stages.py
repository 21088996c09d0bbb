"""The contract three ways: as it was handed over, as the scripts make it, as `migrate` makes it."""

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from ndsadmin.contract.adoption import query
from ndsadmin.contract.shape import differences, shape_of, table_names
from ndsadmin.contract.stages import FILES, contract_shapes, write_scripts
from security.contract import OWN_PREFIX, Stage, contract_tables
from security.triggers import WORDS
from tests.processes import made_by
from tests.schema import SCHEMA, columns_of, foreign_keys_of, indexes_of, uniques_of

TABLES = list(SCHEMA["tables"])
NODE = Path(__file__).parents[2] / "node"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory) -> list[Path]:
    return write_scripts(tmp_path_factory.mktemp("stages"))


@pytest.fixture(scope="module")
def made_by_sqlite3(scripts, tmp_path_factory) -> sqlite3.Connection:
    """A database made by the sqlite3 program, as an operator would."""
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("needs the sqlite3 program")
    path = tmp_path_factory.mktemp("made") / "made.sqlite3"
    for script in scripts:
        subprocess.run([program, "-bail", path], input=script.read_bytes(), check=True)
    return sqlite3.connect(path)


def rows_of(database: sqlite3.Connection):
    return lambda sql: database.execute(sql).fetchall()


def described(database) -> dict[str, str]:
    """Everything the database holds under a name of the contract or of ours, and every trigger and view."""
    rows = database("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {
        name: kind
        for kind, name in rows
        if (kind in {"trigger", "view"} or name in TABLES or name.startswith(("idx_", OWN_PREFIX)))
        and not name.startswith(WORDS)  # made where it is wanted
    }


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_migrate_makes_the_contracts_table(table):
    """schema.yaml, column for column: names in order, types, NOT NULL, defaults, keys, uniques, indexes."""
    shape = shape_of(query, table)

    assert shape.columns == columns_of(table)
    assert shape.foreign_keys == foreign_keys_of(table)
    assert shape.uniques == uniques_of(table)
    assert {name: index for name, index in shape.indexes.items() if not name.startswith(OWN_PREFIX)} == indexes_of(
        table
    )
    assert shape.clauses == frozenset()


def test_the_contract_has_its_68_indexes():
    assert sum(len(indexes_of(table)) for table in TABLES) == 68


@pytest.mark.django_db
def test_the_scripts_make_what_migrate_makes(made_by_sqlite3):
    made = rows_of(made_by_sqlite3)

    assert [differences(table, shape_of(query, table), shape_of(made, table)) for table in TABLES] == [[]] * 30
    assert described(made) == described(query)


def test_the_first_five_scripts_make_the_contract_alone(scripts, tmp_path):
    database = sqlite3.connect(made_by(tmp_path / "five.sqlite3", *(script.read_text() for script in scripts[:5])))

    names = {name for (name,) in rows_of(database)("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}

    assert names == {table for table in TABLES if SCHEMA["tables"][table]["group"] != "dashboard"} | set(
        SCHEMA["indexes"]
    )


def test_the_scripts_have_the_names_that_wrangler_is_told(scripts):
    assert [path.name for path in scripts] == list(FILES.values())
    assert [path.name[:3] for path in scripts] == ["001", "002", "003", "004", "005", "006"]


def test_each_script_makes_the_tables_of_its_group(scripts):
    for stage, path in zip(Stage, scripts, strict=True):
        made = [line.split('"')[1] for line in path.read_text().splitlines() if line.startswith("CREATE TABLE")]
        group = "dashboard" if stage is Stage.DASHBOARD else stage.value

        assert {table for table in made if not table.startswith(OWN_PREFIX)} == {
            table for table in TABLES if SCHEMA["tables"][table]["group"] == group
        }


@pytest.mark.django_db
def test_tables_are_made_parents_first():
    """Else a script would fail with foreign keys on, as D1 has them."""
    made: set[str] = set()
    for model in contract_tables():
        parents = {row[1] for row in contract_shapes()[model._meta.db_table].foreign_keys}
        made.add(model._meta.db_table)
        assert parents <= made, model


def node_version() -> int:
    done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return int(done.stdout.lstrip("v").split(".")[0])


@pytest.mark.node
@pytest.mark.django_db
def test_a_real_d1_takes_the_scripts(scripts, tmp_path):
    """`wrangler d1 execute` on a local D1 (workerd), as the documents tell operators to do it."""
    if not (NODE / "node_modules" / "wrangler").exists() or node_version() < 20:
        pytest.skip("needs Node 20 or newer and `npm ci` in tests/node")
    (tmp_path / "wrangler.toml").write_text(
        'name = "nds"\ncompatibility_date = "2025-01-01"\n[[d1_databases]]\nbinding = "DB"\n'
        'database_name = "nds-dify-agent"\ndatabase_id = "00000000-0000-0000-0000-000000000000"\n'
    )
    wrangler = [str(NODE / "node_modules" / ".bin" / "wrangler"), "d1", "execute", "nds-dify-agent", "--local"]

    def execute(*what: str) -> str:
        done = subprocess.run(
            [*wrangler, *what],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env={
                "PATH": str(Path(shutil.which("node")).parent) + ":/usr/bin:/bin",
                "HOME": str(tmp_path),
                "CI": "1",
                "WRANGLER_SEND_METRICS": "false",
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for script in scripts:
        execute("--file", str(script), "--yes")
    (path,) = [path for path in (tmp_path / ".wrangler").rglob("*.sqlite") if path.stem != "metadata"]
    database = sqlite3.connect(path)
    told = json.loads(execute("--json", "--command", "SELECT COUNT(*) AS n FROM sqlite_master WHERE name LIKE 'idx_%'"))

    assert told[0]["results"] == [{"n": 68}]
    made = rows_of(database)
    assert [differences(table, shape_of(query, table), shape_of(made, table)) for table in TABLES] == [[]] * 30
    assert described(made) == described(query)


def test_the_sample_has_the_contracts_tables(export_text):
    """What `wrangler d1 export` wrote of the pipeline's own database."""
    database = sqlite3.connect(":memory:")
    database.executescript(export_text)
    made = rows_of(database)

    told = [line for t in table_names(made) for line in differences(t, contract_shapes()[t], shape_of(made, t))]

    assert told == []
    assert len(table_names(made)) == 24
