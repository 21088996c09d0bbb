"""Taking times."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RUNS = 15
Result = dict[str, Any]


def result(what: str, value: float, unit: str, budget: str = "") -> Result:
    return {"what": what, "value": value, "unit": unit, **({"budget": budget} if budget else {})}


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds of ``work``, the first time not counted."""
    work()
    return round(statistics.median(seconds(work) for _ in range(runs)) * 1000, 1)


def seconds(work: Callable[[], object]) -> float:
    with timed() as taken:
        work()
    return taken[0]


@contextmanager
def timed() -> Iterator[list[float]]:
    taken: list[float] = []
    begin = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begin)
