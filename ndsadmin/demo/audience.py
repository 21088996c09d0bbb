"""What became of the posts: numbers, conversions, failed syncs, tests and benchmarks."""

import datetime as dt
import itertools
import math
import statistics
from collections import defaultdict

from analytics.enums import AnomalyType, AttributionModel, ConversionType, SyncErrorType, TestStatus, TestType, Winner
from analytics.models import AbTest, AnalyticsSyncError, Conversion, PerformanceBenchmark, PostAnalytics
from ndsadmin.demo.world import World
from publishing.enums import PostStatus
from publishing.models import PublishedPost

REACH = {"linkedin": 1400, "twitter": 900, "facebook": 1100, "instagram": 2100}  # of a middling post
WORTH = {ConversionType.PAGE_VIEW: 0.0, ConversionType.FORM_SUBMIT: 45.0, ConversionType.PURCHASE: 380.0}
SURE = 0.05  # p below which a difference is one (domain.md, Analytics)
TIE = 0.001  # a difference under 0.1 percentage points
OPEN_ERRORS = 3  # failed syncs that nobody has looked at yet
MIN_POSTS = 10  # for an anomaly to be one


def make_audience(world: World) -> None:
    for post in world.of(PublishedPost):
        if post.status != PostStatus.FAILED:
            _make_numbers(world, post)
    _mark_anomalies(world)
    _make_conversions(world)
    _make_errors(world)
    _make_tests(world)
    _make_benchmarks(world)


def engaged(row: PostAnalytics) -> int:
    return (row.likes or 0) + (row.comments or 0) + (row.shares or 0) + (row.clicks or 0)


def _make_numbers(world: World, post: PublishedPost) -> None:
    """One row a post, for some an older one before it: the newest counts (domain.md, Analytics)."""
    chance = world.chance
    age = (world.now - post.published_at).total_seconds() / 86400
    impressions = int(REACH[post.platform] * chance.lognormvariate(0, 0.55) * min(1.0, 0.3 + age / 3))
    if chance.random() < 0.12:
        world.add(_numbers(world, post, int(impressions * 0.6), post.published_at + dt.timedelta(hours=age * 6), 1))
    world.add(_numbers(world, post, impressions, post.published_at + dt.timedelta(days=age * 0.9), 4))


def _numbers(world: World, post: PublishedPost, impressions: int, synced: dt.datetime, count: int) -> PostAnalytics:
    chance = world.chance
    share = min(0.3, max(0.004, chance.gauss(0.048, 0.014)))
    likes, comments, shares = (int(impressions * share * part) for part in (0.52, 0.06, 0.09))
    row = PostAnalytics(
        analytics_id=world.key(),
        post=post,
        tenant=post.tenant,
        platform=post.platform,
        likes=likes,
        comments=comments,
        shares=shares,
        saves=int(impressions * share * 0.05),
        clicks=int(impressions * share * 0.33),
        impressions=impressions,
        reach=int(impressions * chance.uniform(0.7, 0.9)),
        unique_impressions=int(impressions * 0.75),
        viral_coefficient=round(shares * 12 / max(1, impressions) * chance.uniform(1, 9), 3),
        performance_score=min(100, int(share * 1200 + chance.uniform(0, 25))),
        performance_score_breakdown={"engagement": min(100, int(share * 1500)), "reach": chance.randrange(30, 95)},
        synced_at=synced,
        sync_count=count,
        created_at=post.published_at,
        updated_at=synced,
    )
    row.engagement_rate = round(engaged(row) / impressions, 6) if impressions else None
    return row


def _mark_anomalies(world: World) -> None:
    """|z| > 2 against the tenant's posts on that platform. One post of Next Day Steel went far beyond."""
    groups: dict[tuple[str, str], list[PostAnalytics]] = defaultdict(list)
    for row in world.of(PostAnalytics):
        groups[row.tenant_id, row.platform].append(row)
    first = next(iter(groups.values()), [])
    if first:
        star = first[-len(first) // 6]
        star.likes, star.shares = (star.likes or 0) * 5, (star.shares or 0) * 9
        star.engagement_rate = round(engaged(star) / max(1, star.impressions or 0), 6)
        star.viral_coefficient = 1.42
    for rows in groups.values():
        rates = [row.engagement_rate for row in rows if row.engagement_rate is not None]
        spread = statistics.pstdev(rates) if len(rates) >= MIN_POSTS else 0.0
        for row in rows:
            if spread and row.engagement_rate is not None:
                row.z_score = round((row.engagement_rate - statistics.fmean(rates)) / spread, 2)
                row.is_anomaly = abs(row.z_score) > 2
                row.anomaly_type = AnomalyType.NORMAL if not row.is_anomaly else (
                    AnomalyType.HIGH if row.z_score > 0 else AnomalyType.LOW
                )  # fmt: skip


def _make_conversions(world: World) -> None:
    chance = world.chance
    for post in world.of(PublishedPost):
        if post.status == PostStatus.FAILED or not post.campaign_id:
            continue
        for _ in range(world.times(1.9)):
            kind = world.pick(list(WORTH), (0.7, 0.22, 0.08))
            tracked = post.published_at + dt.timedelta(hours=chance.expovariate(1 / 30))
            world.add(
                Conversion(
                    conversion_id=world.key(),
                    post=post,
                    tenant=post.tenant,
                    session_id=world.key(),
                    conversion_type=kind,
                    value=round(WORTH[kind] * chance.uniform(0.4, 2.2), 2),
                    utm_source=post.platform,
                    utm_medium="social",
                    utm_campaign=post.campaign_id,
                    attribution_model=AttributionModel.LINEAR,
                    attribution_weight=chance.choice((1.0, 1.0, 0.5)),
                    tracked_at=min(tracked, world.now),
                )
            )


def _make_errors(world: World) -> None:
    """A few failed syncs; the newest are still open, whatever day it is."""
    messages = {
        SyncErrorType.RATE_LIMIT: "429 Too Many Requests",
        SyncErrorType.AUTH_ERROR: "401 Unauthorized: the access token has expired.",
        SyncErrorType.API_ERROR: "500 Internal Server Error",
        SyncErrorType.NETWORK_ERROR: "Connection reset by peer",
    }
    for post in world.of(PublishedPost):
        if post.status == PostStatus.FAILED or world.chance.random() > 0.02:
            continue
        kind = world.pick(list(messages), (0.5, 0.2, 0.2, 0.1))
        created = post.published_at + dt.timedelta(hours=3)
        if created > world.now:
            continue
        world.add(
            AnalyticsSyncError(
                error_id=world.key(),
                post=post,
                platform=post.platform,
                error_message=messages[kind],
                error_type=kind,
                retry_count=world.chance.randrange(1, 6),
                created_at=created,
                resolved_at=created + dt.timedelta(hours=world.chance.randrange(1, 40)),
            )
        )
    for error in sorted(world.of(AnalyticsSyncError), key=lambda error: str(error.created_at))[-OPEN_ERRORS:]:
        error.resolved_at = None


def _make_tests(world: World) -> None:
    """A test that was decided, one that was not, and one that runs, for each house that posts enough."""
    numbers = {row.post_id: row for row in world.of(PostAnalytics)}
    posts: dict[str, list[PublishedPost]] = defaultdict(list)
    for post in world.of(PublishedPost):
        if post.pk in numbers and (numbers[post.pk].impressions or 0) >= 100:
            posts[post.tenant_id].append(post)
    for own in posts.values():
        pairs = [(a, b) for a, b in itertools.pairwise(own) if a.platform == b.platform]
        judged = [(chi_square_p(numbers[a.pk], numbers[b.pk]), a, b) for a, b in pairs]
        if len(judged) < MIN_POSTS:
            continue
        judged.sort(key=lambda pair: pair[0])
        unsure = next((pair for pair in judged if pair[0] > SURE), judged[-1])
        for (p, a, b), name in ((judged[0], "Question or statement"), (unsure, "Morning or noon")):
            world.add(_verdict(world, name, a, b, p, numbers))
        a, b = pairs[-1]
        world.add(
            AbTest(
                test_id=world.key(),
                tenant=a.tenant,
                test_name="With and without a price",
                test_type=TestType.CONTENT,
                variant_a_post=a,
                variant_b_post=b,
                started_at=max(a.published_at, b.published_at),
            )
        )


def _verdict(
    world: World, name: str, a: PublishedPost, b: PublishedPost, p: float, numbers: dict[str, PostAnalytics]
) -> AbTest:
    rates = {Winner.A: numbers[a.pk].engagement_rate or 0.0, Winner.B: numbers[b.pk].engagement_rate or 0.0}
    best, worst = (Winner.A, Winner.B) if rates[Winner.A] >= rates[Winner.B] else (Winner.B, Winner.A)
    is_sure = p <= SURE and rates[best] - rates[worst] >= TIE
    winner = best if is_sure else Winner.TIE if rates[best] - rates[worst] < TIE else Winner.INCONCLUSIVE
    started = max(a.published_at, b.published_at)
    return AbTest(
        test_id=world.key(),
        tenant=a.tenant,
        test_name=name,
        test_type=TestType.TIMING if "noon" in name else TestType.CONTENT,
        variant_a_post=a,
        variant_b_post=b,
        winner=winner,
        p_value=round(p, 5),
        confidence_level=int((1 - p) * 100),
        uplift=round((rates[best] / rates[worst] - 1) * 100, 1) if rates[worst] else None,
        status=TestStatus.COMPLETED,
        started_at=started,
        completed_at=min(world.now, started + dt.timedelta(days=7)),
    )


def chi_square_p(a: PostAnalytics, b: PostAnalytics) -> float:
    """p of engaged or not over impressions, one degree of freedom (domain.md, Analytics): erfc(√(χ²/2))."""
    rows = [(engaged(row), max(0, (row.impressions or 0) - engaged(row))) for row in (a, b)]
    total = sum(map(sum, rows))
    columns = [sum(row[place] for row in rows) for place in (0, 1)]
    expected = [[sum(row) * column / total for column in columns] for row in rows]
    if any(cell == 0 for row in expected for cell in row):
        return 1.0
    chi = sum(
        (seen - wanted) ** 2 / wanted
        for row, wanted_row in zip(rows, expected, strict=True)
        for seen, wanted in zip(row, wanted_row, strict=True)
    )
    return math.erfc(math.sqrt(chi / 2))


def _make_benchmarks(world: World) -> None:
    night = world.now.replace(hour=2, minute=10, second=0)
    newest = {row.post_id: row for row in world.of(PostAnalytics)}
    groups: dict[tuple[str, str], list[PostAnalytics]] = defaultdict(list)
    for row in newest.values():
        groups[row.tenant_id, row.platform].append(row)
    for (tenant, platform), rows in groups.items():
        rates = sorted(row.engagement_rate for row in rows if row.engagement_rate is not None)
        reach = sorted(row.reach or 0 for row in rows)
        shares = sorted((row.shares or 0) / row.impressions for row in rows if row.impressions)
        if not rates:
            continue
        world.add(
            PerformanceBenchmark(
                benchmark_id=world.key(),
                tenant_id=tenant,
                platform=platform,
                avg_engagement_rate=statistics.fmean(rates),
                median_engagement_rate=statistics.median(rates),
                p90_engagement_rate=rates[int(len(rates) * 0.9)],
                avg_reach=statistics.fmean(reach),
                p90_reach=reach[int(len(reach) * 0.9)],
                avg_share_rate=statistics.fmean(shares),
                p90_share_rate=shares[int(len(shares) * 0.9)],
                total_posts=len(rows),
                calculated_at=night if night < world.now else night - dt.timedelta(days=1),
            )
        )
