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
from tests.arranging import made
from tests.factories.publishing import post
from tests.factories.tenants import tenant


def sync_error(**given) -> AnalyticsSyncError:
    values = {"platform": "linkedin", "error_type": "rate_limit", "error_message": "429"}
    return made(AnalyticsSyncError, **{"post": given.pop("post", None) or post(), **values, **given})


def post_analytics(**given) -> PostAnalytics:
    published: PublishedPost = given.pop("post", None) or post()
    return made(PostAnalytics, post=published, tenant=published.tenant, platform="linkedin", **given)


def benchmark(**given) -> PerformanceBenchmark:
    return made(PerformanceBenchmark, tenant=tenant(), platform="linkedin", **given)


def ab_test(**given) -> AbTest:
    a, b = post(), post()
    values = {"tenant": a.tenant, "test_name": "Headline", "test_type": "content"}
    return made(AbTest, variant_a_post=a, variant_b_post=b, **{**values, **given})


def conversion(**given) -> Conversion:
    published = post()
    return made(Conversion, post=published, tenant=published.tenant, conversion_type="purchase", **given)


def tenant_metrics(**given) -> TenantMetricsDaily:
    return made(TenantMetricsDaily, tenant=tenant(), date="2026-11-20", platform="linkedin", **given)


def guard_metrics(**given) -> GuardMetricsDaily:
    return made(GuardMetricsDaily, tenant=tenant(), date="2026-11-20", guard_id="contrast", **given)
