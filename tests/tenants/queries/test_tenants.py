import pytest

from tenants.queries.tenants import tenants_by_status
from tests.factories.tenants import platform, tenant


@pytest.mark.django_db
def test_tenants_are_counted_by_status_without_the_platform(django_assert_num_queries):
    platform()
    for status in ("active", "active", "suspended", "asleep"):
        tenant(status=status)

    with django_assert_num_queries(1):
        assert tenants_by_status() == {"active": 2, "suspended": 1, "deleted": 0, "asleep": 1}
