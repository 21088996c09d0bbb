"""What a tenant has used of its plan this month."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from analytics.models import TenantMetricsDaily
from security.columns import now
from security.columns.sums import Number
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Use:
    """Since the first of the month, UTC; ``cost`` in US dollars. ``limit`` is None where the plan names none."""

    posts: int
    generations: int
    cost: float
    limit: int | None

    @property
    def share(self) -> int:
        """Percent of the plan's posts."""
        return min(999, 100 * self.posts // self.limit) if self.limit else 0


def use_of(tenant: Tenant) -> Use:
    """One query, of the daily sums."""
    first: dt.date = now().date().replace(day=1)
    days = TenantMetricsDaily.objects.filter(tenant=tenant, date__gte=first).order_by()
    sums = days.aggregate(**{name: Sum(Number(name)) for name in ("posts", "generations", "cost")})
    rules = tenant.settings if isinstance(tenant.settings, dict) else {}
    limit = rules.get("max_posts_per_month")
    return Use(
        int(sums["posts"] or 0), int(sums["generations"] or 0), float(sums["cost"] or 0),
        limit if isinstance(limit, int) and limit > 0 else None,
    )  # fmt: skip
