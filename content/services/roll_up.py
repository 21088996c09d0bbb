"""Summing up each skill's day: ``skill_metrics_daily``, from generated content and its revisions.

A use has passed where every guard did. A day is written anew as a whole; rows that a worker wrote for it are
replaced (domain.md, Who writes what).
"""

import datetime as dt
import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr

from content.enums import Classification
from content.models import GeneratedContent, RevisionEvent, Skill, SkillMetricsDaily
from security.columns.sums import number
from security.columns.times import parse_day

BATCH = 500  # rows an INSERT; SQLite takes 32,766 parameters a statement


class Use(NamedTuple):
    """One piece of content that a skill made."""

    version: str
    tenant: str
    passed: bool
    is_defect: bool
    selected: bool
    approved: bool
    cost: float
    latency: int


@transaction.atomic
def roll_up_skills(first: dt.date, last: dt.date) -> int:
    """Write the days from ``first`` to ``last``; how many rows. One read of the days' content, in one transaction."""
    contexts = {skill.pk: context_hash(skill) for skill in Skill.objects.only("task", "platform", "modality")}
    days: dict[tuple[dt.date, str], list[Use]] = defaultdict(list)
    for day, skill, use in _uses(first, last):
        days[day, skill].append(use)
    SkillMetricsDaily.objects.filter(date__gte=first, date__lte=last).delete()
    rows = [_row(day, skill, contexts[skill], uses) for (day, skill), uses in sorted(days.items()) if skill in contexts]
    SkillMetricsDaily.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def context_hash(skill: Skill) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of task, platform and modality."""
    return hashlib.sha256(f"{skill.task}|{skill.platform}|{skill.modality}".encode()).hexdigest()[:16]


def _uses(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, str, Use]]:
    defects = RevisionEvent.objects.filter(content=OuterRef("pk"), classification=Classification.DEFECT)
    made = GeneratedContent.objects.filter(skill__isnull=False, **within("created_at", first, last))
    columns = ("skill_id", "skill_version_id", "tenant_id", "guard_pass_rate", "user_selected", "user_approved",
               "cost", "generation_time_ms")  # fmt: skip
    rows = made.annotate(day=Substr("created_at", 1, 10), is_defect=Exists(defects))
    for text, is_defect, skill, version, tenant, passed, selected, approved, cost, latency in rows.values_list(
        "day", "is_defect", *columns
    ).iterator():
        if day := parse_day(text):  # "2026-11-2x" lies between two days and is none
            is_whole = number(passed) >= 1
            used = (is_whole, is_defect, selected is True, approved is True, number(cost), int(number(latency)))
            yield day, skill, Use(version or "", tenant, *used)


def within(column: str, first: dt.date, last: dt.date) -> dict[str, Any]:
    """The condition that ``column`` is a time of those days, in either form that workers write."""
    end = last + dt.timedelta(days=1)
    return {
        f"{column}__gte": dt.datetime(first.year, first.month, first.day, tzinfo=dt.UTC),
        f"{column}__lt": dt.datetime(end.year, end.month, end.day, tzinfo=dt.UTC),
    }


def _row(day: dt.date, skill: str, context: str, uses: list[Use]) -> SkillMetricsDaily:
    versions = Counter(sorted(use.version for use in uses if use.version))
    latencies = sorted(use.latency for use in uses)
    return SkillMetricsDaily(
        date=day,
        skill_id=skill,
        skill_version_id=versions.most_common(1)[0][0] if versions else "",
        context_hash=context,
        uses=len(uses),
        pass_rate=statistics.fmean(use.passed for use in uses),
        defect_rate=statistics.fmean(use.is_defect for use in uses),
        selection_rate=statistics.fmean(use.selected for use in uses),
        approval_rate=statistics.fmean(use.approved for use in uses),
        cost_avg=statistics.fmean(use.cost for use in uses),
        latency_p50=int(statistics.median(latencies)),
        latency_p95=latencies[min(len(latencies) - 1, int(len(latencies) * 0.95))],
        unique_tenants=len({use.tenant for use in uses}),
    )
