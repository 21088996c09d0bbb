"""Saved queries of the trail: one's own, and those that are shared with all who read the same trail."""

from typing import Any

from security.audit import Action, record
from security.exceptions import ViewRefused
from security.models import AuditView
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import current_scope
from security.services.repeating import repeatable

LONGEST = 60  # characters of a name
MOST = 50  # views of one person in one trail


@repeatable
def save_view(name: str, query: str, *, is_shared: bool) -> AuditView:
    """Remember ``query`` under ``name``; in place of the own view of that name.

    Raises:
        ViewRefused: no name or a long one, nothing to remember, too many, or sharing by somebody who may not.
    """
    scope, name = current_scope(), name.strip()
    if scope.actor_id is None:
        raise ViewRefused("Only people save views.")
    tenant_id = scope.tenant_id or PLATFORM_TENANT
    if not 0 < len(name) <= LONGEST or "\0" in name:
        raise ViewRefused(f"name: expected 1 to {LONGEST} characters.")
    if not query.strip():
        raise ViewRefused("query: expected something to remember; the whole trail needs no name.")
    if is_shared and not may(scope.role, Verb.SHARE, "audit views"):
        raise ViewRefused("shared: only owners, admins, auditors and operators share a view.")
    own = AuditView.objects.filter(tenant_id=tenant_id, user_id=scope.actor_id)
    if own.exclude(name=name).count() >= MOST:
        raise ViewRefused(f"You have {MOST} views already: delete one first.")
    view = own.filter(name=name).first()
    before = (view.query, view.is_shared) if view else (None, None)
    if view is None:
        view = AuditView(tenant_id=tenant_id, user_id=scope.actor_id, name=name)
    view.query, view.is_shared = query.strip(), is_shared
    view.save()
    _record(Action.SAVE_AUDIT_VIEW, view, before, (view.query, view.is_shared))
    return view


@repeatable
def delete_view(view_id: str) -> str:
    """Forget a view: one's own, or (for who may share) a shared one; its name.

    Raises:
        ViewRefused: there is none that who acts may delete.
    """
    scope = current_scope()
    view = AuditView.objects.filter(tenant_id=scope.tenant_id or PLATFORM_TENANT, pk=view_id).first()
    may_share = may(scope.role, Verb.SHARE, "audit views")
    if view is None or not (view.user_id == scope.actor_id or (view.is_shared and may_share)):
        raise ViewRefused("There is no such view of yours.")
    AuditView.objects.filter(pk=view.pk).delete()
    _record(Action.DELETE_AUDIT_VIEW, view, (view.query, view.is_shared), (None, None))
    return str(view.name)


def _record(action: Action, view: AuditView, before: tuple[Any, Any], after: tuple[Any, Any]) -> None:
    changes = {
        name: [old, new] for name, old, new in zip(("query", "shared"), before, after, strict=True) if old != new
    }
    record(
        action,
        resource_type="audit_view",
        resource_id=view.pk,
        tenant_id=current_scope().tenant_id,
        details={"name": view.name, "changes": changes},
    )
