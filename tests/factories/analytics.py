from analytics.models import AnalyticsSyncError, PostAnalytics
from publishing.models import PublishedPost
from tests.factories.publishing import post


def sync_error(**given) -> AnalyticsSyncError:
    values = {"platform": "linkedin", "error_type": "rate_limit", "error_message": "429"}
    return AnalyticsSyncError.objects.create(**{"post": given.pop("post", None) or post(), **values, **given})


def post_analytics(**given) -> PostAnalytics:
    published: PublishedPost = given.pop("post", None) or post()
    return PostAnalytics.objects.create(post=published, tenant=published.tenant, platform="linkedin", **given)
