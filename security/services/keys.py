"""Making and rotating the data keys of tenants.

A rotation makes a new version, which seals from then on; the old one only opens, until its rows are sealed anew
(`security.services.reencryption`). Keys are due after 90 days (domain.md, Secrets and records).
"""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db.models import Max

from security.audit import Action, record
from security.columns import now
from security.crypto.envelope import LEGACY_VERSION
from security.crypto.providers import DataKey, KeyContext
from security.enums import KeyPurpose, KeyState
from security.exceptions import KeyRefused
from security.models import TenantKey
from security.services.reencryption import sealed_rows
from security.services.repeating import repeatable
from security.services.vault import provider, vault

ROTATION = dt.timedelta(days=90)


@repeatable
def create_key(tenant_id: str, kms_key_id: str, *, leaves_first: bool = False) -> TenantKey:
    """The first data key of a tenant, in the transaction that makes the tenant.

    Version 1 is a pipeline's where the tenant has something sealed already, or ``leaves_first``: ours is the next then,
    and what was sealed under a key that nobody gave us stays closed.

    Raises:
        KeyRefused: the tenant has an active key.
        ProviderFailed: the provider does not answer.
    """
    keys = TenantKey.objects.filter(tenant_id=tenant_id, purpose=KeyPurpose.DATA)
    if keys.filter(state=KeyState.ACTIVE).exists():
        raise KeyRefused(f"{tenant_id} has an active data key.")
    is_taken = leaves_first or sealed_rows([tenant_id])[tenant_id] > 0
    highest = keys.aggregate(highest=Max("version"))["highest"] or (LEGACY_VERSION if is_taken else 0)
    return _make(tenant_id, kms_key_id, highest + 1)


@repeatable
def adopt_pipeline_key(tenant_id: str, kms_key_id: str, plain: bytes) -> TenantKey | None:
    """A pipeline's key becomes version 1, due at once; None where the tenant has data keys already."""
    if TenantKey.objects.filter(tenant_id=tenant_id, purpose=KeyPurpose.DATA).exists():
        return None
    return _make(tenant_id, kms_key_id, LEGACY_VERSION, plain=plain, due=now())


@repeatable
def rotate_key(tenant_id: str, *, reason: str = "") -> TenantKey:
    """Make the next version of a tenant's data key, which seals from now on.

    Raises:
        KeyRefused: the tenant has no active key; or workers read the old form alone (``NDS_ENVELOPE=legacy``).
        ProviderFailed: the provider does not answer.
    """
    if settings.NDS.envelope == "legacy":
        raise KeyRefused("NDS_ENVELOPE=legacy: workers read version 1 alone, so keys are not rotated.")
    active = TenantKey.objects.filter(tenant_id=tenant_id, purpose=KeyPurpose.DATA, state=KeyState.ACTIVE)
    old = active.first()
    if old is None:
        raise KeyRefused(f"{tenant_id} has no active data key to follow.")
    vault.key(tenant_id, old.version)  # where that cannot be opened, another wrapping key would be a second truth
    if not active.filter(version=old.version).update(state=KeyState.DECRYPT_ONLY, retired_at=now()):
        raise KeyRefused(f"The key of {tenant_id} was rotated by somebody else meanwhile.")
    return _make(
        tenant_id, str(old.kek_ref), old.version + 1, rotates=True, old_provider=str(old.provider), reason=reason
    )


def due_tenants(moment: dt.datetime) -> list[str]:
    """The tenants whose active key is to be rotated by ``moment``."""
    active = TenantKey.objects.filter(purpose=KeyPurpose.DATA, state=KeyState.ACTIVE, rotates_at__lte=moment)
    return list(active.order_by("rotates_at", "tenant_id").values_list("tenant_id", flat=True))


def create_missing_keys(tenants: Mapping[str, str], *, leaves_first: bool) -> list[str]:
    """A first key for each of ``tenants`` (id and KMS key id) that has none; those that got one."""
    keys = TenantKey.objects.filter(purpose=KeyPurpose.DATA, tenant_id__in=list(tenants))
    having = set(keys.values_list("tenant_id", flat=True))
    missing = [tenant_id for tenant_id in tenants if tenant_id not in having]
    for tenant_id in missing:
        create_key(tenant_id, tenants[tenant_id], leaves_first=leaves_first)
    return missing


def _make(
    tenant_id: str, kms_key_id: str, version: int, *, plain: bytes = b"", due: dt.datetime | None = None,
    rotates: bool = False, old_provider: str = "", reason: str = "",
) -> TenantKey:  # fmt: skip
    holder, context = provider(), KeyContext(tenant_id, KeyPurpose.DATA, version)
    reference = holder.reference(tenant_id, kms_key_id)
    if not rotates or holder.name != old_provider:
        holder.prepare(reference)
    made = DataKey(plain, holder.wrap(reference, plain, context)) if plain else holder.generate(reference, context)
    moment = now()
    row = TenantKey(
        tenant_id=tenant_id, purpose=context.purpose, version=version, provider=holder.name, kek_ref=reference,
        wrapped_key=made.wrapped, state=KeyState.ACTIVE, created_at=moment, rotates_at=due or moment + ROTATION,
    )  # fmt: skip
    row.save(force_insert=True)
    record(
        Action.ROTATE_KEYS if rotates else Action.CREATE_TENANT_KEY,
        resource_type="tenant_key",
        resource_id=f"{context.purpose}/{version}",
        tenant_id=tenant_id,
        details={"version": version, "provider": holder.name, **({"reason": reason} if reason else {})},
    )
    return row
