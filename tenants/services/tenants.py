"""Tenants: made, changed and suspended by operators; settings that owners and admins look after themselves."""

import json
import zoneinfo
from typing import Any

from django.conf import settings

from security.audit import Action, record
from security.columns import new_key
from security.roles import PLATFORM_TENANT, Verb, is_platform, may
from security.scope import current_scope
from security.services.keys import create_key
from security.services.repeating import repeatable
from security.services.rows import Values, update_row
from security.services.sessions import end_sessions_of
from tenants.enums import AccountStatus, Tier
from tenants.exceptions import OtherRegion, OutOfReach, PlatformUntouchable, TenantRefused
from tenants.models import Tenant, User

NAME = 120  # characters
SETTINGS: dict[str, Any] = {"max_posts_per_month": 100, "cost_per_post_usd": 50, "skill_sharing_consent": False}
"""What a new tenant starts with (domain.md, Tenants, people, roles)."""
LIMITS = {Tier.FREE: 60, Tier.STANDARD: 200, Tier.ENTERPRISE: 1_000}
"""Posts a month that a new tenant of a tier starts with; operators change it."""
CONSENTS = ("skill_sharing_consent", "vectorize_brand")
"""What only people of the tenant give (domain.md, Skills)."""
MOST_POSTS, MOST_COST = 1_000_000, 100_000


def change_tenant(tenant: Tenant, *, before: Values, reason: str) -> frozenset[str]:
    """Write what differs from ``before``; see `security.services.rows.update_row`.

    Raises:
        PlatformUntouchable: ``platform`` would no longer be active, or be called otherwise.
        TenantRefused: a deleted tenant would come back, or the message names the field.
        RowChanged: somebody else changed one of the columns in the meantime.
    """
    if tenant.pk == PLATFORM_TENANT and tenant.status != AccountStatus.ACTIVE:
        raise PlatformUntouchable("The tenant platform stays active: without it nobody could sign in.")
    if tenant.pk == PLATFORM_TENANT and before.get("name", tenant.name) != tenant.name:
        raise PlatformUntouchable("The tenant platform keeps its name.")
    if before.get("status") == AccountStatus.DELETED != tenant.status:
        raise TenantRefused("status: a tenant that was deleted does not come back.")
    if before.get("name", tenant.name) != tenant.name:
        tenant.name = _free(str(tenant.name))
    if before.get("settings", tenant.settings) != tenant.settings:
        _check_settings(before["settings"], tenant.settings)
    return update_row(tenant, before=before, reason=reason)


def create_tenant(name: str, *, region: str, tier: str, reason: str) -> Tenant:
    """Make a tenant with its first data key, in the transaction that is open.

    Raises:
        TenantRefused, OtherRegion: see the message.
        OutOfReach: not an operator.
    """
    if not may(current_scope().role, Verb.ADD, "tenants"):
        raise OutOfReach("Only operators make tenants.")
    if region != settings.NDS.region:
        raise OtherRegion(f"region: this cell serves {settings.NDS.region} alone, got {region!r}.")
    if tier not in Tier.values:
        raise TenantRefused(f"tier: expected one of {', '.join(Tier.values)}, got {tier!r}.")
    called = _free(name)
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
        TenantRefused, PlatformUntouchable, OutOfReach: see the message.
        RowChanged: somebody else was faster.
    """
    if not may(current_scope().role, Verb.CHANGE, "tenants"):
        raise OutOfReach("Only operators suspend tenants.")
    if status not in {AccountStatus.ACTIVE, AccountStatus.SUSPENDED} or tenant.status == AccountStatus.DELETED:
        raise TenantRefused("status: expected active or suspended, of a tenant that is not deleted.")
    before, tenant.status = {"status": tenant.status}, status
    change_tenant(tenant, before=before, reason=_reason(reason))
    if status == AccountStatus.SUSPENDED:
        end_sessions_of(list(User.objects.filter(tenant=tenant).values_list("pk", flat=True)))


@repeatable
def set_plan(tenant: Tenant, *, tier: str, max_posts: str, reason: str) -> None:
    """Another tier, another number of posts a month. Raises as `set_standing`."""
    if not may(current_scope().role, Verb.CHANGE, "tenants"):
        raise OutOfReach("Only operators change a plan.")
    if tier not in Tier.values:
        raise TenantRefused(f"tier: expected one of {', '.join(Tier.values)}, got {tier!r}.")
    posts = _whole("posts a month", max_posts, MOST_POSTS)
    current = Tenant.objects.get(pk=tenant.pk)  # in this transaction: what else was set since stays
    before = {"tier": current.tier, "settings": current.settings}
    current.tier, current.settings = tier, {**_settings(current), "max_posts_per_month": posts}
    change_tenant(current, before=before, reason=_reason(reason))


def change_settings(tenant: Tenant, *, name: str, rules: dict[str, str], reason: str = "") -> frozenset[str]:
    """What owners and admins look after: the name, and of the settings those that `parsed_rules` knows. Operators do it
    with a reason. Whether another tenant is called so is not told: who the others are is nobody's business.

    Raises:
        TenantRefused, OutOfReach: see the message.
        RowChanged: somebody else was faster.
    """
    scope = current_scope()
    if not may(scope.role, Verb.CHANGE, "settings") or scope.tenant_id != tenant.pk:
        raise OutOfReach("Only owners and admins change the settings, in their own tenant.")
    before, called = {"name": tenant.name, "settings": tenant.settings}, _named(name)
    if len(reason) > 400 or "\0" in reason:
        raise TenantRefused("reason: expected at most 400 characters.")
    why = _reason(reason) if is_platform(scope.role) else reason.strip()
    tenant.name, tenant.settings = called, {**_settings(tenant), **parsed_rules(rules)}
    _check_settings(before["settings"], tenant.settings)
    return _changed_settings(tenant, before, why)


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


def _check_settings(before: Any, after: Any) -> None:
    """Raise `TenantRefused` where ``after`` says what no form would, or gives a consent that is not ours to give."""
    if not isinstance(after, dict) or not _is_plain(after):
        raise TenantRefused("settings: expected an object of JSON.")
    had = before if isinstance(before, dict) else {}
    given = [name for name in CONSENTS if after.get(name) and not had.get(name)]
    if given and is_platform(current_scope().role):
        raise TenantRefused(f"{given[0]}: a consent is the tenant's; its owners and admins give it.")
    for name, most in (("cost_per_post_usd", MOST_COST), ("max_posts_per_month", MOST_POSTS)):
        value = after.get(name, 0)
        if value != had.get(name, 0) and (type(value) not in (int, float) or not 0 <= value <= most):
            raise TenantRefused(f"{name}: expected a number from 0 to {most:,}, got {value!r}.")


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


def _free(name: str) -> str:
    """``name``, where no tenant of this cell is called so in whichever letters. For operators, who see all of them."""
    called = _named(name)
    if Tenant.objects.filter(name__iexact=called).exists():
        raise TenantRefused(f"name: there is a tenant {called} already.")
    return called


def _whole(what: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise TenantRefused(f"{what}: expected a whole number from 0 to {most:,}, got {text!r}.")
    return int(text)


def _reason(reason: str) -> str:
    if not 0 < len(reason.strip()) <= 400 or "\0" in reason:
        raise TenantRefused("reason: expected why, in 1 to 400 characters.")
    return reason.strip()
