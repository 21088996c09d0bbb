import pytest

from tenants.queries.tenants import TenantCount, tenant_counts
from tests.factories.tenants import platform, tenant

pytestmark = pytest.mark.django_db


def test_tenants_are_counted_by_status_and_region_without_the_platform(django_assert_num_queries):
    platform()
    for status in ("active", "active", "suspended", None):
        tenant(status=status)

    with django_assert_num_queries(1):
        found = tenant_counts()

    assert sorted(found, key=lambda count: count.status) == [
        TenantCount("", "eu-west", 1),
        TenantCount("active", "eu-west", 2),
        TenantCount("suspended", "eu-west", 1),
    ]
