"""What can go wrong with accounts and posts."""

from security.exceptions import SecurityError


class PublishingError(SecurityError):
    """Base of this app's errors."""


class TokenRefused(PublishingError):
    """Something that may not be done with a token; the message names the field and what is expected."""
