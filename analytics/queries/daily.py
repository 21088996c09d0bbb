"""Reads of the daily sums."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from analytics.models import TenantMetricsDaily
from security.columns.sums import Number
from security.roles import PLATFORM_TENANT


@dataclass(frozen=True, slots=True)
class TenantDay:
    """What a tenant published on a day, over all platforms; cost in US dollars."""

    tenant_id: str
    date: dt.date
    posts: int
    failed: int
    generations: int
    cost: float


def tenant_days(first: dt.date, last: dt.date) -> list[TenantDay]:
    """The days from ``first`` to ``last`` of all tenants but ``platform``, by date; a row a tenant. One query."""
    rows = (
        TenantMetricsDaily.objects.filter(date__gte=first, date__lte=last)
        .exclude(tenant=PLATFORM_TENANT)
        .values_list("tenant_id", "date")
        .annotate(**{f"sum_{name}": Sum(Number(name)) for name in ("posts", "failed_posts", "generations", "cost")})
        .order_by("date", "tenant_id")
    )
    return [
        TenantDay(tenant, day, int(posts), int(failed), int(made), cost)
        for tenant, day, posts, failed, made, cost in rows
        if isinstance(day, dt.date)
    ]
