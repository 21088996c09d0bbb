"""Summing up days: ``tenant_metrics_daily`` and ``guard_metrics_daily``, and with them the skills' days.

Rules:

- Posts, generations, engagement and conversions are summed up apart and put together by tenant, day and platform:
  joined row by row they would multiply each other (domain.md, Analytics).
- A post's engagement counts for the day on which it was published, by the newest row of its analytics.
- A row whose number is none, or infinite, counts as 0; a conversion without a weight in full, a post without a known
  status as neither published nor failed: the links of the dashboard show just what was counted.
- Of a day only the rows that differ are written, so running twice changes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Substr

from analytics.models import Conversion, GuardMetricsDaily, PostAnalytics, TenantMetricsDaily
from content.enums import Platform
from content.models import GeneratedContent, GuardResult
from content.queries.days import of_days
from content.services.roll_up import replace_days, roll_up_skills
from publishing.enums import PostStatus
from publishing.models import PublishedPost
from security.columns.documents import Member
from security.columns.places import Moment
from security.columns.sums import Number
from security.columns.times import parse_day
from security.services.repeating import repeatable
from security.services.work import record_roll_up
from tenants.models import Tenant

OTHER = "other"  # content that was made for no platform of ours
SPOKEN = {"x": Platform.TWITTER.value}  # what an intent calls a platform (domain.md, Content)
Key = tuple[str, dt.date, str]  # tenant, day, platform
LATE = 31  # days that a run takes up again: so long engagement and revisions of older work still come in (domain.md)


@repeatable
def roll_up(first: dt.date, last: dt.date) -> dict[str, int]:
    """Write the days from ``first`` to ``last`` of all three tables anew; rows by table.

    Each source is read once. One transaction: no reader sees half of it.
    """
    known = set(Tenant.objects.values_list("pk", flat=True))  # an orphan's numbers are nobody's
    rows = {
        "skill_metrics_daily": roll_up_skills(first, last),
        "tenant_metrics_daily": _roll_up_tenants(first, last, known),
        "guard_metrics_daily": _roll_up_guards(first, last, known),
    }
    record_roll_up(first, last, rows)
    return rows


def _roll_up_tenants(first: dt.date, last: dt.date, known: set[str]) -> int:
    sums: dict[Key, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for source in (_posts, _generations, _engagement, _conversions):
        for (tenant, day, platform), numbers in source(first, last):
            into = sums[tenant, day, platform if platform in Platform.values else SPOKEN.get(platform, OTHER)]
            for name, number in numbers.items():
                into[name] += number or 0
    rows = [
        TenantMetricsDaily(tenant_id=tenant, date=day, platform=platform, **numbers)
        for (tenant, day, platform), numbers in sorted(sums.items())
        if tenant in known
    ]
    return replace_days(TenantMetricsDaily, first, last, rows)


def _posts(first: dt.date, last: dt.date) -> "Iterator[tuple[Key, dict[str, Any]]]":
    failed, posted = Q(status=PostStatus.FAILED), Q(status__in=[PostStatus.PUBLISHED, PostStatus.DELETED])
    rows = of_days(PublishedPost, first, last)
    yield from _grouped(
        rows, "published_at", "platform", posts=Count("pk", filter=posted), failed_posts=Count("pk", filter=failed)
    )


def _generations(first: dt.date, last: dt.date) -> "Iterator[tuple[Key, dict[str, Any]]]":
    rows = of_days(GeneratedContent, first, last).annotate(meant_for=Member("intent_spec", "platform"))
    yield from _grouped(rows, "created_at", "meant_for", generations=Count("pk"), cost=Sum(Number("cost")))


def _engagement(first: dt.date, last: dt.date) -> "Iterator[tuple[Key, dict[str, Any]]]":
    own = PostAnalytics.objects.filter(post=OuterRef("post")).order_by(Moment("synced_at").desc(), "-analytics_id")
    posts = of_days(PublishedPost, first, last)
    rows = PostAnalytics.objects.filter(post__in=posts).filter(pk=Subquery(own.values("pk")[:1]))
    yield from _grouped(
        rows,
        "post__published_at",
        "platform",
        impressions=Sum(Number("impressions")),
        reach=Sum(Number("reach")),
        engagements=Sum(Number("likes") + Number("comments") + Number("shares") + Number("clicks")),
        clicks=Sum(Number("clicks")),
    )


def _conversions(first: dt.date, last: dt.date) -> "Iterator[tuple[Key, dict[str, Any]]]":
    rows = of_days(Conversion, first, last)
    worth = Sum(Number("value") * Number(Coalesce("attribution_weight", 1.0)), output_field=FloatField())
    yield from _grouped(rows, "tracked_at", "post__platform", conversions=Count("pk"), revenue=worth)


def _grouped(
    rows: QuerySet[Any], time: str, platform: str, **sums: Count | Sum
) -> "Iterator[tuple[Key, dict[str, Any]]]":
    groups: Iterable[dict[str, Any]] = (
        rows.order_by().annotate(day=Substr(time, 1, 10)).values("tenant_id", "day", platform).annotate(**sums)
    )
    for group in groups:
        if day := parse_day(group["day"]):  # "2026-11-2x" lies between two days and is none
            key = (group["tenant_id"], day, str(group[platform] or OTHER))
            yield key, {name: group[name] for name in sums}


def _roll_up_guards(first: dt.date, last: dt.date, known: set[str]) -> int:
    groups = (
        of_days(GuardResult, first, last)
        .filter(content__tenant__isnull=False)
        .order_by()
        .annotate(day=Substr("created_at", 1, 10))
        .values("content__tenant_id", "day", "guard_id")
        .annotate(
            runs=Count("pk"),
            passes=Count("pk", filter=Q(passed=True)),
            auto_fixes=Count("pk", filter=Q(auto_fixed=True)),
        )
    )
    rows = [
        GuardMetricsDaily(
            tenant_id=group["content__tenant_id"],
            date=day,
            guard_id=group["guard_id"],
            runs=group["runs"],
            passes=group["passes"],
            auto_fixes=group["auto_fixes"],
        )
        for group in groups
        if (day := parse_day(group["day"])) and group["content__tenant_id"] in known
    ]
    return replace_days(GuardMetricsDaily, first, last, rows)
