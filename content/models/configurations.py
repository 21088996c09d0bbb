from django.db import models
from django.db.models import Q

from content.enums import ShelfStatus
from security.columns import Bool, CurrentTimestamp, Int, Json, Rate, Text, Time, new_key, now
from security.columns.places import Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class PostConfiguration(ContractTable):
    """How a tenant wants to post; at most one is its default."""

    stage = Stage.CONTENT
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "name"

    config_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    name = Text()
    platforms = Json()
    auto_generate_hashtags = Bool("writes hashtags", default=True, db_default=True, null=True)
    max_hashtags_per_platform = Json("hashtags at most", null=True, blank=True)
    include_cta = Bool("call to action", default=True, db_default=True, null=True)
    cta_default = Text("default call to action", null=True, blank=True)
    best_posting_times = Json(null=True, blank=True)
    timezone = Text("time zone", default="UTC", db_default="UTC", null=True)
    min_brand_voice_score = Rate("brand voice at least", default=0.80, db_default=0.80, null=True)
    require_guard_pass = Bool("guards must pass", default=True, db_default=True, null=True)
    use_count = Int("uses", default=0, db_default=0, null=True)
    last_used_at = Time("last used", null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)
    is_default = Bool("default", default=False, db_default=False, null=True)
    status = Text(
        choices=ShelfStatus.choices, default=ShelfStatus.ACTIVE, db_default=ShelfStatus.ACTIVE.value, null=True
    )

    class Meta:
        db_table = "post_configurations"
        permissions = [("publish_postconfiguration", "Can put a configuration into use")]
        indexes = [
            Index(fields=["tenant"], name="idx_configs_tenant"),
            Index(fields=["tenant", "is_default"], name="idx_configs_default", condition=Q(is_default=True)),
            *orders("post_configurations", Place(Moment("created_at"), "config_id"), ("tenant",)),
            *orders("post_configurations", Place(Folded("name"), "config_id"), ("tenant",)),
        ]
