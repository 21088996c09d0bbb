"""Tenants: made, changed and suspended by operators; settings that owners and admins look after themselves."""

import json
import zoneinfo
from typing import Any

from django.conf import settings

from security.audit import Action, record
from security.columns import new_key
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import current_scope, framework_scope
from security.services.keys import create_key
from security.services.repeating import repeatable
from security.services.rows import Values, update_row
from tenants.enums import AccountStatus, Tier
from tenants.exceptions import NotManaged, OtherRegion, PlatformUntouchable, TenantRefused
from tenants.models import Tenant

NAME = 120  # characters
SETTINGS: dict[str, Any] = {"max_posts_per_month": 100, "cost_per_post_usd": 50, "skill_sharing_consent": False}
"""What a new tenant starts with (domain.md, Tenants, people, roles)."""
LIMITS = {Tier.FREE: 60, Tier.STANDARD: 200, Tier.ENTERPRISE: 1_000}
"""Posts a month that a new tenant of a tier starts with; operators change it."""
MOST_POSTS, MOST_COST = 1_000_000, 100_000


def change_tenant(tenant: Tenant, *, before: Values, reason: str) -> frozenset[str]:
    """Write what differs from ``before``; see `security.services.rows.update_row`.

    Raises:
        PlatformUntouchable: ``platform`` would no longer be active.
        TenantRefused: a deleted tenant would come back.
        RowChanged: somebody else changed one of the columns in the meantime.
    """
    if tenant.pk == PLATFORM_TENANT and tenant.status != AccountStatus.ACTIVE:
        raise PlatformUntouchable("The tenant platform stays active: without it nobody could sign in.")
    if before.get("status") == AccountStatus.DELETED != tenant.status:
        raise TenantRefused("status: a tenant that was deleted does not come back.")
    return update_row(tenant, before=before, reason=reason)


def create_tenant(name: str, *, region: str, tier: str, reason: str) -> Tenant:
    """Make a tenant with its first data key, in the transaction that is open.

    Raises:
        TenantRefused, OtherRegion: see the message.
        NotManaged: not an operator.
    """
    if not may(current_scope().role, Verb.ADD, "tenants"):
        raise NotManaged("Only operators make tenants.")
    if region != settings.NDS.region:
        raise OtherRegion(f"region: this cell serves {settings.NDS.region} alone, got {region!r}.")
    if tier not in Tier.values:
        raise TenantRefused(f"tier: expected one of {', '.join(Tier.values)}, got {tier!r}.")
    called = _named(name)
    if is_taken(called):
        raise TenantRefused(f"name: there is a tenant {called} already.")
    key = new_key()
    tenant = Tenant(
        tenant_id=key, name=called, region=region, tier=tier, kms_key_id=f"kms://{key}/key",
        settings={**SETTINGS, "max_posts_per_month": LIMITS[Tier(tier)]},
    )  # fmt: skip
    tenant.save(force_insert=True)
    details = {"name": called, "region": region, "tier": tier, "reason": _reason(reason)}
    record(Action.CREATE_TENANT, resource_type="tenant", resource_id=key, tenant_id=key, details=details)
    create_key(key, tenant.kms_key_id)
    return tenant


@repeatable
def set_standing(tenant: Tenant, status: str, *, reason: str) -> None:
    """Suspend a tenant (its people are out at their next click), or let it in again.

    Raises:
        TenantRefused, PlatformUntouchable, NotManaged: see the message.
        RowChanged: somebody else was faster.
    """
    if not may(current_scope().role, Verb.CHANGE, "tenants"):
        raise NotManaged("Only operators suspend tenants.")
    if status not in {AccountStatus.ACTIVE, AccountStatus.SUSPENDED} or tenant.status == AccountStatus.DELETED:
        raise TenantRefused("status: expected active or suspended, of a tenant that is not deleted.")
    before, tenant.status = {"status": tenant.status}, status
    change_tenant(tenant, before=before, reason=_reason(reason))


@repeatable
def set_plan(tenant: Tenant, *, tier: str, max_posts: str, reason: str) -> None:
    """Another tier, another number of posts a month. Raises as `set_standing`."""
    if not may(current_scope().role, Verb.CHANGE, "tenants"):
        raise NotManaged("Only operators change a plan.")
    if tier not in Tier.values:
        raise TenantRefused(f"tier: expected one of {', '.join(Tier.values)}, got {tier!r}.")
    posts = _whole("posts a month", max_posts, MOST_POSTS)
    current = Tenant.objects.get(pk=tenant.pk)  # in this transaction: what else was set since stays
    before = {"tier": current.tier, "settings": current.settings}
    current.tier, current.settings = tier, {**_settings(current), "max_posts_per_month": posts}
    change_tenant(current, before=before, reason=_reason(reason))


def change_settings(tenant: Tenant, *, name: str, rules: dict[str, str], reason: str = "") -> frozenset[str]:
    """What owners and admins look after: the name, and of the settings those that `parsed_rules` knows.

    Raises:
        TenantRefused, NotManaged: see the message.
        RowChanged: somebody else was faster.
    """
    scope = current_scope()
    if not may(scope.role, Verb.CHANGE, "settings") or scope.tenant_id != tenant.pk:
        raise NotManaged("Only owners and admins change the settings, in their own tenant.")
    before, called = {"name": tenant.name, "settings": tenant.settings}, _named(name)
    if len(reason) > 400 or "\0" in reason:
        raise TenantRefused("reason: expected at most 400 characters.")
    if called.lower() != str(tenant.name).lower() and is_taken(called):
        raise TenantRefused(f"name: there is a tenant {called} already.")
    tenant.name, tenant.settings = called, {**_settings(tenant), **parsed_rules(rules)}
    return _changed_settings(tenant, before, reason.strip())


@framework_scope("tenant-names")
def is_taken(name: str) -> bool:
    """Whether a tenant of this cell is called so, in whichever letters: names stand in mails to strangers."""
    return Tenant.objects.filter(name__iexact=name).exists()


def parsed_rules(given: dict[str, str]) -> dict[str, Any]:
    """Settings from what a form sent. Raises `TenantRefused`, which names the field."""
    zone = given.get("timezone", "")
    if zone and zone not in zoneinfo.available_timezones():
        raise TenantRefused(f"time zone: expected one such as Europe/London, got {zone!r}.")
    try:
        cost = float(given.get("cost_per_post_usd", ""))
    except ValueError:
        cost = -1
    if not 0 <= cost <= MOST_COST:
        got = given.get("cost_per_post_usd", "")
        raise TenantRefused(f"cost per post: expected dollars from 0 to {MOST_COST:,}, got {got!r}.")
    return {
        "timezone": zone or "UTC",
        "cost_per_post_usd": int(cost) if cost.is_integer() else round(cost, 2),
        "skill_sharing_consent": given.get("skill_sharing_consent") == "on",
        "vectorize_brand": given.get("vectorize_brand") == "on",
    }


@repeatable
def _changed_settings(tenant: Tenant, before: Values, reason: str) -> frozenset[str]:
    current = Tenant.objects.filter(pk=tenant.pk).values_list("name", "settings").first()
    if current != (before["name"], before["settings"]):
        raise TenantRefused("Somebody else changed the settings meanwhile: look again.")
    return update_row(tenant, before=before, reason=reason or None)


def _settings(tenant: Tenant) -> dict[str, Any]:
    if tenant.settings is None:
        return {}
    if not isinstance(tenant.settings, dict) or not _is_plain(tenant.settings):
        raise TenantRefused("settings: what is stored is no object; an operator has to mend it first.")
    return dict(tenant.settings)


def _is_plain(document: dict[str, Any]) -> bool:
    """Whether ``document`` is JSON: NaN and infinity are none, though Python reads them."""
    try:
        json.dumps(document, allow_nan=False)
    except ValueError:
        return False
    return True


def _named(name: str) -> str:
    called = " ".join(name.split())
    if not 0 < len(called) <= NAME or not called.isprintable():
        raise TenantRefused(f"name: expected 1 to {NAME} characters.")
    return called


def _whole(what: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise TenantRefused(f"{what}: expected a whole number from 0 to {most:,}, got {text!r}.")
    return int(text)


def _reason(reason: str) -> str:
    if not 0 < len(reason.strip()) <= 400 or "\0" in reason:
        raise TenantRefused("reason: expected why, in 1 to 400 characters.")
    return reason.strip()
