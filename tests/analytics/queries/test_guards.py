import datetime as dt

import pytest

from analytics.models import GuardMetricsDaily
from analytics.queries.guards import GuardDay, guard_days
from security.scope import tenant_scope
from tests.arranging import made
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
DAY = dt.date(2026, 11, 20)


def test_a_day_is_the_sum_of_all_tenants_in_reach():
    home, other, platform = tenant(), tenant(), tenant(tenant_id="platform")
    for owner, runs in ((home, 10), (other, 5), (platform, 99)):
        made(GuardMetricsDaily, tenant=owner, date=DAY, guard_id="contrast", runs=runs, passes=4, auto_fixes=1)
    made(GuardMetricsDaily, tenant=home, date=DAY - dt.timedelta(days=1), guard_id="contrast", runs=1)

    assert guard_days(DAY, DAY) == [GuardDay("contrast", DAY, 15, 8, 2)]
    with tenant_scope(home.pk):
        assert guard_days(DAY, DAY) == [GuardDay("contrast", DAY, 10, 4, 1)]
