import datetime as dt
import io
import random
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from analytics.models import GuardMetricsDaily, TenantMetricsDaily
from analytics.services.roll_up import roll_up
from content.models import SkillMetricsDaily
from security.models import AuditLog
from tests.factories.analytics import conversion, post_analytics
from tests.factories.content import generated_content, guard_result, skill
from tests.factories.publishing import post, social_account
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
DAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def days(model) -> list[tuple]:
    names = [field.attname for field in model._meta.concrete_fields]
    return sorted(model.objects.values_list(*names))


@pytest.fixture
def busy_day():
    """Two posts and a failed one, each with two rows of analytics and three conversions."""
    account = social_account(tenant=tenant(tenant_id="t1"))
    rows = [post(account=account, published_at=NOON, status=status) for status in ("published", "deleted", "failed")]
    for row in rows:
        for synced, likes in ((NOON, 1), (NOON + dt.timedelta(days=1), 10)):
            post_analytics(post=row, likes=likes, clicks=5, impressions=100, reach=80, synced_at=synced)
    for _ in range(3):
        conversion(value=100, attribution_weight=0.5, tracked_at=NOON)
    for _ in range(4):
        generated_content(tenant=account.tenant, intent_spec={"platform": "x"}, cost=0.25, created_at=NOON)


def test_sums_do_not_multiply_each_other(busy_day):
    """Dies with a join of posts, analytics and conversions row by row; only a post's newest numbers count."""
    roll_up(DAY, DAY)

    own = {row.platform: row for row in TenantMetricsDaily.objects.filter(tenant="t1")}
    linkedin, twitter = own["linkedin"], own["twitter"]
    assert (linkedin.posts, linkedin.failed_posts, linkedin.generations) == (2, 1, 0)
    assert (linkedin.impressions, linkedin.reach, linkedin.engagements, linkedin.clicks) == (300, 240, 45, 15)
    assert (twitter.generations, twitter.cost, twitter.posts) == (4, 1.0, 0)
    assert sum(row.revenue for row in TenantMetricsDaily.objects.all()) == 150
    assert sum(row.conversions for row in TenantMetricsDaily.objects.all()) == 3


def test_running_twice_changes_nothing(busy_day):
    roll_up(DAY, DAY)
    before = [days(model) for model in (TenantMetricsDaily, GuardMetricsDaily, SkillMetricsDaily)]

    roll_up(DAY, DAY)

    assert [days(model) for model in (TenantMetricsDaily, GuardMetricsDaily, SkillMetricsDaily)] == before


def test_a_day_is_written_anew_and_others_are_left(busy_day):
    for day in ("2026-11-19", "2026-11-20"):
        TenantMetricsDaily.objects.create(tenant_id="t1", date=day, platform="facebook", posts=99)

    roll_up(DAY, DAY)

    left = TenantMetricsDaily.objects.filter(platform="facebook", tenant="t1").values_list("date", "posts")
    assert list(left) == [(dt.date(2026, 11, 19), 99)]


def test_days_end_at_midnight_utc_in_both_forms_of_a_time():
    account = social_account()
    rows = [post(account=account) for _ in range(4)]
    times = ("2026-11-19T23:59:59.999Z", "2026-11-20T00:00:00.000Z", "2026-11-20 23:59:59", "2026-11-21 00:00:00")
    with connection.cursor() as database:
        for row, time in zip(rows, times, strict=True):
            database.execute("UPDATE published_posts SET published_at = %s WHERE post_id = %s", [time, row.pk])

    roll_up(DAY, DAY)

    assert [row.posts for row in TenantMetricsDaily.objects.all()] == [2]


def test_what_is_no_day_no_document_and_nobodys_is_left_out():
    """Dies where one such row stops the roll-up of all tenants."""
    row = generated_content(created_at=NOON)
    with connection.cursor() as database:
        database.execute("UPDATE generated_content SET intent_spec = '{broken' WHERE content_id = %s", [row.pk])
        database.execute("PRAGMA defer_foreign_keys = ON")
        database.execute(
            "INSERT INTO generated_content (content_id, tenant_id, intent_spec, content_type, created_at) "
            "VALUES ('c', 'gone', '{}', 'text', '2026-11-20 12:00:00'), ('d', %s, '{}', 'text', '2026-11-2x')",
            [row.tenant_id],
        )

    roll_up(DAY, dt.date(2026, 11, 30))

    assert [(found.tenant_id, found.platform, found.generations) for found in TenantMetricsDaily.objects.all()] == [
        (row.tenant_id, "other", 1)
    ]
    connection.needs_rollback = True


ODD = [
    ("generated_content", "cost", "x"),
    pytest.param("generated_content", "cost", 9e999, marks=pytest.mark.embedded),  # D1 refuses it
    ("generated_content", "generation_time_ms", "many"),
    ("generated_content", "guard_pass_rate", "x"),
    ("generated_content", "created_at", "2026-11-9"),
    ("generated_content", "tenant_id", "ghost"),
    ("published_posts", "published_at", "2026-11-9"),
    ("published_posts", "status", None),
    ("post_analytics", "impressions", 2**63 - 1),
    ("post_analytics", "comments", None),
    ("post_analytics", "likes", b"x"),
    ("conversions", "attribution_weight", None),
]


@pytest.mark.parametrize(("table", "column", "value"), ODD)
def test_one_odd_value_stops_nothing(busy_day, table, column, value):
    """Dies where a worker's slip in one row keeps all tenants from their numbers."""
    guard_result(content_id=generated_content(skill=skill(), created_at=NOON).pk, created_at=NOON)
    with connection.cursor() as database:
        database.execute("PRAGMA defer_foreign_keys = ON")
        database.execute(f"UPDATE {table} SET {column} = %s", [value])

    roll_up(dt.date(2026, 11, 1), dt.date(2026, 11, 30))

    connection.needs_rollback = True


def test_what_a_platform_does_not_count_counts_as_nothing(busy_day):
    """Dies where NULL + 10 is NULL: without comments a post would have no likes either."""
    with connection.cursor() as database:
        database.execute("UPDATE post_analytics SET comments = NULL, shares = NULL")
        database.execute("UPDATE conversions SET attribution_weight = NULL")

    roll_up(DAY, DAY)

    assert TenantMetricsDaily.objects.get(tenant="t1", platform="linkedin").engagements == 45
    assert sum(row.revenue for row in TenantMetricsDaily.objects.all()) == 300


def test_guards_are_counted_by_the_tenant_of_their_content():
    content = generated_content(tenant=tenant(tenant_id="t1"))
    for passed, fixed in ((True, False), (False, True), (False, False)):
        guard_result(content_id=content.pk, passed=passed, auto_fixed=fixed, created_at=NOON)

    roll_up(DAY, DAY)

    assert days(GuardMetricsDaily) == [("t1", DAY, "contrast", 3, 1, 1)]


@pytest.mark.parametrize("seed", range(3))
def test_guards_are_what_plain_python_counts(seed):
    """Random results of random days, of two tenants and one that there is not."""
    chance, counted = random.Random(seed), Counter()
    contents = [generated_content(tenant=tenant()) for _ in range(4)]
    for _ in range(60):
        content, guard = chance.choice(contents), chance.choice(["contrast", "font_size", "own_guard"])
        day = DAY - dt.timedelta(days=chance.randrange(4))
        passed, fixed = chance.choice([True, False]), chance.choice([True, False, None])
        at = dt.datetime.combine(day, dt.time(chance.randrange(24), 59, 59), dt.UTC)
        guard_result(content_id=content.pk, guard_id=guard, passed=passed, auto_fixed=fixed, created_at=at)
        for name, counts in (("total", True), ("passed", passed is True), ("fixed", fixed is True)):
            counted[content.tenant_id, day, guard, name] += counts

    first = DAY - dt.timedelta(days=2)
    roll_up(first, DAY)

    keys = {key[:3] for key in counted if key[1] >= first}
    expected = sorted((*key, *(counted[*key, name] for name in ("total", "passed", "fixed"))) for key in keys)
    assert days(GuardMetricsDaily) == expected


def test_the_roll_up_is_recorded(busy_day):
    rows = roll_up(DAY, DAY)

    entry = AuditLog.objects.get(action="roll_up_metrics")
    assert entry.metadata == {"from": "2026-11-20", "to": "2026-11-20", "rows": rows}


def test_the_command_sums_up_the_last_days():
    generated_content(skill=skill())
    told = io.StringIO()

    call_command("roll_up", days=2, stdout=told)

    assert "tenant_metrics_daily: 1 rows" in told.getvalue()
    with pytest.raises(CommandError, match="--days: expected 1 to 3,660, got 0"):
        call_command("roll_up", days=0)
