"""Known values of tenants and people (domain.md, Tenants, people, roles)."""

from django.db.models import TextChoices


class Region(TextChoices):
    EU_WEST = "eu-west", "EU West"
    US_EAST = "us-east", "US East"
    AP_SOUTHEAST = "ap-southeast", "AP Southeast"


class Tier(TextChoices):
    FREE = "free", "Free"
    STANDARD = "standard", "Standard"
    ENTERPRISE = "enterprise", "Enterprise"


class SubscriptionStatus(TextChoices):
    ACTIVE = "active", "Active"
    CANCELED = "canceled", "Canceled"
    PAST_DUE = "past_due", "Past due"


class AccountStatus(TextChoices):
    """State of a tenant or of a person."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    DELETED = "deleted", "Deleted"


class UserRole(TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"


class OAuthProvider(TextChoices):
    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


class InvitationState(TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"
