"""People of the platform work in one tenant for a while: pinned to it, with a reason, recorded in its trail."""

from typing import TypedDict

from security.audit import Action, record
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import platform_scope
from security.services.repeating import repeatable
from tenants.exceptions import NotEntered
from tenants.models import Tenant, User

LONGEST = 400  # characters of a reason


class Pinned(TypedDict):
    """The tenant that somebody works in, as the session keeps it."""

    tenant_id: str
    name: str
    reason: str


def enter_tenant(person: User, tenant_id: str, reason: str, *, leaving: Pinned | None = None) -> Pinned:
    """Pin ``person``, who is of the platform, to a tenant; out of the one he is ``leaving``.

    Raises:
        NotEntered: no reason, no such tenant, or not somebody who may.
    """
    if not may(person.security_role, Verb.ENTER, "tenants"):
        raise NotEntered("Only people of the platform enter tenants.")
    if not 0 < len(reason.strip()) <= LONGEST or "\0" in reason:
        raise NotEntered(
            f"reason: expected why you enter the tenant, for its audit trail, in 1 to {LONGEST} characters."
        )
    with platform_scope(reason=reason.strip(), actor=person):
        tenant = _move(tenant_id, leaving)
    return Pinned(tenant_id=tenant.pk, name=tenant.name, reason=reason.strip())


def leave_tenant(person: User, pinned: Pinned) -> None:
    """Record that ``person`` works in the tenant no more."""
    with platform_scope(reason=pinned["reason"], actor=person):
        _record(Action.LEAVE_TENANT, pinned["tenant_id"])


@repeatable
def _move(tenant_id: str, leaving: Pinned | None) -> Tenant:
    tenant = Tenant.objects.exclude(pk=PLATFORM_TENANT).filter(pk=tenant_id).first()
    if tenant is None:
        raise NotEntered("tenant: expected a tenant of this cell.")
    if leaving:
        _record(Action.LEAVE_TENANT, leaving["tenant_id"])
    _record(Action.ENTER_TENANT, tenant.pk)
    return tenant


@repeatable
def _record(action: Action, tenant_id: str) -> None:
    record(action, resource_type="tenant", resource_id=tenant_id, tenant_id=tenant_id)
