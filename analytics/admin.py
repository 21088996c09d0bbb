from django.contrib import admin

from analytics.models import (
    AbTest,
    AnalyticsSyncError,
    Conversion,
    GuardMetricsDaily,
    PerformanceBenchmark,
    PostAnalytics,
    TenantMetricsDaily,
)
from security.columns import now
from security.modeladmin import Bulk, TableAdmin


@admin.register(PostAnalytics)
class PostAnalyticsAdmin(TableAdmin):
    filled_by = "The pipeline writes a row when it fetches a post's numbers from the platform."
    list_display = (
        "post",
        "tenant",
        "platform",
        "impressions",
        "reach",
        "engagement_rate",
        "performance_score",
        "is_anomaly",
        "synced_at",
    )


@admin.register(PerformanceBenchmark)
class PerformanceBenchmarkAdmin(TableAdmin):
    filled_by = "The benchmarks of the last 90 days are kept here, one row a tenant and platform."
    list_display = (
        "tenant",
        "platform",
        "avg_engagement_rate",
        "median_engagement_rate",
        "p90_engagement_rate",
        "avg_reach",
        "total_posts",
        "calculated_at",
    )


@admin.register(AbTest)
class AbTestAdmin(TableAdmin):
    filled_by = "A test appears here when two or three posts are compared."
    list_display = ("test_name", "tenant", "test_type", "status", "winner", "p_value", "uplift", "started_at")


@admin.register(Conversion)
class ConversionAdmin(TableAdmin):
    filled_by = "The tenant's site reports a row when a reader of a post does something of worth."
    list_display = (
        "conversion_type",
        "tenant",
        "post",
        "value",
        "utm_campaign",
        "attribution_model",
        "attribution_weight",
        "tracked_at",
    )


@admin.register(AnalyticsSyncError)
class AnalyticsSyncErrorAdmin(TableAdmin):
    filled_by = "Good: no attempt to fetch a post's numbers has failed."
    list_display = ("error_type", "platform", "error_message", "post", "retry_count", "resolved_at", "created_at")
    fields = ("resolved_at",)
    bulk = (
        Bulk.sets("resolve", "Mark as resolved", "{} marked as resolved", "resolved_at", now),
        Bulk.sets("reopen", "Open again", "{} opened again", "resolved_at", None),
    )


@admin.register(TenantMetricsDaily)
class TenantMetricsDailyAdmin(TableAdmin):
    filled_by = "The daily roll-up sums up here what each tenant published and earned."
    list_display = (
        "date",
        "tenant",
        "platform",
        "posts",
        "failed_posts",
        "generations",
        "cost",
        "impressions",
        "engagements",
        "revenue",
    )


@admin.register(GuardMetricsDaily)
class GuardMetricsDailyAdmin(TableAdmin):
    filled_by = "The daily roll-up sums up here how often each guard ran and passed."
    list_display = ("date", "tenant", "guard_id", "runs", "passes", "auto_fixes")
