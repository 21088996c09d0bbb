"""How skills do: the numbers that pages, charts, exports, searches and orders show, and no others.

Rules (domain.md, K-anonymity):

- People of the platform read the daily rows, and which periods were not published.
- People of a tenant read what was published of global skills. A skill of which nothing was published has no numbers:
  not in a column, not in an order, not among the best. Of their own private skills they read the daily rows, which
  row-level security gives them of no other.
- Means are weighted by uses.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, FloatField, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import NullIf

from content.enums import Hiding, PeriodKind, SkillStatus
from content.kanon import band_text
from content.models import HiddenMetrics, PublishedMetrics, PublishedPeriod, SkillMetricsDaily
from content.queries.skills import WINDOW, owner_name
from security.columns.sums import Known, Number
from security.scope import Reach, current_scope

R = TypeVar("R", bound=Model)
RATES = ("pass_rate", "defect_rate", "selection_rate", "approval_rate")
MEANS = (*RATES, "cost_avg", "latency_p50", "latency_p95")
WEEKS = 13  # of a trend: a quarter
TOP, TOP_USES = 10, 10  # how many are the best, and how often they were used at least
NOT_YET = "Not published yet"
BANDS = ((0.85, "champion"), (0.70, "active"), (0.50, "testing"), (0.0, "failing"))
"""Success from which a skill is called so (domain.md, Skills)."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A skill over the last 30 days, or in the newest month that was published (``is_published``: rates are blurred
    then, and ``tenants`` is a band)."""

    uses: int
    pass_rate: float | None
    defect_rate: float | None
    selection_rate: float | None
    approval_rate: float | None
    cost_avg: float | None
    latency_p50: float | None
    latency_p95: float | None
    is_published: bool = False
    tenants: str = ""
    first: dt.date | None = None

    @property
    def band(self) -> str:
        return band_of(self.pass_rate)


@dataclass(frozen=True, slots=True)
class Best:
    """One of the skills that people approve of most."""

    skill_id: str
    name: str
    approval_rate: float
    uses: int
    owner_name: str | None = None  # of a private one: whose it is
    first: dt.date | None = None  # of the published month that it is from
    hidden: str = ""  # the platform alone: why tenants are not told

    @property
    def is_published(self) -> bool:
        return self.first is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """A period of a skill as the reader may know it: with numbers, or (for the platform) why it has none."""

    kind: str
    first: dt.date
    numbers: Numbers | None
    why: Hiding | None = None
    tenants: int = 0
    uses: int = 0


def band_of(rate: float | None) -> str:
    return "" if rate is None else next((name for low, name in BANDS if rate >= low), BANDS[-1][1])


def numbers(today: dt.date, skills: Collection[str] | None = None, *, days: int = WINDOW) -> dict[str, Numbers]:
    """The numbers of ``skills`` (of all) that who acts may know, by skill; where those are daily rows, of the last
    ``days``. One query; in a tenant two."""
    found = _daily(_window(today, days), skills)
    if _is_tenant():
        found |= {row.skill_id: _of_period(row) for row in _of(_newest_month(), skills)}
    return found


def trends(today: dt.date, skills: Collection[str]) -> dict[str, list[tuple[dt.date, float]]]:
    """How success went: by day, or by published week, oldest first. One query."""
    rows = _of(_window(today), skills).values_list("skill_id", "date", "pass_rate")
    if _is_tenant():
        weeks = PublishedMetrics.objects.filter(kind=PeriodKind.WEEK, first__gt=today - dt.timedelta(weeks=WEEKS))
        rows = rows.union(_of(weeks, skills).values_list("skill_id", "first", "pass_rate"), all=True)
    found: dict[str, list[tuple[dt.date, float]]] = defaultdict(list)
    for skill, day, rate in sorted(rows, key=lambda row: str(row[1])):
        if isinstance(day, dt.date) and isinstance(rate, float):
            found[skill].append((day, rate))
    return found


def best_skills(today: dt.date) -> list[Best]:
    """Ten skills in use that people approve of most: of the last 30 days, in a tenant of the newest published month and
    its own of the last 30 days (domain.md, Skills). One query; in a tenant two."""
    in_use = Q(skill__status__in=[SkillStatus.ACTIVE, SkillStatus.CHAMPION])
    total, approval = Sum(Number("uses")), _mean("approval_rate")
    first = ("-approval", "-total", "skill_id")
    by_skill = _window(today).filter(in_use).values("skill_id").annotate(total=total, approval=approval)
    best = by_skill.filter(total__gte=TOP_USES, approval__isnull=False).order_by(*first)[:TOP].values("skill_id")
    groups = (  # names and reasons are looked up for the ten alone
        _window(today)
        .filter(skill__in=best)
        .values("skill_id", "skill__name")
        .annotate(total=total, approval=approval)
        .annotate(owner=owner_name("skill__visibility"), **decision("skill_id"))
        .order_by(*first)
    )
    found = [
        Best(
            g["skill_id"],
            g["skill__name"],
            g["approval"],
            int(g["total"]),
            g["owner"],
            hidden=unpublished(g, is_global=g["owner"] is None),
        )
        for g in groups
    ]
    if _is_tenant():
        rows = _newest_month().filter(in_use, uses__gte=TOP_USES).order_by("-approval_rate", "-uses", "skill")[:TOP]
        columns = rows.values_list("skill_id", "skill__name", "approval_rate", "uses", "first")
        found += [Best(key, name, rate, uses, first=first) for key, name, rate, uses, first in columns]
    return sorted(found, key=lambda one: (-one.approval_rate, -one.uses, one.skill_id))[:TOP]


def periods(skill_id: str) -> list[Shown]:
    """The weeks and months of a skill that were decided, newest first. One query; for the platform two."""
    rows = PublishedMetrics.objects.filter(skill=skill_id)
    found = [Shown(row.kind, row.first, _of_period(row)) for row in rows]
    if not _is_tenant():
        hidden = HiddenMetrics.objects.filter(skill=skill_id)
        found += [Shown(row.kind, row.first, None, Hiding(row.why), row.tenants, row.uses) for row in hidden]
    return sorted(found, key=lambda shown: (shown.first, shown.kind), reverse=True)


def decision(skill: str) -> dict[str, Any]:
    """What rows are annotated with so that `unpublished` can say what was decided of the skill that their column
    ``skill`` names, in the newest month. For the platform; nothing for who is told no more than what is published."""
    if _is_tenant():
        return {}
    months, row = PublishedPeriod.objects.all(), OuterRef(skill)
    shown = _of_newest_month(PublishedMetrics.objects.filter(skill=row), months)
    hidden = _of_newest_month(HiddenMetrics.objects.filter(skill=row), months)
    return {"is_told": Exists(shown), "hidden_for": Subquery(hidden.values("why")[:1])}


def unpublished(row: Mapping[str, Any], *, is_global: bool) -> str:
    """Why tenants are not told the numbers of a global skill; nothing where they are, or without a `decision`."""
    if not is_global or row.get("is_told", True):
        return ""
    return str(Hiding(row["hidden_for"]).label) if row["hidden_for"] else NOT_YET


def _is_tenant() -> bool:
    return current_scope().reach is Reach.TENANT


def _window(today: dt.date, days: int = WINDOW) -> "QuerySet[SkillMetricsDaily, Any]":
    return SkillMetricsDaily.objects.filter(date__gt=today - dt.timedelta(days=days), date__lte=today)


def _newest_month() -> "QuerySet[PublishedMetrics, Any]":
    return _of_newest_month(PublishedMetrics.objects.all(), PublishedMetrics.objects.all())


def _of_newest_month(rows: "QuerySet[R, Any]", months: "QuerySet[Any, Any]") -> "QuerySet[R, Any]":
    """Those of ``rows`` that are of the newest month among ``months``."""
    newest = months.filter(kind=PeriodKind.MONTH).order_by("-first").values("first")[:1]
    return rows.filter(kind=PeriodKind.MONTH, first=newest)


def _of(rows: "QuerySet[Any, Any]", skills: Collection[str] | None) -> "QuerySet[Any, Any]":
    return rows if skills is None else rows.filter(skill__in=skills)


def _mean(column: str) -> Any:
    """A column's mean, weighted by uses, over the days that know it."""
    known = Sum(Number("uses"), filter=Q(**{f"{column}__isnull": False}), output_field=FloatField())
    return Sum(Number("uses") * Known(column), output_field=FloatField()) / NullIf(known, 0.0)


def _daily(rows: "QuerySet[SkillMetricsDaily, Any]", skills: Collection[str] | None) -> dict[str, Numbers]:
    means = {f"mean_{column}": _mean(column) for column in MEANS}
    groups: Iterable[Any] = _of(rows, skills).values("skill_id").annotate(total=Sum(Number("uses")), **means).order_by()
    return {
        group["skill_id"]: Numbers(int(group["total"]), *(group[f"mean_{column}"] for column in MEANS))
        for group in groups
    }


def _of_period(row: PublishedMetrics) -> Numbers:
    means = {column: getattr(row, column) for column in MEANS}
    return Numbers(uses=row.uses, **means, is_published=True, tenants=band_text(row.tenants), first=row.first)
