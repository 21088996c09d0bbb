from django.contrib import admin

from security.modeladmin import TableAdmin
from security.models import (
    ApiKey,
    AuditCheckpoint,
    AuditLog,
    AuditSeal,
    ComplianceCase,
    SharingEvent,
    TenantKey,
)


@admin.register(ApiKey)
class ApiKeyAdmin(TableAdmin):
    filled_by = "A key appears here when a person lets a program in."
    list_display = ("key_prefix", "tenant", "user", "scopes", "status", "last_used_at", "expires_at", "created_at")


@admin.register(AuditLog)
class AuditLogAdmin(TableAdmin):
    filled_by = "Every change and every sign-in leaves an entry here."
    list_display = ("action", "tenant", "user", "resource_type", "resource_id", "ip_address", "success", "timestamp")


@admin.register(SharingEvent)
class SharingEventAdmin(TableAdmin):
    filled_by = "An event appears here when a skill is promoted, forked or retired."
    list_display = ("action", "skill", "tenant", "actor", "reason", "timestamp")


@admin.register(AuditSeal)
class AuditSealAdmin(TableAdmin):
    filled_by = "Sealing gives each audit entry its place in a Merkle log here."
    list_display = ("origin", "seq", "log", "leaf")


@admin.register(AuditCheckpoint)
class AuditCheckpointAdmin(TableAdmin):
    filled_by = "Sealing signs here how large each Merkle log is and what it holds."
    list_display = ("origin", "tree_size", "prev_size", "root", "created_at", "anchored_at")


@admin.register(TenantKey)
class TenantKeyAdmin(TableAdmin):
    filled_by = "Each tenant's data keys are listed here, wrapped by a key that the database does not hold."
    list_display = ("tenant", "purpose", "version", "provider", "state", "created_at", "rotates_at")


@admin.register(ComplianceCase)
class ComplianceCaseAdmin(TableAdmin):
    filled_by = "A case appears here when a person uses a right, a hold is set or a breach is found."
    list_display = ("kind", "tenant", "state", "opened_at", "due_at", "closed_at")
