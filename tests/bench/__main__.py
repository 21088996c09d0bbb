"""`make bench`: what was promised about speed, measured on this machine, as JSON lines and a table.

Times are medians of several runs on a quiet machine; what has a budget says so. Absolute times differ between
machines, ratios within one run do not. BENCH_ROWS says how many audit rows: usually 2M and then 10M, some 12 GB; none
where it is empty.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from security.scope import Scope, acting
from tests.bench.clock import Result

ROWS = [rows for rows in os.environ.get("BENCH_ROWS", "2M,10M").split(",") if rows]


def main() -> None:
    results: list[Result] = []
    with acting(Scope.of_command("bench")):
        for result in measure():
            print(json.dumps(result), flush=True)
            results.append(result)
    print()
    for result in results:
        print(f"{result['what']:<74} {result['value']:>10} {result['unit']:<7} {result.get('budget', '')}")


def measure() -> Iterator[Result]:
    from tests.bench import (
        hosted,
        importing,
        installation,
        isolation,
        lists,
        load,
        outputs,
        secrets,
        skills,
        stock,
        trail,
    )

    with tempfile.TemporaryDirectory() as folder:
        installation.prepare(Path(folder), "import.sqlite3")
        yield from importing.measure(Path(folder))
        yield from hosted.measure(Path(folder))
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"Making {rows} audit rows …", file=sys.stderr, flush=True)
            yield from installation.fill(Path(folder), rows)
            ours = list(lists.measure(rows))
            yield from ours
            if rows == ROWS[0]:
                yield from stock.compare(rows, ours)
            yield from trail.measure(rows)
            yield from isolation.measure(rows)
            yield from secrets.measure(rows)
            yield from outputs.measure(rows)
            yield from skills.measure(rows)
            yield from load.measure(rows, Path(folder))
            installation.close()


if __name__ == "__main__":
    main()
