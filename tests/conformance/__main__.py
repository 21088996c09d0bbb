"""Run modules of Django's own tests on D1 and on SQLite, and tell how they compare.

    python -m tests.conformance [--all] [--modules basic,queries] [--list-failures]

The tests come from Django's source distribution, which pip fetches into ``var/django``. Exit code 1: a test fails
that is not declared in `expected`, or a declared one passes, or D1 passes less than 99 % of what SQLite does.
"""

import argparse
import os
import re
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import django

from ndsadmin.db.d1.local import LocalGateway
from tests.conformance.expected import FAILURES

ROOT = Path(__file__).resolve().parents[2]
VERSION = django.get_version()
SOURCES = ROOT / "var" / "django" / f"django-{VERSION}"
FIRST = ("basic", "queries", "aggregation", "expressions", "lookup", "transactions", "bulk_create", "datetimes")
FURTHER = (
    "dates", "update", "get_or_create", "many_to_one", "introspection", "schema", "db_functions", "delete",
    "transaction_hooks", "sessions_tests", "admin_changelist", "auth_tests",
)  # fmt: skip
WORKERS = 2
SHARE = 0.99  # of what SQLite passes
_RAN = re.compile(r"^Ran (\d+) tests? in ([\d.]+)s", re.MULTILINE)
_COUNTS = re.compile(r"(failures|errors|skipped|expected failures|unexpected successes)=(\d+)")
_BAD = re.compile(r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (.+)$", re.MULTILINE)


class Outcome(NamedTuple):
    ran: int
    skipped: int
    declared: int
    bad: list[str]
    seconds: float
    text: str

    @property
    def passed(self) -> int:
        return self.ran - self.skipped - self.declared - len(self.bad)


def fetch() -> None:
    if SOURCES.exists():
        return
    target = SOURCES.parent
    target.mkdir(parents=True, exist_ok=True)
    wanted = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", f"django=={VERSION}", "-d", str(target)]
    subprocess.run([sys.executable, "-m", "pip", *wanted], check=True)
    with tarfile.open(next(target.glob(f"[dD]jango-{VERSION}.tar.gz"))) as archive:
        archive.extractall(target, filter="data")


def run(module: str, environment: dict[str, str]) -> Outcome:
    """Django's tests of ``module``, with a process of their own."""
    command = [sys.executable, "-W", "ignore", "runtests.py", "--settings=tests.conformance.settings", "--parallel=1"]
    done = subprocess.run(
        [*command, "--noinput", module],
        cwd=SOURCES / "tests",
        env={**os.environ, "PYTHONPATH": f"{ROOT}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    text = done.stdout + done.stderr
    ran = _RAN.search(text)
    if ran is None:
        return Outcome(0, 0, 0, [f"{module}: did not run\n{text[-2000:]}"], 0, text)
    counts = dict(_COUNTS.findall(text[ran.end() :]))
    bad = sorted(set(_BAD.findall(text)))
    skipped, declared = int(counts.get("skipped", 0)), int(counts.get("expected failures", 0))
    return Outcome(int(ran[1]), skipped, declared, bad, float(ran[2]), text)


def compare(modules: tuple[str, ...], folder: Path) -> int:
    """Run ``modules`` on both, print a table, and write what failed into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"T{number}{side}" for number in range(WORKERS) for side in "ab"]
    free: SimpleQueue[int] = SimpleQueue()
    for number in range(WORKERS):
        free.put(number)
    with LocalGateway(names) as gateway, ThreadPoolExecutor(WORKERS) as pool:

        def on_d1(module: str) -> Outcome:
            number = free.get()
            try:
                return run(module, {
                    "D1_HOST": f"127.0.0.1:{gateway.port}", "D1_TOKEN": gateway.secret,
                    "D1_ONE": f"T{number}a", "D1_TWO": f"T{number}b",
                })  # fmt: skip
            finally:
                free.put(number)

        there = list(pool.map(on_d1, modules))
        here = list(pool.map(lambda module: run(module, {}), modules))
    return tell(modules, there, here, folder)


def tell(modules: tuple[str, ...], there: list[Outcome], here: list[Outcome], folder: Path) -> int:
    head = f"{'module':18} {'D1 passes':>10} {'skips':>6} {'declared':>9} {'fails':>6} {'s':>6}   "
    print(head + f"{'SQLite passes':>13} {'skips':>6} {'s':>6}")
    for module, one, other in zip(modules, there, here, strict=True):
        line = f"{module:18} {one.passed:10} {one.skipped:6} {one.declared:9} {len(one.bad):6} {one.seconds:6.1f}   "
        print(line + f"{other.passed:13} {other.skipped:6} {other.seconds:6.1f}")
        (folder / f"{module}.txt").write_text(one.text)
        for name in one.bad:
            print(f"    {name}")
    passes, wanted = sum(one.passed for one in there), sum(other.passed for other in here)
    share = passes / max(1, wanted)
    print(f"{'together':18} {passes:10} of {wanted} that SQLite passes: {share:.2%}")
    for reason, tests in FAILURES.items():
        print(f"declared: {len(tests)} tests. {reason}")
    return int(any(one.bad for one in there) or share < SHARE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="all modules, not the first eight")
    parser.add_argument("--modules", help="names, separated by commas")
    given = parser.parse_args()
    fetch()
    named = tuple(given.modules.split(",")) if given.modules else ()
    return compare(named or (FIRST + FURTHER if given.all else FIRST), ROOT / "var" / "conformance")


if __name__ == "__main__":
    sys.exit(main())
