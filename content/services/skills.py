"""Changing skills. Promotion, which moves a skill between tenants, is not a change of a row."""

from content.enums import SkillStatus, SkillTier
from content.exceptions import ChampionMismatch, RetiringIsAnEvent
from content.models import Skill
from security.services.rows import Values, update_row


def change_skill(skill: Skill, *, before: Values, reason: str | None = None) -> frozenset[str]:
    """Write what differs from ``before``; see `security.services.rows.update_row`.

    Raises:
        RetiringIsAnEvent: the skill would be retired.
        ChampionMismatch: only one of status and tier says champion.
        RowChanged: somebody else changed one of the columns in the meantime.
    """
    if skill.status == SkillStatus.RETIRED != before.get("status", skill.status):
        raise RetiringIsAnEvent("A skill is not retired by editing its row.")
    if (skill.status == SkillStatus.CHAMPION) != (skill.tier == SkillTier.CHAMPION):
        raise ChampionMismatch("Status champion and tier champion go together: set both or neither.")
    return update_row(skill, before=before, reason=reason)
