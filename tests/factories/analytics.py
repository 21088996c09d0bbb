from analytics.models import (
    AbTest,
    AnalyticsSyncError,
    Conversion,
    GuardMetricsDaily,
    PerformanceBenchmark,
    PostAnalytics,
    TenantMetricsDaily,
)
from publishing.models import PublishedPost
from tests.factories.publishing import post
from tests.factories.tenants import tenant


def sync_error(**given) -> AnalyticsSyncError:
    values = {"platform": "linkedin", "error_type": "rate_limit", "error_message": "429"}
    return AnalyticsSyncError.objects.create(**{"post": given.pop("post", None) or post(), **values, **given})


def post_analytics(**given) -> PostAnalytics:
    published: PublishedPost = given.pop("post", None) or post()
    return PostAnalytics.objects.create(post=published, tenant=published.tenant, platform="linkedin", **given)


def benchmark(**given) -> PerformanceBenchmark:
    return PerformanceBenchmark.objects.create(tenant=tenant(), platform="linkedin", **given)


def ab_test(**given) -> AbTest:
    a, b = post(), post()
    values = {"tenant": a.tenant, "test_name": "Headline", "test_type": "content"}
    return AbTest.objects.create(variant_a_post=a, variant_b_post=b, **{**values, **given})


def conversion(**given) -> Conversion:
    published = post()
    return Conversion.objects.create(post=published, tenant=published.tenant, conversion_type="purchase", **given)


def tenant_metrics(**given) -> TenantMetricsDaily:
    return TenantMetricsDaily.objects.create(tenant=tenant(), date="2026-11-20", platform="linkedin", **given)


def guard_metrics(**given) -> GuardMetricsDaily:
    return GuardMetricsDaily.objects.create(tenant=tenant(), date="2026-11-20", guard_id="contrast", **given)
