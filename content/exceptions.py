"""What can go wrong with content."""

from security.exceptions import SecurityError


class ContentError(SecurityError):
    """Base of this app's errors."""


class RetiringIsAnEvent(ContentError):
    """A skill is retired with a reason and a sharing event (domain.md, Skills), not by a change of its row."""


class ChampionMismatch(ContentError):
    """Status champion and tier champion go together (domain.md, Skills)."""


class SkillRefused(ContentError):
    """Something that may not be done with a skill; the message names the field, and what is expected."""


class PromotionRefused(ContentError):
    """A promotion that may not be; the message names the rule."""


class StaleReview(PromotionRefused):
    """The version or its numbers are not what was looked at: it has to be looked at again."""
