"""Appending to the audit log.

An entry is written in the transaction of the change it tells of, so that neither exists without the other.
Who acts and where from comes from the scope; an entry without a tenant belongs to the platform.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from security.audit.actions import Action
from security.exceptions import NotRecorded
from security.models import AuditLog
from security.scope import current_scope


def record(
    action: Action,
    *,
    resource_type: str,
    resource_id: str | None,
    tenant_id: str | None,
    actor_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> AuditLog:
    """Append one entry: one INSERT.

    ``actor_id`` names the person where the scope cannot yet know him (signing in). With ``error`` the entry
    tells of an attempt that was refused.

    Raises:
        NotRecorded: no transaction is open, so the entry could outlive its change or the reverse.
        NoScope: nobody acts.
    """
    if not connection.in_atomic_block:
        raise NotRecorded(f"{action} must be recorded inside the transaction that does it.")
    scope = current_scope()
    return AuditLog.objects.create(
        tenant_id=tenant_id,
        user_id=actor_id or scope.actor_id,
        action=action,
        resource_type=resource_type,
        resource_id=resource_id,
        ip_address=scope.ip_address,
        user_agent=scope.user_agent,
        request_id=scope.request_id,
        metadata={**(details or {}), **({"reason": scope.reason} if scope.reason else {})} or None,
        success=error is None,
        error_message=error,
    )
