"""Reads of the audit log."""

from typing import Any

from django.db.models import QuerySet

from security.models import AuditLog
from security.orders import walks


def newest_entries(number: int) -> QuerySet[AuditLog, Any]:
    """The newest entries of all tenants and of the platform."""
    newest = walks(AuditLog)[0].place
    return AuditLog.objects.order_by(newest.desc())[:number]
