from django.db import models
from django.db.models import Q

from analytics.enums import AnomalyType, SyncErrorType
from content.enums import Platform
from publishing.models import PublishedPost
from security.columns import Bool, CurrentTimestamp, Int, Json, LongText, Rate, Real, Seconds, Text, Time, new_key, now
from security.columns.places import Amount, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct, Via


class PostAnalytics(ContractTable):
    """How a post did; where a post has several rows, the newest counts.

    By ``synced_at`` (domain.md, Analytics).
    """

    stage = Stage.ANALYTICS
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "analytics_id"

    analytics_id = Text("id", primary_key=True, default=new_key)
    post = models.ForeignKey(PublishedPost, models.PROTECT, db_index=False)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    platform = Text(choices=Platform.choices)
    likes = Int(default=0, db_default=0, null=True)
    comments = Int(default=0, db_default=0, null=True)
    shares = Int(default=0, db_default=0, null=True)
    saves = Int(default=0, db_default=0, null=True)
    clicks = Int(default=0, db_default=0, null=True)
    bookmarks = Int(default=0, db_default=0, null=True)
    impressions = Int(default=0, db_default=0, null=True)
    reach = Int(default=0, db_default=0, null=True)
    unique_impressions = Int(default=0, db_default=0, null=True)
    video_views = Int(null=True, blank=True)
    video_avg_watch_time = Seconds("average watch time", null=True, blank=True)
    video_complete_views = Int(null=True, blank=True)
    engagement_rate = Rate("engagement", null=True, blank=True)
    viral_coefficient = Real("viral", null=True, blank=True)
    engagement_velocity_1h = Real("engagement an hour, first hour", null=True, blank=True)
    engagement_velocity_24h = Real("engagement an hour, first day", null=True, blank=True)
    engagement_velocity_7d = Real("engagement an hour, first week", null=True, blank=True)
    performance_score = Int("score", null=True, blank=True)
    performance_score_breakdown = Json("score in parts", null=True, blank=True)
    is_anomaly = Bool("anomaly", default=False, db_default=False, null=True)
    anomaly_type = Text("kind of anomaly", choices=AnomalyType.choices, null=True, blank=True)
    z_score = Real("z-score", null=True, blank=True)
    synced_at = Time("synced", default=now, db_default=CurrentTimestamp(), null=True)
    sync_count = Int("syncs", default=1, db_default=1, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "post_analytics"
        verbose_name_plural = "post analytics"
        indexes = [
            Index(fields=["post"], name="idx_post_analytics_post"),
            Index(fields=["tenant", "-synced_at"], name="idx_post_analytics_tenant"),
            Index(fields=["platform", "-synced_at"], name="idx_post_analytics_platform"),
            Index(fields=["is_anomaly"], name="idx_post_analytics_anomaly", condition=Q(is_anomaly=True)),
            Index(fields=["tenant", "platform", "-synced_at"], name="idx_analytics_tenant_platform_synced"),
            *orders(
                "post_analytics",
                Place(Moment("synced_at"), "analytics_id"),
                ("tenant",),
                ("post",),
                where={"anomalies": Q(is_anomaly=True)},
            ),
            *orders("post_analytics", Place(Amount("impressions"), "analytics_id"), ("tenant",)),
            *orders("post_analytics", Place(Amount("engagement_rate"), "analytics_id"), ("tenant",)),
        ]


class PerformanceBenchmark(ContractTable):
    """What is usual for a tenant on a platform, over 90 days."""

    stage = Stage.ANALYTICS
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "benchmark_id"

    benchmark_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    platform = Text(choices=Platform.choices)
    avg_engagement_rate = Rate("mean engagement", null=True, blank=True)
    median_engagement_rate = Rate("median engagement", null=True, blank=True)
    p90_engagement_rate = Rate("90 % engagement", null=True, blank=True)
    avg_reach = Real("mean reach", null=True, blank=True)
    p90_reach = Real("90 % reach", null=True, blank=True)
    avg_share_rate = Rate("mean share rate", null=True, blank=True)
    p90_share_rate = Rate("90 % share rate", null=True, blank=True)
    total_posts = Int("posts", null=True, blank=True)
    calculated_at = Time("calculated", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "performance_benchmarks"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "platform"], name="performance_benchmarks_tenant_platform")
        ]
        indexes = [
            Index(fields=["tenant"], name="idx_benchmarks_tenant"),
            *orders("performance_benchmarks", Place(Moment("calculated_at"), "benchmark_id"), ("tenant",)),
        ]


class AnalyticsSyncError(ContractTable):
    """A failed attempt to fetch a post's numbers; the post's tenant is this row's too."""

    stage = Stage.ANALYTICS
    privacy = Privacy.PARENT
    rls = Via("post_id", "published_posts", "post_id")
    writer = Writer.WORKERS
    named_by = "error_id"

    error_id = Text("id", primary_key=True, default=new_key)
    post = models.ForeignKey(PublishedPost, models.PROTECT, db_index=False)
    platform = Text(choices=Platform.choices)
    error_message = LongText("message", null=True, blank=True)
    error_type = Text("type", choices=SyncErrorType.choices, null=True, blank=True)
    error_stack = LongText("stack", null=True, blank=True)
    retry_count = Int("retries", default=0, db_default=0, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    resolved_at = Time("resolved", null=True, blank=True)

    class Meta:
        db_table = "analytics_sync_errors"
        verbose_name = "sync error"
        indexes = [
            Index(fields=["post"], name="idx_analytics_errors_post"),
            Index(fields=["-created_at"], name="idx_analytics_errors_created"),
            Index(
                fields=["resolved_at"],
                name="idx_analytics_errors_unresolved",
                condition=Q(resolved_at__isnull=True),
            ),
            *orders(
                "analytics_sync_errors",
                Place(Moment("created_at"), "error_id"),
                ("post",),
                where={"open": Q(resolved_at__isnull=True)},
            ),
        ]
