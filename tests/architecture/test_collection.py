"""The names of tests: two workers collect by themselves and must come to the same ones."""

import os
import subprocess
import sys

from tests.processes import ROOT

LATER = (
    "import sys, pytest, time_machine; time_machine.travel('2031-02-03').start(); sys.exit(pytest.main(sys.argv[1:]))"
)
OPTIONS = ["--collect-only", "-q", "-n0", "--no-cov", "-p", "no:cacheprovider", "-W", "ignore:Module already imported"]


def collected_later() -> set[str]:
    """The names of all tests, collected in another year and with another order of hashes."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    answer = subprocess.run(
        [sys.executable, "-c", LATER, *OPTIONS, "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env={**own, "PYTHONHASHSEED": "1"},
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return {line for line in answer.stdout.splitlines() if "::" in line}


def test_names_of_tests_depend_on_no_clock_and_no_hash(request):
    """Dies where a name holds a signature, a time or a set's order: workers would refuse to start, at random."""
    names = {item.nodeid for item in request.session.items}

    assert names
    assert names - collected_later() == set()
