from django.db import models
from django.db.models import Q

from content.enums import Platform
from content.models import GeneratedContent
from publishing.enums import PostStatus
from publishing.models.accounts import SocialAccount
from security.columns import CurrentTimestamp, Json, LongText, Text, Time, new_key, now
from security.columns.places import Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class PublishedPost(ContractTable):
    """A post on a platform; those recorded by hand have no generated content behind them."""

    stage = Stage.PUBLISHING
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "post_id"

    post_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    content = models.ForeignKey(GeneratedContent, models.PROTECT, db_index=False, null=True, blank=True)
    platform = Text(choices=Platform.choices)
    account = models.ForeignKey(SocialAccount, models.PROTECT, db_index=False)
    platform_post_id = Text("id at the platform")
    platform_post_url = Text("address", null=True, blank=True)
    text = LongText()
    image_url = Text("image", null=True, blank=True)
    video_url = Text("video", null=True, blank=True)
    hashtags = Json(null=True, blank=True)
    published_at = Time("published")
    published_by = models.ForeignKey(
        "tenants.User",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        db_column="published_by",
        null=True,
        blank=True,
    )
    scheduled_at = Time("scheduled", null=True, blank=True)
    generation_metadata = Json(null=True, blank=True)
    campaign_id = Text("campaign", null=True, blank=True)
    utm_params = Json("UTM parameters", null=True, blank=True)
    status = Text(
        choices=PostStatus.choices, default=PostStatus.PUBLISHED, db_default=PostStatus.PUBLISHED.value, null=True
    )
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "published_posts"
        verbose_name = "post"
        indexes = [
            Index(fields=["tenant", "-published_at"], name="idx_published_posts_tenant"),
            Index(fields=["platform", "-published_at"], name="idx_published_posts_platform"),
            Index(fields=["campaign_id"], name="idx_published_posts_campaign", condition=Q(campaign_id__isnull=False)),
            Index(fields=["content"], name="idx_published_posts_content"),
            Index(fields=["tenant", "platform", "-published_at"], name="idx_posts_tenant_platform_date"),
            *orders(
                "published_posts",
                Place(Moment("published_at"), "post_id"),
                ("tenant",),
                ("tenant", "platform"),
                ("tenant", "status"),
                ("status",),
                ("account",),
                ("content",),
                ("campaign_id",),
                ("published_by",),
            ),
        ]
