import datetime as dt

import pytest

from analytics.models import TenantMetricsDaily
from analytics.plan import GENERATION, planned_cost
from analytics.queries.daily import TenantDay, tenant_days
from tests.factories.tenants import platform, tenant

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


def test_a_tenants_day_over_all_platforms_without_the_platform_itself(django_assert_num_queries):
    for owner, day, name, posts in (
        (tenant(tenant_id="t1"), DAY, "linkedin", 2),
        (tenant(tenant_id="t2"), DAY, "linkedin", 7),
        (platform(), DAY, "linkedin", 99),
    ):
        TenantMetricsDaily.objects.create(tenant=owner, date=day, platform=name, posts=posts, cost=0.5)
    TenantMetricsDaily.objects.create(tenant_id="t1", date=DAY, platform="twitter", posts=3, failed_posts=1, cost=0.25)
    TenantMetricsDaily.objects.create(tenant_id="t1", date=dt.date(2026, 11, 21), platform="twitter", posts=5)

    with django_assert_num_queries(1):
        found = tenant_days(DAY, DAY)

    assert found == [TenantDay("t1", DAY, 5, 1, 0, 0.75), TenantDay("t2", DAY, 7, 0, 0, 0.5)]


def test_the_plan_is_domains():
    """domain.md, Analytics: $332 for 1,000 posts, without infrastructure."""
    assert (GENERATION, planned_cost(500)) == (332, 166.0)
