"""Crossing tenants leaves an entry."""

import logging

from django.db import connection, transaction

from security.audit import Action, record
from security.models import AuditLog
from security.scope import Scope

log = logging.getLogger(__name__)


def record_crossing(scope: Scope) -> None:
    """Record that somebody crossed tenants, and why. `security.scope.platform_scope` calls it where nothing else was
    recorded; before there is an audit log there is only the log line."""
    if connection.in_atomic_block and connection.needs_rollback:
        return  # the transaction around it fails, and takes the entry along whatever is done here
    if AuditLog._meta.db_table not in connection.introspection.table_names():
        log.warning("no audit log yet: %s", scope.reason)
        return
    with transaction.atomic():
        record(Action.CROSS_TENANTS, resource_type="platform", resource_id=None, tenant_id=None)
