"""Appending to the audit log.

An entry is written in the transaction of the change it tells of, so that neither exists without the other.
Who acts and where from comes from the scope; an entry without a tenant belongs to the platform.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from security.actions import TELLING_OF_NO_CHANGE, Action
from security.audit.details import fitted
from security.columns import new_key
from security.exceptions import NotRecorded
from security.models import AuditLog
from security.scope import current_scope

_FIELDS = AuditLog._meta.concrete_fields


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
    tells of an attempt that was refused. Details that are too large are cut, with the hash and length of the whole
    (`security.audit.details`).

    Raises:
        NotRecorded: no transaction is open, so the entry could outlive its change or the reverse.
        NoScope: nobody acts.
    """
    if not connection.in_atomic_block:
        raise NotRecorded(f"{action} must be recorded inside the transaction that does it.")
    entry = _entry(action, resource_type, resource_id, tenant_id, actor_id, details, error)
    entry.save(force_insert=True)
    if error is None and action not in TELLING_OF_NO_CHANGE:
        connection.witness.told()  # type: ignore[attr-defined]  # our backends have one
    return entry


def record_once(
    key: str,
    action: Action,
    *,
    resource_type: str,
    resource_id: str,
    tenant_id: str | None,
    details: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> None:
    """Append an entry that tells of no change under the key ``key``, unless there is one. One statement.

    Outside of a transaction on purpose: what somebody has seen is not undone with what follows.
    """
    entry = _entry(action, resource_type, resource_id, tenant_id, None, details, error)
    entry.log_id = key
    values = [field.get_db_prep_save(field.value_from_object(entry), connection) for field in _FIELDS]
    names, marks = ", ".join(str(field.column) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
    table = AuditLog._meta.db_table
    is_new = f"NOT EXISTS (SELECT 1 FROM {table} WHERE log_id = %s)"  # noqa: S608  # names of our own model
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {marks} WHERE {is_new}", [*values, key])


def _entry(
    action: Action,
    resource_type: str,
    resource_id: str | None,
    tenant_id: str | None,
    actor_id: str | None,
    details: Mapping[str, Any] | None,
    error: str | None,
) -> AuditLog:
    scope = current_scope()
    told = {**({"reason": scope.reason} if scope.reason else {}), **(details or {})}  # its own, where it has one
    if scope.looks_as:
        told["looking_as"] = scope.looks_as
    return AuditLog(
        log_id=new_key(),
        tenant_id=tenant_id,
        user_id=actor_id or scope.actor_id,
        action=action,
        resource_type=resource_type,
        resource_id=resource_id,
        ip_address=scope.ip_address,
        user_agent=scope.user_agent,
        request_id=scope.request_id,
        metadata=fitted(told) or None,
        success=error is None,
        error_message=error,
    )
