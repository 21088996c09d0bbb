"""What can go wrong with content."""

from security.exceptions import SecurityError


class ContentError(SecurityError):
    """Base of this app's errors."""


class RetiringIsAnEvent(ContentError):
    """A skill is retired with a reason and a sharing event (domain.md, Skills), not by a change of its row."""


class ChampionMismatch(ContentError):
    """Status champion and tier champion go together (domain.md, Skills)."""
