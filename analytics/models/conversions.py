from django.db import models
from django.db.models import Q, Value

from analytics.enums import AttributionModel, ConversionType
from publishing.models import PublishedPost
from security.columns import CurrentTimestamp, Money, Real, Text, Time, new_key, now
from security.columns.places import Amount, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class Conversion(ContractTable):
    """Something a reader of a post did that is worth money or attention."""

    stage = Stage.ANALYTICS
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "conversion_id"

    conversion_id = Text("id", primary_key=True, default=new_key)
    post = models.ForeignKey(PublishedPost, models.PROTECT, db_index=False)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    user_id = Text("visitor", null=True, blank=True)  # the site's visitor, nobody in ``users``
    session_id = Text("session", null=True, blank=True)
    conversion_type = Text("type", choices=ConversionType.choices)
    value = Money(default=0, db_default=Value(0), null=True)  # Value: the contract says 0, not 0.0
    utm_source = Text("UTM source", null=True, blank=True)
    utm_medium = Text("UTM medium", null=True, blank=True)
    utm_campaign = Text("UTM campaign", null=True, blank=True)
    utm_content = Text("UTM content", null=True, blank=True)
    utm_term = Text("UTM term", null=True, blank=True)
    attribution_model = Text("attribution", choices=AttributionModel.choices, null=True, blank=True)
    attribution_weight = Real("weight", default=1.0, db_default=1.0, null=True)
    tracked_at = Time("tracked", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "conversions"
        indexes = [
            Index(fields=["post"], name="idx_conversions_post"),
            Index(fields=["tenant", "-tracked_at"], name="idx_conversions_tenant"),
            Index(fields=["conversion_type"], name="idx_conversions_type"),
            Index(fields=["utm_campaign"], name="idx_conversions_utm", condition=Q(utm_campaign__isnull=False)),
            Index(
                fields=["utm_campaign", "-tracked_at"],
                name="idx_conversions_campaign_date",
                condition=Q(utm_campaign__isnull=False),
            ),
            *orders(
                "conversions", Place(Moment("tracked_at"), "conversion_id"), ("tenant",), ("post",), ("utm_campaign",)
            ),
            *orders("conversions", Place(Amount("value"), "conversion_id"), ("tenant",)),
        ]
