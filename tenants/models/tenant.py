from typing import TypedDict

from django.db.models import Q

from security.columns import CurrentTimestamp, Json, Text, Time, new_key, now
from security.columns.places import Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Reads, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct
from tenants.enums import AccountStatus, Region, SubscriptionStatus, Tier


class TenantSettings(TypedDict, total=False):
    max_posts_per_month: int
    cost_per_post_usd: float
    skill_sharing_consent: bool


class Tenant(ContractTable):
    """A company whose posts the pipeline writes."""

    stage = Stage.CORE
    privacy = Privacy.TENANT
    reads = Reads.BY_PLATFORM
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "name"

    tenant_id = Text("id", primary_key=True, default=new_key)
    name = Text()
    region = Text(choices=Region.choices)
    kms_key_id = Text("KMS key")
    tier = Text(choices=Tier.choices, default=Tier.STANDARD, db_default=Tier.STANDARD.value, null=True)
    settings = Json(null=True, blank=True)
    stripe_customer_id = Text("Stripe customer", null=True, blank=True)
    subscription_status = Text(
        "subscription",
        choices=SubscriptionStatus.choices,
        default=SubscriptionStatus.ACTIVE,
        db_default=SubscriptionStatus.ACTIVE.value,
        null=True,
    )
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)
    status = Text(
        choices=AccountStatus.choices, default=AccountStatus.ACTIVE, db_default=AccountStatus.ACTIVE.value, null=True
    )

    class Meta:
        db_table = "tenants"
        indexes = [
            Index(fields=["region"], name="idx_tenants_region"),
            Index(fields=["status"], name="idx_tenants_status"),
            Index(
                fields=["stripe_customer_id"],
                name="idx_tenants_stripe",
                condition=Q(stripe_customer_id__isnull=False),
            ),
            *orders("tenants", Place(Moment("created_at"), "tenant_id")),
            *orders("tenants", Place(Folded("name"), "tenant_id")),
        ]
