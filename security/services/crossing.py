"""Crossing tenants leaves an entry."""

import logging

from django.db import connection, transaction

from security.audit import Action, record
from security.models import AuditLog
from security.scope import Scope

log = logging.getLogger(__name__)

MANY = 100  # entries of a request that are looked at


def record_crossing(scope: Scope) -> None:
    """Record that somebody crossed tenants, and why, where no entry tells of it yet. One query.

    `security.scope.platform_scope` calls it at its end; before there is an audit log there is only the log line. What
    is read across tenants in a transaction that fails leaves no entry: that goes with the transaction.
    """
    if connection.in_atomic_block and connection.needs_rollback:
        return  # the transaction around it fails, and takes the entry along whatever is done here
    if AuditLog._meta.db_table not in connection.introspection.table_names():
        log.warning("no audit log yet: %s", scope.reason)
        return
    told = AuditLog.objects.filter(request_id=scope.request_id).values_list("metadata", flat=True)[:MANY]
    if any(isinstance(metadata, dict) and metadata.get("reason") == scope.reason for metadata in told):
        return
    with transaction.atomic():
        record(Action.CROSS_TENANTS, resource_type="platform", resource_id=None, tenant_id=None)
