"""Numbers over several tenants as people of a tenant see them: periods, published once (domain.md, K-anonymity)."""

from django.db import models

from content.enums import Hiding, PeriodKind
from content.models.skills import Skill
from security.columns import CurrentTimestamp, Date, Int, Millis, Money, Rate, Text, Time, now
from security.contract import Bookkeeping, Index, Privacy
from security.rls.policies import Closed, Shared

KEPT = "as long as the skill"


class PublishedMetrics(Bookkeeping):
    """A global skill's week or month, where enough tenants contributed. Never changed again.

    Rates are kept within 0.05 and 0.95: of what all did or nobody did, each tenant would be told of the others.
    """

    privacy = Privacy.KANON
    rls = Shared()
    retention = KEPT

    pk = models.CompositePrimaryKey("kind", "first", "skill")
    kind = Text(choices=PeriodKind.choices)
    first = Date("first day")
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    uses = Int()
    pass_rate = Rate()
    defect_rate = Rate()
    selection_rate = Rate()
    approval_rate = Rate()
    cost_avg = Money("cost a use", null=True)
    latency_p50 = Millis("median latency", null=True)  # the days' medians, weighted by uses
    latency_p95 = Millis("95 % latency", null=True)
    tenants = Int("tenants, at least")  # the lower end of a band

    class Meta:
        db_table = "nds_skill_metrics_published"
        indexes = [Index(fields=["skill", "kind", "first"], name="nds_skill_metrics_published_by_skill")]


class HiddenMetrics(Bookkeeping):
    """A global skill's week or month that is not published, and why. The platform's alone."""

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = KEPT

    pk = models.CompositePrimaryKey("kind", "first", "skill")
    kind = Text(choices=PeriodKind.choices)
    first = Date("first day")
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    why = Text(choices=Hiding.choices)
    tenants = Int()
    uses = Int()

    class Meta:
        db_table = "nds_skill_metrics_hidden"
        indexes = [Index(fields=["skill", "kind", "first"], name="nds_skill_metrics_hidden_by_skill")]


class PublishedPeriod(Bookkeeping):
    """A week or month that was published: it is not published again with other numbers."""

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = "as long as what it published"

    pk = models.CompositePrimaryKey("kind", "first")
    kind = Text(choices=PeriodKind.choices)
    first = Date("first day")
    published_at = Time("published", default=now, db_default=CurrentTimestamp())
    shown = Int("skills shown")
    hidden = Int("skills hidden")

    class Meta:
        db_table = "nds_skill_periods"
