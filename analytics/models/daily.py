from django.db import models
from django.db.models import Value

from content.enums import Guard, Platform
from security.columns import Date, Int, Money, Text
from security.columns.places import Place, Plain
from security.contract import ContractTable, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class TenantMetricsDaily(ContractTable):
    """A tenant's day on a platform, summed up."""

    stage = Stage.DASHBOARD
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "pk"

    pk = models.CompositePrimaryKey("tenant_id", "date", "platform")
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    date = Date()
    platform = Text(choices=Platform.choices)
    posts = Int(default=0, db_default=0)
    failed_posts = Int(default=0, db_default=0)
    generations = Int(default=0, db_default=0)
    cost = Money(default=0.0, db_default=Value(0))
    impressions = Int(default=0, db_default=0)
    reach = Int(default=0, db_default=0)
    engagements = Int(default=0, db_default=0)
    clicks = Int(default=0, db_default=0)
    conversions = Int(default=0, db_default=0)
    revenue = Money(default=0.0, db_default=Value(0))

    class Meta:
        db_table = "tenant_metrics_daily"
        verbose_name = verbose_name_plural = "tenant metrics by day"
        indexes = [*orders("tenant_metrics_daily", Place(Plain("date"), "tenant", "platform"), ("tenant",))]


class GuardMetricsDaily(ContractTable):
    """A guard's day for a tenant, summed up."""

    stage = Stage.DASHBOARD
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "pk"

    pk = models.CompositePrimaryKey("tenant_id", "date", "guard_id")
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    date = Date()
    guard_id = Text("guard", choices=Guard.choices)
    runs = Int(default=0, db_default=0)
    passes = Int(default=0, db_default=0)
    auto_fixes = Int("mended by itself", default=0, db_default=0)

    class Meta:
        db_table = "guard_metrics_daily"
        verbose_name = verbose_name_plural = "guard metrics by day"
        indexes = [*orders("guard_metrics_daily", Place(Plain("date"), "tenant", "guard_id"), ("tenant",))]
