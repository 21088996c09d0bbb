"""Known values of accounts and posts (domain.md, Publishing)."""

from django.db.models import TextChoices


class AccountState(TextChoices):
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"
    ERROR = "error", "Error"


class PostStatus(TextChoices):
    PUBLISHED = "published", "Published"
    DELETED = "deleted", "Deleted"
    FAILED = "failed", "Failed"
