"""Guards, ready to be drawn: how each does, and where it said no."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.queries.guards import GuardDay, guard_days
from content.enums import Guard
from content.guards import ALARMING, THRESHOLDS
from content.models import GeneratedContent, GuardResult
from content.queries.failures import failures_of
from ndsadmin.charts import Chart, Series
from ndsadmin.dashboard.figures import RANGES
from ndsadmin.dashboard.library import percent
from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.addresses import row_address
from security.scope import Reach, current_scope

EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Line:
    guard: str
    name: str
    asks: str
    runs: str
    passed: str
    fixed: str
    tone: str


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of content that a guard refused."""

    address: str
    tenant: str
    measured: str
    action: str
    fixed: bool
    at: Any


@dataclass(frozen=True, slots=True)
class GuardsPage:
    days: int
    lines: list[Line]
    guard: str
    name: str
    asks: str
    chart: Chart
    examples: list[Example]
    has_tenants: bool


def guards_page(days: int, guard: str, today: dt.date) -> GuardsPage:
    """All guards over the last ``days``, and one of them by day with its newest refusals. Two queries."""
    span = days if days in RANGES else RANGES[1]
    first = today - dt.timedelta(days=span - 1)
    chosen = guard if guard in Guard.values else ""
    reads = [lambda: guard_days(first, today), *([lambda: list(failures_of(chosen, EXAMPLES))] if chosen else [])]
    with reading_ahead(*reads):
        rows = guard_days(first, today)
        lines = [_line(one, rows) for one in Guard.values]
        chosen = chosen or _worst(rows)
        found = list(failures_of(chosen, EXAMPLES))
    all_days = [first + dt.timedelta(days=place) for place in range(span)]
    return GuardsPage(
        span, lines, chosen, str(Guard(chosen).label), THRESHOLDS[chosen].asks,
        _chart(all_days, [row for row in rows if row.guard == chosen]), [_example(one) for one in found],
        current_scope().reach is Reach.PLATFORM,
    )  # fmt: skip


def _worst(rows: Sequence[GuardDay]) -> str:
    """The guard that passes least; the first where none ran."""
    rates = {guard: _rates([row for row in rows if row.guard == guard])[0] for guard in Guard.values}
    known = {guard: rate for guard, rate in rates.items() if rate is not None}
    return min(known, key=lambda guard: known[guard]) if known else str(Guard.values[0])


def _rates(rows: Sequence[GuardDay]) -> tuple[float | None, float | None]:
    """What passed of all runs, and what was mended of those that did not pass."""
    runs, passes = sum(row.runs for row in rows), sum(row.passes for row in rows)
    failed, fixed = runs - passes, sum(row.auto_fixes for row in rows)
    return passes / runs if runs else None, min(fixed / failed, 1.0) if failed > 0 else None


def _line(guard: str, rows: Sequence[GuardDay]) -> Line:
    own = [row for row in rows if row.guard == guard]
    passed, fixed = _rates(own)
    tone = "" if passed is None else "bad" if passed < ALARMING else "good"
    runs = f"{sum(row.runs for row in own):,}"
    return Line(guard, str(Guard(guard).label), THRESHOLDS[guard].asks, runs, percent(passed), percent(fixed), tone)


def _chart(days: Sequence[dt.date], rows: Sequence[GuardDay]) -> Chart:
    by_day = {row.date: row for row in rows}

    def rates(place: int) -> list[float | None]:
        found = [_rates([by_day[day]])[place] if day in by_day else None for day in days]
        return [None if rate is None else rate * 100 for rate in found]

    series = (Series("Passed", rates(0)), Series("Mended of those that did not", rates(1)))
    return Chart("By day", days, series, shown=lambda value: f"{value:.0f} %", height=200, is_summed=False)


def _example(row: GuardResult) -> Example:
    return Example(
        row_address(GeneratedContent, row.content_id),
        row.content.tenant.name,
        THRESHOLDS[row.guard_id].of(row.metrics_json),
        row.action_taken or "",
        row.auto_fixed is True,
        row.created_at,
    )
