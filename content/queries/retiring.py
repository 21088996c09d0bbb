"""Skills that should be taken out of use (domain.md, Skills)."""

import datetime as dt
from dataclasses import dataclass

from content.enums import SkillStatus
from content.models import Skill
from content.queries.numbers import TOP_USES, Numbers, numbers

MOST_DEFECTS = 0.5  # above, a skill goes at once
FAILING_FOR = 7  # days
TRIED = 50  # uses after which a skill that is tried should be better


@dataclass(frozen=True, slots=True)
class Retirement:
    """A skill, and why it should go; ``at_once`` where nobody has to be asked."""

    skill: Skill
    why: str
    at_once: bool = False


def due_retirements(today: dt.date) -> list[Retirement]:
    """The skills in reach that should go, those that go at once first. Three queries.

    Of a few uses nothing is concluded.
    """
    known, week = numbers(today), numbers(today, days=FAILING_FOR)
    skills = list(Skill.objects.exclude(status=SkillStatus.RETIRED).order_by("name", "pk"))
    judged = (_judged(skill, known[skill.pk], week.get(skill.pk)) for skill in skills if skill.pk in known)
    found = [retirement for retirement in judged if retirement is not None]
    return sorted(found, key=lambda one: not one.at_once)


def _judged(skill: Skill, known: Numbers, week: Numbers | None) -> Retirement | None:
    if known.uses >= TOP_USES and (known.defect_rate or 0) > MOST_DEFECTS:
        return Retirement(skill, f"{known.defect_rate:.0%} of its uses were defects", at_once=True)
    if week is not None and week.uses >= TOP_USES and week.band == "failing":
        return Retirement(skill, f"Failing for {FAILING_FOR} days: {week.pass_rate:.0%} passed")
    if skill.status == SkillStatus.TESTING and known.uses >= TRIED and known.band in {"testing", "failing"}:
        return Retirement(skill, f"Tried {known.uses:,} times, and {known.pass_rate:.0%} passed")
    return None
