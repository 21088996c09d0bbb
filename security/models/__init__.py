from security.models.audit import AuditCheckpoint, AuditLog, AuditSeal
from security.models.compliance import ComplianceCase
from security.models.keys import ApiKey, TenantKey
from security.models.session import Session
from security.models.sharing import SharingEvent

__all__ = [
    "ApiKey",
    "AuditCheckpoint",
    "AuditLog",
    "AuditSeal",
    "ComplianceCase",
    "Session",
    "SharingEvent",
    "TenantKey",
]
