"""Reads of the audit log."""

from django.db.models import QuerySet

from security.models import AuditLog


def newest_entries(number: int) -> QuerySet[AuditLog]:
    """The newest entries of all tenants and of the platform."""
    return AuditLog.objects.order_by("-timestamp", "-log_id")[:number]
