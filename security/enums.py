"""Known values of security's tables (domain.md, Secrets and records)."""

from django.db.models import TextChoices


class ApiKeyStatus(TextChoices):
    ACTIVE = "active", "Active"
    REVOKED = "revoked", "Revoked"
    EXPIRED = "expired", "Expired"


class KeyPurpose(TextChoices):
    DATA = "data", "Data"
    INDEX = "index", "Index"


class KeyProvider(TextChoices):
    LOCAL = "local", "Local keyring"
    AWS = "aws", "AWS KMS"


class KeyState(TextChoices):
    ACTIVE = "active", "Active"
    DECRYPT_ONLY = "decrypt_only", "Decrypts only"
    DESTROYED = "destroyed", "Destroyed"


class DestructionState(TextChoices):
    PROPOSED = "proposed", "Proposed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DONE = "done", "Done"


class CaseKind(TextChoices):
    ACCESS = "access", "Access"
    PORTABILITY = "portability", "Portability"
    RECTIFICATION = "rectification", "Rectification"
    RESTRICTION = "restriction", "Restriction"
    ERASURE = "erasure", "Erasure"
    HOLD = "hold", "Legal hold"
    BREACH = "breach", "Breach"


class Outcome(TextChoices):
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CASE = "case", "Made a case"


class SharingAction(TextChoices):
    PROMOTE = "promote_to_global", "Promoted to global"
    FORK = "fork_skill", "Forked"
    RETIRE = "retire_skill", "Retired"
    ROLL_BACK = "roll_back_skill", "Rolled back"  # domain.md, Skills: it writes an event too
