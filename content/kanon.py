"""The K gate: which numbers over several tenants may be published (domain.md, K-anonymity).

Rules:

- A group of uses may be told of where at least `K` tenants contributed to it and none of them dominates it.
- One dominates who has more than `MOST` of all uses, or whose share the second largest could work out to within
  `CLOSENESS` by taking his own from the sum (the p % rule of statistical offices).
- Tenants are counted in bands: of two neighbouring periods one reads in exact counts who joined.
- Rates are kept within `EDGE` of none and all: of what everybody did, each would be told of all others.
- Who knows sums over days can take one from another. So what is published of a skill are sets of days that do not
  overlap, and months; of a month also the days are a group that no published week of it covers: they pass the gate as
  well, or the month is not published. A week that lies in two months would leave days in both; it is never published.
  The last whole week of a month waits for the month, and then must leave days of it behind that pass.
- A period is published once, and what comes in later changes none: a month is the sum of its weeks as they were
  published and of its other days.

    verdict([3, 1, 1, 1])      -> Hiding.FEW
    verdict([3, 2, 2, 1, 1])   -> None: may be published
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from content.enums import Hiding, PeriodKind

K = 5
MOST = 0.75
CLOSENESS = 0.15
BANDS = (5, 10, 20, 50, 100, 200, 500, 1000)
EDGE = 0.05
WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from ``first`` to ``last``."""

    first: dt.date
    last: dt.date
    kind: PeriodKind

    @classmethod
    def beginning(cls, kind: PeriodKind, first: dt.date) -> "Period":
        return month_of(first) if kind is PeriodKind.MONTH else cls(first, first + dt.timedelta(days=WEEK - 1), kind)

    @property
    def days(self) -> frozenset[dt.date]:
        return frozenset(self.first + dt.timedelta(days=place) for place in range((self.last - self.first).days + 1))


def verdict(parts: Iterable[float]) -> Hiding | None:
    """Why a group may not be told of, from the uses of each tenant (or what they cost); None where it may."""
    ordered = sorted((part for part in parts if part > 0), reverse=True)
    if len(ordered) < K:
        return Hiding.FEW
    total, largest, second = sum(ordered), ordered[0], ordered[1]
    if largest > MOST * total or total - largest - second < CLOSENESS * largest:
        return Hiding.DOMINATED
    return None


def band(tenants: int) -> int:
    """The lower end of the band that a number of tenants, at least `K`, lies in."""
    return max(low for low in BANDS if low <= tenants)


def band_text(low: int) -> str:
    """``10–19``; the last band has no end."""
    above = [other for other in BANDS if other > low]
    return f"{low:,}–{above[0] - 1:,}" if above else f"{low:,} and more"


def blurred(rate: float) -> float:
    """A rate as it is published."""
    return round(min(max(rate, EDGE), 1 - EDGE), 4)


def rate_text(rate: float | None) -> str:
    """A published rate as people read it."""
    if rate is None:
        return "–"
    if rate <= EDGE:
        return f"≤ {EDGE:.0%}"
    return f"≥ {1 - EDGE:.0%}" if rate >= 1 - EDGE else f"{rate:.0%}"


def month_of(day: dt.date) -> Period:
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return Period(first, following - dt.timedelta(days=1), PeriodKind.MONTH)


def weeks_of(month: Period) -> list[Period]:
    """The ISO weeks that lie in ``month`` as a whole."""
    monday = month.first + dt.timedelta(days=-month.first.weekday() % WEEK)
    weeks = []
    while (week := Period.beginning(PeriodKind.WEEK, monday)).last <= month.last:
        weeks.append(week)
        monday += dt.timedelta(days=WEEK)
    return weeks


def due(month: Period, today: dt.date) -> list[Period]:
    """The periods of ``month`` that are complete on ``today``, in the order in which they are decided."""
    *early, late = weeks_of(month)
    complete = [week for week in early if week.last < today]
    return [*complete, month, late] if month.last < today else complete


def decided(period: Period, parts: Mapping[dt.date, Mapping[str, float]], shown: Collection[Period]) -> Hiding | None:
    """Why ``period`` of a skill is not published; None where it is.

    ``parts`` are the uses of each tenant on each day of its month, ``shown`` the periods of the month that are
    published already.
    """
    if hiding := verdict(_uses(parts, period.days)):
        return hiding
    month = month_of(period.first)
    if period != month and month not in shown:
        return None
    uncovered = month.days.difference(*(other.days for other in {*shown, period} - {month}))
    return Hiding.COMPLEMENT if verdict(_uses(parts, uncovered)) else None


def _uses(parts: Mapping[dt.date, Mapping[str, float]], days: Collection[dt.date]) -> list[float]:
    """What each tenant used on those days together."""
    sums: dict[str, float] = defaultdict(float)
    for day in days:
        for tenant, part in parts.get(day, {}).items():
            sums[tenant] += part
    return list(sums.values())
