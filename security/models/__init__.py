from security.models.audit import AuditCheckpoint, AuditDay, AuditFinding, AuditLog, AuditReview, AuditSeal, AuditView
from security.models.compliance import ComplianceCase
from security.models.keys import ApiKey, KeyDestruction, TenantKey
from security.models.session import Session
from security.models.sharing import SharingEvent

__all__ = [
    "ApiKey",
    "AuditCheckpoint",
    "AuditDay",
    "AuditFinding",
    "AuditLog",
    "AuditReview",
    "AuditSeal",
    "AuditView",
    "ComplianceCase",
    "KeyDestruction",
    "Session",
    "SharingEvent",
    "TenantKey",
]
