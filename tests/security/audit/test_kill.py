"""Writers are killed in the middle of their work: no acknowledged change is without its entry, no entry without its
change, nothing is half stored. Dies where an entry is written before or behind its transaction."""

import json
import os
import subprocess
import sys

import pytest

from tests.processes import ROOT

RUNS = {"sqlite": 40, "d1": 12}  # on D1 the database is another process, which is not killed


@pytest.mark.embedded
@pytest.mark.parametrize("database", RUNS)
def test_nothing_is_lost_and_nothing_is_told_that_was_not_done(database, tmp_path):
    work = [sys.executable, "-m", "tests.security.audit.writing", str(RUNS[database])]
    gateway = [sys.executable, "manage.py", "d1", "gateway", "--port", "0", "--"]
    given = {} if database == "d1" else {"DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}"}

    done = subprocess.run(
        [*gateway, *work] if database == "d1" else work,
        cwd=ROOT, capture_output=True, text=True, timeout=170,
        env={**os.environ, "NDS_DEBUG": "true", "NDS_HTTPS": "false", "NDS_LOG_LEVEL": "ERROR",
             "NDS_DATA_DIR": str(tmp_path), **given},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["changes"] >= RUNS[database]
