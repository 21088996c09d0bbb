"""Reads of the audit log."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from security.columns.places import Unindexed
from security.models import AuditLog, AuditView
from security.orders import walks
from security.roles import PLATFORM_TENANT
from security.scope import Scope


def newest_entries(number: int) -> QuerySet[AuditLog, Any]:
    """The newest entries of all tenants and of the platform."""
    newest = walks(AuditLog)[0].place
    return AuditLog.objects.order_by(newest.desc())[:number]


def newest_of_tenant(tenant_id: str, number: int) -> QuerySet[AuditLog, Any]:
    """The newest entries of one tenant."""
    newest = walks(AuditLog)[0].place
    return AuditLog.objects.filter(tenant=tenant_id).order_by(newest.desc())[:number]


def history_of(kinds: Collection[str], key: str) -> QuerySet[AuditLog, Any]:
    """The entries about one object, whose kind has several names, the newest first; read by an index."""
    newest = walks(AuditLog)[0].place
    rows = AuditLog.objects.filter(resource_id=key).alias(plain=Unindexed(F("resource_type"))).filter(plain__in=kinds)
    return rows.order_by(newest.desc())


def views_of(scope: Scope) -> QuerySet[AuditView, Any]:
    """The saved views of who acts, and those that are shared where he acts."""
    rows = AuditView.objects.filter(tenant_id=scope.tenant_id or PLATFORM_TENANT)
    return rows.filter(Q(user_id=scope.actor_id) | Q(is_shared=True)).order_by("is_shared", "name", "view_id")


def known_actions() -> list[str]:
    """Every action in the trail that who acts may read. One query: an index entry an action."""
    table = AuditLog._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE known(a) AS (SELECT MIN(action) FROM {table} UNION ALL "  # noqa: S608  # names of our own
            f"SELECT (SELECT MIN(action) FROM {table} WHERE action > known.a) FROM known WHERE known.a IS NOT NULL) "
            "SELECT a FROM known WHERE a IS NOT NULL"
        )
        return [str(action) for (action,) in cursor.fetchall()]
