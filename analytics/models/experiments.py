from django.db import models

from analytics.enums import TestStatus, TestType, Winner
from publishing.models import PublishedPost
from security.columns import CurrentTimestamp, Int, Real, Text, Time, new_key, now
from security.columns.places import Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class AbTest(ContractTable):
    """Two or three posts compared; the verdict is the dashboard's."""

    stage = Stage.ANALYTICS
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "test_name"

    test_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    test_name = Text("name")
    test_type = Text("type", choices=TestType.choices)
    variant_a_post = models.ForeignKey(
        PublishedPost, models.PROTECT, db_index=False, related_name="+", verbose_name="variant A"
    )
    variant_b_post = models.ForeignKey(
        PublishedPost, models.PROTECT, db_index=False, related_name="+", verbose_name="variant B"
    )
    variant_c_post = models.ForeignKey(
        PublishedPost,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="variant C",
        null=True,
        blank=True,
    )
    winner = Text(choices=Winner.choices, null=True, blank=True)
    p_value = Real("p", null=True, blank=True)
    confidence_level = Int("confidence in percent", null=True, blank=True)
    uplift = Real("uplift in percent", null=True, blank=True)
    status = Text(
        choices=TestStatus.choices, default=TestStatus.RUNNING, db_default=TestStatus.RUNNING.value, null=True
    )
    started_at = Time("started", default=now, db_default=CurrentTimestamp(), null=True)
    completed_at = Time("completed", null=True, blank=True)

    class Meta:
        db_table = "ab_tests"
        verbose_name = "A/B test"
        indexes = [
            Index(fields=["tenant", "status"], name="idx_ab_tests_tenant"),
            Index(fields=["status"], name="idx_ab_tests_status"),
            *orders(
                "ab_tests",
                Place(Moment("started_at"), "test_id"),
                ("tenant",),
                ("variant_a_post",),
                ("variant_b_post",),
                ("variant_c_post",),
            ),
            *orders("ab_tests", Place(Folded("test_name"), "test_id"), ("tenant",)),
        ]
