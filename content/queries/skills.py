"""Reads about skills."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Substr

from content.enums import SkillStatus
from content.models import Skill, SkillMetricsDaily
from content.models.skills import PRIVATE
from security.columns.sums import Number
from tenants.models import Tenant

WINDOW = 30  # days over which a skill is judged (domain.md, Skills)
MIN_USES = 100
MAX_DEFECTS = 0.05
MIN_AGE = 30  # days


@dataclass(frozen=True, slots=True)
class Candidate:
    """A private skill that meets the rules of promotion which numbers can tell (domain.md, Skills)."""

    skill_id: str
    name: str
    visibility: str
    uses: int
    defect_rate: float
    pass_rate: float


def with_owners(rows: "QuerySet[Skill, Any]") -> "QuerySet[Skill, Any]":
    """``rows`` with ``owner_name``: of a private skill the name of its tenant."""
    return rows.annotate(owner_name=owner_name("visibility"))


def owner_name(visibility: str) -> Subquery:
    """The name of the tenant that the column ``visibility`` names; none of a global skill."""
    key = Substr(OuterRef(visibility), len(PRIVATE) + 1)
    return Subquery(Tenant.objects.filter(pk=key).values("name")[:1])


def awaiting_review(today: dt.date) -> list[Candidate]:
    """Private skills that are old, used and sound enough to be proposed for all tenants, the most used first.

    Consent, K-anonymity and the leak scan are looked at with the proposal. Rates are weighted by uses. One query.
    """
    month = Q(skill__visibility__startswith=PRIVATE) & ~Q(skill__status__in=[SkillStatus.RETIRED, SkillStatus.FAILING])
    rows = (
        SkillMetricsDaily.objects.filter(month, date__gt=today - dt.timedelta(days=WINDOW), date__lte=today)
        .filter(skill__created_at__lt=dt.datetime.combine(today - dt.timedelta(days=MIN_AGE - 1), dt.time(), dt.UTC))
        .values("skill_id", "skill__name", "skill__visibility")
        .annotate(
            total=Sum(Number("uses")),
            judged=Sum(Number("uses"), filter=Q(defect_rate__isnull=False, pass_rate__isnull=False)),
            defects=Sum(Number("uses") * Number("defect_rate")),
            passes=Sum(Number("uses") * Number("pass_rate")),
        )
        .filter(total__gte=MIN_USES)
        .order_by("-total", "skill_id")
    )
    found = [
        Candidate(
            row["skill_id"],
            row["skill__name"],
            str(row["skill__visibility"]),
            int(row["total"]),
            row["defects"] / row["judged"],
            row["passes"] / row["judged"],
        )
        for row in rows
        if row["judged"]  # a day without its rates says nothing of a skill
    ]
    return [candidate for candidate in found if candidate.defect_rate < MAX_DEFECTS]
