"""Summing up each skill's day: ``skill_metrics_daily``, from generated content and its revisions.

Rules:

- What the platform tries out itself is no use.
- A use has passed where every guard did; it is a defect where a revision of it says so, however many do.
- Costs and times are means and percentiles of those that are known; the median of an even number of uses lies between
  the two middle ones, the 95th percentile is a time that was measured (nearest rank: at least 95 % took no longer).
- The database sums up: one statement, which reads the days by the index over time. What it computes is compared with
  what is stored, and only rows that differ are written: a day again costs its reading.
- Rows that a worker wrote are replaced (domain.md, Who writes what); rows of days without uses go.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, Substr

from content.models import GeneratedContent, Skill, SkillMetricsDaily
from content.queries.days import is_defect, of_days
from security.columns.sums import Known, Number
from security.columns.times import parse_day
from security.contract import ContractTable
from security.roles import PLATFORM_TENANT

T = TypeVar("T", bound=ContractTable)
BATCH = 500  # rows an INSERT; SQLite takes 32,766 parameters a statement
COLUMNS = ("skill_version_id", "uses", "pass_rate", "defect_rate", "selection_rate", "approval_rate", "cost_avg",
           "latency_p50", "latency_p95", "unique_tenants")  # fmt: skip

# Of uses, each with its place among the day's by latency, the number of those whose latency is known, and how many
# uses of the day have its version. Of versions used equally often the last counts.
_SUMMED = """
SELECT day, used, SUBSTR(MAX(PRINTF('%%012d', same) || IFNULL(version, '')), 13), COUNT(*),
  AVG(passed >= 1), AVG(is_defect), AVG(user_selected IS 1), AVG(user_approved IS 1), AVG(cost_known),
  CAST(AVG(CASE WHEN place_of IN ((known + 1) / 2, (known + 2) / 2) THEN latency END) AS INTEGER),
  CAST(MAX(CASE WHEN place_of = (known * 95 + 99) / 100 THEN latency END) AS INTEGER),
  COUNT(DISTINCT owner)
FROM ({uses}) GROUP BY day, used"""


@transaction.atomic
def roll_up_skills(first: dt.date, last: dt.date) -> int:
    """Bring the days from ``first`` to ``last`` up to date; how many rows they have. Two reads, in one transaction."""
    contexts = {skill.pk: context_hash(skill) for skill in Skill.objects.only("task", "platform", "modality")}
    rows = [
        SkillMetricsDaily(
            date=day, skill_id=skill, context_hash=contexts[skill], **dict(zip(COLUMNS, values, strict=True))
        )
        for text, skill, *values in _summed(first, last)
        if (day := parse_day(text)) and skill in contexts  # "2026-11-2x" lies between two days and is none
    ]
    return replace_days(SkillMetricsDaily, first, last, rows)


def context_hash(skill: Skill) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of task, platform and modality."""
    return hashlib.sha256(f"{skill.task}|{skill.platform}|{skill.modality}".encode()).hexdigest()[:16]


def _summed(first: dt.date, last: dt.date) -> list[tuple[Any, ...]]:
    sql, params = _uses(first, last).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED.format(uses=sql), params)
        return list(cursor.fetchall())


def _uses(first: dt.date, last: dt.date) -> "QuerySet[GeneratedContent, Any]":
    """A row a use, read by the index over time."""
    rows = of_days(GeneratedContent, first, last).filter(skill__isnull=False).exclude(tenant=PLATFORM_TENANT).annotate(
        day=Substr("created_at", 1, 10), used=F("skill_id"), version=F("skill_version_id"), owner=F("tenant_id"),
        passed=Number("guard_pass_rate"), is_defect=is_defect(), cost_known=Known("cost"),
        latency=Known("generation_time_ms"),
    )  # fmt: skip
    together = [F("skill_id"), F("day")]
    return rows.annotate(
        place_of=Window(RowNumber(), partition_by=together, order_by=F("latency").asc(nulls_last=True)),
        known=Window(Count("latency"), partition_by=together),
        same=Window(Count("pk"), partition_by=[*together, F("skill_version_id")]),
    ).values(
        "day", "used", "version", "owner", "passed", "is_defect", "cost_known", "latency", "place_of", "known", "same",
        "user_selected", "user_approved",
    )  # fmt: skip


def replace_days(model: type[T], first: dt.date, last: dt.date, rows: Iterable[T]) -> int:
    """Make ``rows`` all that ``model`` has for those days, and write only what differs; how many there are. Their keys
    are composite and hold a ``date``."""
    names = [field.name for field in model._meta.concrete_fields]
    attributes = [field.attname for field in model._meta.concrete_fields]
    wanted = {row.pk: row for row in rows}
    days: QuerySet[Any, Any] = model._default_manager.filter(date__gte=first, date__lte=last)
    stored: dict[Any, Any] = {row.pk: row for row in days}

    def values(row: T | None) -> list[Any]:
        return [getattr(row, attribute, None) for attribute in attributes]

    for day in sorted({row.date for pk, row in stored.items() if pk not in wanted}, key=str):  # seldom more than none
        days.filter(date=day).delete()
        stored = {pk: row for pk, row in stored.items() if row.date != day}
    key = [field.name for field in model._meta.pk_fields]
    model._default_manager.bulk_create(
        [row for pk, row in wanted.items() if values(row) != values(stored.get(pk))],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=key,
        update_fields=[name for name in names if name not in key],
    )
    return len(wanted)
