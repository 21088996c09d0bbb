"""The names of tests: two workers collect by themselves and must come to the same ones."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = (
    "import sys, pytest, time_machine; time_machine.travel(sys.argv[1]).start(); sys.exit(pytest.main(sys.argv[2:]))"
)


def collected(folder: Path, when: datetime.datetime, seed: str) -> set[str]:
    """The names of all tests below a folder, collected at another time and with another order of hashes."""
    options = ["--collect-only", "-q", "-n0", "--no-cov", "-p", "no:cacheprovider", "-W"]
    answer = subprocess.run(
        [sys.executable, "-c", LATER, when.isoformat(), *options, "ignore:Module already imported", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        | {"PYTHONHASHSEED": seed},
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return {line for line in answer.stdout.splitlines() if "::" in line}


def test_names_of_tests_depend_on_no_clock_and_no_hash(request):
    """Dies where a name holds a signature, a time or a set's order: workers would refuse to start, at random."""
    names = {item.nodeid for item in request.session.items}
    then = collected(ROOT / "tests", datetime.datetime(2031, 2, 3, 4, 5, 6, tzinfo=datetime.UTC), "1")

    assert names
    assert names - then == set()
