import pytest

from tenants.queries.tenants import TenantCount, agreeing_tenants, tenant_counts
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


@pytest.mark.parametrize(
    ("settings", "status", "agrees"),
    [
        ({"skill_sharing_consent": True}, "active", True), ({"skill_sharing_consent": True}, "suspended", False),
        ({"skill_sharing_consent": False}, "active", False), ({"skill_sharing_consent": 1}, "active", False),
        ({"skill_sharing_consent": "true"}, "active", False), ({}, "active", False), (None, "active", False),
        (["skill_sharing_consent"], "active", False),
    ],
)  # fmt: skip
def test_who_agrees_to_share_skills_says_true(settings, status, agrees):
    found = tenant(settings=settings, status=status)

    assert list(agreeing_tenants()) == ([found] if agrees else [])
