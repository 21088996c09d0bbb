"""Publishing the numbers of global skills by period: `content.kanon` says which may be, and in which order.

What is decided is computed from the content itself: tenants of a day cannot be added up over days.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Substr

from content.enums import PeriodKind
from content.kanon import Period, band, blurred, decided, due, month_of
from content.models import (
    GeneratedContent,
    HiddenMetrics,
    PublishedMetrics,
    PublishedPeriod,
    SkillMetricsDaily,
)
from content.models.skills import GLOBAL
from content.queries.days import is_defect, of_days
from content.services.roll_up import BATCH
from security.audit import Action, record
from security.columns.sums import Known, Number
from security.columns.times import parse_day
from security.roles import PLATFORM_TENANT
from security.services.repeating import repeatable

RATES = {"pass_rate": "passes", "defect_rate": "defects", "selection_rate": "chosen", "approval_rate": "approvals"}
LATENCIES = ("latency_p50", "latency_p95")

Sums = Mapping[str, float]


@dataclass(slots=True)
class History:
    """A skill's month: sums by tenant and day, and what of it is published."""

    parts: dict[dt.date, dict[str, Sums]] = field(default_factory=lambda: defaultdict(dict))
    latencies: dict[dt.date, list[Sums]] = field(default_factory=lambda: defaultdict(list))  # of each context
    shown: dict[Period, PublishedMetrics] = field(default_factory=dict)

    def of(self, name: str) -> dict[dt.date, dict[str, float]]:
        """A member of `Sums` by tenant and day."""
        return {day: {who: sums[name] for who, sums in by.items()} for day, by in self.parts.items()}

    def shows(self, column: str) -> list[Period]:
        """The periods that say something of a column."""
        return [period for period, row in self.shown.items() if getattr(row, column) is not None]


def publish_skills(today: dt.date) -> list[PublishedPeriod]:
    """Publish each period that is complete and was not decided yet; those periods. A month is a transaction."""
    days = SkillMetricsDaily.objects.filter(skill__visibility=GLOBAL).order_by("date").values_list("date", flat=True)
    first = next((day for day in days.distinct() if isinstance(day, dt.date)), today)
    found: list[PublishedPeriod] = []
    month = month_of(first)
    while month.first < today:
        found += _publish_month(month, today)
        month = month_of(month.last + dt.timedelta(days=1))
    return found


@repeatable
def _publish_month(month: Period, today: dt.date) -> list[PublishedPeriod]:
    old = set(
        PublishedPeriod.objects.filter(first__gte=month.first, first__lte=month.last).values_list("kind", "first")
    )
    periods = [period for period in due(month, today) if (period.kind, period.first) not in old]
    if not periods:
        return []
    histories = _histories(month)
    published = [_publish(period, histories) for period in periods]
    record(
        Action.PUBLISH_METRICS,
        resource_type="skill_metrics",
        resource_id=None,
        tenant_id=None,
        details={
            "periods": [f"{row.kind} of {row.first}: {row.shown} shown, {row.hidden} hidden" for row in published]
        },
    )
    return published


def _publish(period: Period, histories: Mapping[str, History]) -> PublishedPeriod:
    shown, hidden = [], []
    for skill, history in sorted(histories.items()):
        sums, tenants = _together(history, period.days)
        if not tenants:
            continue
        key = {"kind": period.kind, "first": period.first, "skill_id": skill}
        if why := decided(period, history.of("uses"), history.shown):
            hidden.append(HiddenMetrics(**key, why=why, tenants=tenants, uses=int(sums["uses"])))
        else:
            row = PublishedMetrics(**key, **_numbers(period, history), tenants=band(tenants))
            history.shown[period] = row
            shown.append(row)
    PublishedMetrics.objects.bulk_create(shown, batch_size=BATCH)
    HiddenMetrics.objects.bulk_create(hidden, batch_size=BATCH)
    return PublishedPeriod.objects.create(kind=period.kind, first=period.first, shown=len(shown), hidden=len(hidden))


def _numbers(period: Period, history: History) -> dict[str, float | int | None]:
    """What is published of a period.

    A month is the sum of its weeks as they were published and of its other days as they are now: whoever subtracts
    the weeks finds the other days, and not what came in late. Cost and times are known of some uses alone, so those
    pass the gate by themselves, or are not told.
    """
    weeks = history.shown if period.kind == PeriodKind.MONTH else {}
    rest = period.days.difference(*(week.days for week in weeks))
    sums, _ = _together(history, rest)
    uses = int(sums["uses"]) + sum(row.uses for row in weeks.values())
    made: dict[str, float | int | None] = {"uses": uses}
    for rate, count in RATES.items():
        # The other days' rate is blurred like any: a month less its weeks tells it.
        others = blurred(sums[count] / sums["uses"]) * sums["uses"] if sums["uses"] else 0
        made[rate] = blurred((others + sum(getattr(row, rate) * row.uses for row in weeks.values())) / uses)
    means = {"cost_avg": sums["cost"] / sums["priced"] if sums["priced"] else None, **_latencies(history, rest)}
    for column, mean in means.items():
        # Of money also who spends most of it must not stand out: many cheap uses hide no dear one.
        gates = ("priced", "cost") if column == "cost_avg" else ("timed",)
        values: list[tuple[float | None, float]] = [(mean, sums["uses"])] if rest else []
        values += [(getattr(row, column), row.uses) for row in weeks.values()]
        known = [(value, weight) for value, weight in values if value is not None]
        is_told = len(known) == len(values) and not any(
            decided(period, history.of(gate), history.shows(column)) for gate in gates
        )
        value = sum(value * weight for value, weight in known) / uses if is_told else None
        made[column] = value if value is None else round(value, 4) if column == "cost_avg" else int(value)
    return made


def _together(history: History, days: Collection[dt.date]) -> tuple[Sums, int]:
    """The sums of those days, and how many tenants they are of."""
    sums: Counter[str] = Counter()
    tenants: set[str] = set()
    for day in days:
        for tenant, part in history.parts.get(day, {}).items():
            sums.update(part)
            tenants.add(tenant)
    return sums, len(tenants)


def _latencies(history: History, days: Collection[dt.date]) -> dict[str, float | None]:
    """The days' percentiles, weighted by uses; None where a day's are not those of the uses that pass the gate: it was
    not rolled up, or before some of them came in."""
    timed = {day: _together(history, [day])[0] for day in days}
    rows = {day: history.latencies[day] for day, sums in timed.items() if sums["timed"]}
    # Of several contexts of a day none is the day's.
    known = [one[0] for day, one in rows.items() if len(one) == 1 and one[0]["uses"] == timed[day]["uses"]]
    weight = sum(row["uses"] for row in known)
    is_whole = weight and len(known) == len(rows)
    return {name: sum(row[name] * row["uses"] for row in known) / weight if is_whole else None for name in LATENCIES}


def _histories(month: Period) -> dict[str, History]:
    """The global skills that were used in ``month``. Three queries."""
    histories: dict[str, History] = defaultdict(History)
    for skill, tenant, day, sums in _parts(month):
        histories[skill].parts[day][tenant] = sums
    days = SkillMetricsDaily.objects.filter(date__gte=month.first, date__lte=month.last, skill__visibility=GLOBAL)
    for skill, day, uses, p50, p95 in days.values_list("skill_id", "date", "uses", *LATENCIES):
        if isinstance(p50, int) and isinstance(p95, int) and isinstance(day, dt.date):
            histories[skill].latencies[day].append({"uses": uses, "latency_p50": p50, "latency_p95": p95})
    weeks = PublishedMetrics.objects.filter(first__gte=month.first, first__lte=month.last)
    for row in weeks:
        histories[row.skill_id].shown[Period.beginning(PeriodKind(row.kind), row.first)] = row
    return histories


def _parts(month: Period) -> Iterator[tuple[str, str, dt.date, Sums]]:
    """What each tenant did with each global skill on each day."""
    rows = of_days(GeneratedContent, month.first, month.last).filter(skill__visibility=GLOBAL)
    groups: Iterable[Any] = (
        rows.exclude(tenant=PLATFORM_TENANT)
        .order_by()
        .annotate(
            day=Substr("created_at", 1, 10),
            passed=Number("guard_pass_rate"),
            price=Known("cost"),
            time=Known("generation_time_ms"),
        )
        .values("skill_id", "tenant_id", "day")
        .annotate(
            uses=Count("pk"),
            passes=Count("pk", filter=Q(passed__gte=1)),
            defects=Count("pk", filter=is_defect()),
            chosen=Count("pk", filter=Q(user_selected=True)),
            approvals=Count("pk", filter=Q(user_approved=True)),
            priced=Count("price"),
            timed=Count("time"),
            cost=Sum("price", default=0.0),
        )
    )
    for group in groups:
        if day := parse_day(group["day"]):
            sums = {name: group[name] for name in ("uses", *RATES.values(), "priced", "timed", "cost")}
            yield group["skill_id"], group["tenant_id"], day, sums
