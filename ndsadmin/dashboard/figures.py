"""What happened, by day: the dashboard's charts and the cards that sum them up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from analytics.plan import GENERATION, planned_cost
from analytics.queries.daily import TenantDay, tenant_days
from content.models import GeneratedContent
from ndsadmin.charts import Chart, HeatMap, Kind, Series, sparkline
from ndsadmin.tables.addresses import list_address
from publishing.enums import PostStatus
from publishing.models import PublishedPost

RANGES = (7, 30, 90)  # days
BUSIEST = 12  # tenants on the map: what fits without scrolling
CROWDED = 31  # days beyond which a map shows weeks
POSTED = (PostStatus.PUBLISHED.value, PostStatus.DELETED.value)


@dataclass(frozen=True, slots=True)
class Card:
    """A number with what it counts, the rows behind it, and how it moved."""

    label: str
    number: str
    address: str
    note: str = ""
    trend: SafeString | str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Days of all tenants, and as many days before them to compare with."""

    days: Sequence[dt.date]
    now: Sequence[TenantDay]
    before: Sequence[TenantDay]

    def by_day(self, value: Callable[[TenantDay], float]) -> list[float]:
        sums: dict[dt.date, float] = defaultdict(float)
        for row in self.now:
            sums[row.date] += value(row)
        return [sums[day] for day in self.days]

    @property
    def busiest(self) -> list[str]:
        """The tenants with the most posts."""
        posts: dict[str, int] = defaultdict(int)
        for row in self.now:
            posts[row.tenant_id] += row.posts
        return sorted(posts, key=lambda tenant: (-posts[tenant], tenant))[:BUSIEST]


def figures(days: int, today: dt.date) -> Figures:
    """The last ``days`` days, today among them. One query."""
    first = today - dt.timedelta(days=days - 1)
    rows = tenant_days(first - dt.timedelta(days=days), today)
    return Figures(
        [first + dt.timedelta(days=place) for place in range(days)],
        [row for row in rows if row.date >= first],
        [row for row in rows if row.date < first],
    )


def cards(found: Figures) -> list[Card]:
    posts, failed = found.by_day(lambda row: row.posts), found.by_day(lambda row: row.failed)
    cost, made = found.by_day(lambda row: row.cost), sum(posts)
    generations = found.by_day(lambda row: row.generations)
    share = sum(failed) / (made + sum(failed)) if made + sum(failed) else 0.0
    before = sum(row.posts for row in found.before), sum(row.cost for row in found.before)
    first, last = found.days[0], found.days[-1]
    return [
        Card("Posts", f"{made:,.0f}", posts_between(first, last, *POSTED), change(made, before[0]), sparkline(posts)),
        Card(
            "Content made",
            f"{sum(generations):,.0f}",
            content_between(first, last),
            change(sum(generations), sum(row.generations for row in found.before)),
            sparkline(generations),
        ),
        Card(
            "Failed posts",
            f"{sum(failed):,.0f}",
            posts_between(first, last, PostStatus.FAILED.value),
            f"{share:.1%} of all attempts",
            sparkline(failed),
            "bad" if share > 0.1 else "",
        ),
        Card(
            "Cost", f"${sum(cost):,.2f}", content_between(first, last), change(sum(cost), before[1]), sparkline(cost)
        ),
    ]  # fmt: skip


def charts(found: Figures) -> list[Chart]:
    days = found.days
    posts, failed = found.by_day(lambda row: row.posts), found.by_day(lambda row: row.failed)
    return [
        Chart(
            "Posts by day",
            days,
            (
                Series("Published", posts, [posts_between(day, day, *POSTED) for day in days]),
                Series("Failed", failed, [posts_between(day, day, PostStatus.FAILED.value) for day in days]),
            ),
            kind=Kind.STACKED,
        ),
        Chart(
            "Cost by day",
            days,
            (
                Series("Spent", found.by_day(lambda row: row.cost), [content_between(day, day) for day in days]),
                Series("Planned", [planned_cost(int(number)) for number in posts]),
            ),
            shown=dollars,
            whole=False,
            unit="$",
            note=f"Plan: ${GENERATION} for 1,000 posts",
        ),
    ]


def heat_map(found: Figures, names: Mapping[str, str]) -> HeatMap:
    """By day; by week where days would be too narrow to hit."""
    size = 7 if len(found.days) > CROWDED else 1
    starts = found.days[::size]
    place = {day: starts[number // size] for number, day in enumerate(found.days)}
    numbers: dict[tuple[str, dt.date], int] = defaultdict(int)
    for row in found.now:
        numbers[row.tenant_id, place[row.date]] += row.posts
    ends = [min(start + dt.timedelta(days=size - 1), found.days[-1]) for start in starts]
    return HeatMap(
        "Posts by tenant and week" if size > 1 else "Posts by tenant and day",
        starts,
        tuple(
            Series(
                names.get(tenant, tenant),
                [numbers[tenant, start] for start in starts],
                [posts_between(start, end, *POSTED, tenant=tenant) for start, end in zip(starts, ends, strict=True)],
            )
            for tenant in found.busiest
        ),
        tuple(posts_between(found.days[0], found.days[-1], *POSTED, tenant=tenant) for tenant in found.busiest),
    )


def dollars(value: float) -> str:
    return f"${value:,.2f}"


def change(now: float, before: float) -> str:
    """How much more or less than in the days before, as people say it."""
    if before <= 0:
        return "none in the days before"
    share = now / before - 1
    return f"{share:+.0%} on the days before" if abs(share) >= 0.005 else "as in the days before"


def posts_between(first: dt.date, last: dt.date, *statuses: str, tenant: str = "") -> str:
    """The address of the posts of those days."""
    query = [*_days("published_at", first, last), *(("status", status) for status in statuses)]
    return f"{list_address(PublishedPost)}?{urlencode([*query, *([('tenant', tenant)] if tenant else [])])}"


def content_between(first: dt.date, last: dt.date) -> str:
    return f"{list_address(GeneratedContent)}?{urlencode(_days('created_at', first, last))}"


def _days(column: str, first: dt.date, last: dt.date) -> list[tuple[str, dt.date]]:
    return [(column, first)] if first == last else [(f"{column}__from", first), (f"{column}__to", last)]
