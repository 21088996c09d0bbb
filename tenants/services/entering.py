"""People of the platform work in one tenant for a while: pinned to it, with a reason, recorded in its trail."""

from typing import TypedDict

from django.db import transaction

from security.audit import Action, record
from security.roles import PLATFORM_TENANT, is_platform
from security.scope import platform_scope
from tenants.exceptions import NotEntered
from tenants.models import Tenant, User


class Pinned(TypedDict):
    """The tenant that somebody works in, as the session keeps it."""

    tenant_id: str
    name: str
    reason: str


def enter_tenant(person: User, tenant_id: str, reason: str) -> Pinned:
    """Pin ``person``, who is of the platform, to a tenant.

    Raises:
        NotEntered: no reason, no such tenant, or not somebody who may.
    """
    if not is_platform(person.security_role):
        raise NotEntered("Only people of the platform enter tenants.")
    if not reason.strip():
        raise NotEntered("reason: expected why you enter the tenant, for its audit trail; got nothing.")
    with platform_scope(reason=reason.strip(), actor=person), transaction.atomic():
        tenant = Tenant.objects.exclude(pk=PLATFORM_TENANT).filter(pk=tenant_id).first()
        if tenant is None:
            raise NotEntered("tenant: expected a tenant of this cell.")
        record(Action.ENTER_TENANT, resource_type="tenant", resource_id=tenant.pk, tenant_id=tenant.pk)
    return Pinned(tenant_id=tenant.pk, name=tenant.name, reason=reason.strip())


def leave_tenant(person: User, pinned: Pinned) -> None:
    """Record that ``person`` works in the tenant no more."""
    with platform_scope(reason=pinned["reason"], actor=person), transaction.atomic():
        record(
            Action.LEAVE_TENANT,
            resource_type="tenant",
            resource_id=pinned["tenant_id"],
            tenant_id=pinned["tenant_id"],
        )
