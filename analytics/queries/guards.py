"""How guards do, by day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from analytics.models import GuardMetricsDaily
from security.columns.sums import Number
from security.roles import PLATFORM_TENANT


@dataclass(frozen=True, slots=True)
class GuardDay:
    """How often a guard ran on a day, over all tenants in reach; how often it passed, and what it mended itself."""

    guard: str
    date: dt.date
    runs: int
    passes: int
    auto_fixes: int


def guard_days(first: dt.date, last: dt.date) -> list[GuardDay]:
    """The days from ``first`` to ``last``, by date. One query."""
    rows = (
        GuardMetricsDaily.objects.filter(date__gte=first, date__lte=last)
        .exclude(tenant=PLATFORM_TENANT)
        .values_list("guard_id", "date")
        .annotate(**{f"sum_{name}": Sum(Number(name)) for name in ("runs", "passes", "auto_fixes")})
        .order_by("date", "guard_id")
    )
    return [
        GuardDay(guard, day, int(runs), int(passes), int(fixes))
        for guard, day, runs, passes, fixes in rows
        if isinstance(day, dt.date)
    ]
