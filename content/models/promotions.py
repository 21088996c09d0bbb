from django.db import models
from django.db.models import F, Q

from content.enums import PromotionState, Rule
from content.models.skills import Skill, SkillVersion
from security.columns import CurrentTimestamp, Hash, Json, LongText, Text, Time, new_key, now
from security.contract import Bookkeeping, Privacy
from security.rls.policies import Closed

SYSTEM = "system_auto"
"""Who proposes without being a person (domain.md, Skills)."""


class Promotion(Bookkeeping):
    """A private skill is to become everybody's: one operator (or the daily review) proposes, another decides.

    ``evidence`` is what the rules said of ``version`` then, ``seen`` the hash of what the version said.
    """

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = "as long as the skill"

    promotion_id = Text("id", primary_key=True, default=new_key)
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    version = models.ForeignKey(SkillVersion, models.PROTECT, db_index=False)
    tenant_id = Text("source")
    state = Text(choices=PromotionState.choices, default=PromotionState.OPEN)
    reason = LongText()
    overrides = Json(default=list)  # names of rules that are set aside
    evidence = Json()
    seen = Hash("what the version said")
    proposed_by = Text("proposed by")  # system_auto or a person
    proposed_at = Time("proposed", default=now, db_default=CurrentTimestamp())
    decided_by = Text("decided by", null=True)
    decided_at = Time("decided", null=True)
    decision = LongText("reason of the decision", null=True)

    class Meta:
        db_table = "nds_promotions"
        constraints = [
            models.UniqueConstraint(
                fields=["skill"], condition=Q(state=PromotionState.OPEN), name="nds_promotions_open"
            ),
            # Whoever writes it: a person approves, and not what he proposed himself.
            models.CheckConstraint(
                condition=~Q(state=PromotionState.APPROVED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=SYSTEM),
                name="nds_promotions_two_people",
            ),
        ]

    @property
    def aside(self) -> list[Rule]:
        """The rules that are set aside."""
        names = self.overrides if isinstance(self.overrides, list) else []
        return [rule for rule in Rule if rule in names]

    @property
    def aside_titles(self) -> list[str]:
        return [str(rule.label) for rule in self.aside]
