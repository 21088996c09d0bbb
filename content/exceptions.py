"""What can go wrong with content."""

from security.exceptions import SecurityError


class ContentError(SecurityError):
    """Base of this app's errors."""


class ChampionMismatch(ContentError):
    """Status champion and tier champion go together (domain.md, Skills)."""
