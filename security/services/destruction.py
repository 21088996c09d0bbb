"""Destroying the keys of a tenant: what is sealed under them is unreadable then, for everybody and for good.

- One operator proposes, another one does it; both prove their password anew (the page and the command see to that).
- A legal hold on the tenant stops it.
- A single version goes when no row needs it any more; all versions go with the tenant's wrapping key.
- The date from which the data is truly gone counts what still holds a copy: KMS's waiting time, D1's Time Travel, and
  our own backups.
- The database gives its wrapped keys up first, then the provider the wrapping key. Where that fails the proposal is
  done without a date, and `finish_destruction` goes on.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from security.audit import Action, record
from security.columns import now
from security.crypto.envelope import LEGACY_VERSION
from security.enums import CaseKind, DestructionState, KeyPurpose, KeyState
from security.exceptions import KeyRefused
from security.models import ComplianceCase, KeyDestruction, TenantKey
from security.scope import current_scope
from security.services.reencryption import rows_under
from security.services.repeating import repeatable
from security.services.vault import MOST_AGE, provider_named, vault

ALL = 0
"""In place of a version: all of them."""
TIME_TRAVEL = 30  # days (https://developers.cloudflare.com/d1/reference/time-travel/, paid plan)
LEAST_REASON, MOST_REASON = 10, 1_000  # characters
SETTLING = dt.timedelta(hours=1)  # workers keep keys for minutes (docs/ciphertext.md)
KEPT = dt.timedelta(seconds=MOST_AGE)


@dataclass(frozen=True, slots=True)
class Copy:
    """Something that still holds what is to be gone, and until when."""

    what: str
    until: dt.datetime


def copies(moment: dt.datetime, wrapping_gone: dt.datetime | None) -> list[Copy]:
    """What holds a copy of keys that are destroyed at ``moment``: the database itself first, the longest last."""
    found = [Copy("The database", moment), Copy("Processes that have it in memory", moment + KEPT)]
    if wrapping_gone is not None and wrapping_gone > moment:
        found.append(Copy("AWS KMS, which waits before it deletes", wrapping_gone))
    if "HOST" in settings.NDS.database:
        found.append(Copy("D1's Time Travel", moment + dt.timedelta(days=TIME_TRAVEL)))
    if settings.NDS.backup_days:
        found.append(Copy("Own backups", moment + dt.timedelta(days=settings.NDS.backup_days)))
    return sorted(found, key=lambda copy: copy.until)


def foreseen(tenant_id: str, version: int) -> list[Copy]:
    """The same, for keys that would be destroyed now."""
    moment = now()
    is_kms = TenantKey.objects.filter(tenant_id=tenant_id, provider="aws").exists() and version == ALL
    return copies(moment, moment + dt.timedelta(days=settings.NDS.kms_window) if is_kms else None)


@repeatable
def propose_destruction(tenant_id: str, version: int, reason: str) -> KeyDestruction:
    """Ask for a second operator.

    Raises:
        KeyRefused: it may not be destroyed; names the rule.
    """
    if not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        raise KeyRefused(f"reason: expected {LEAST_REASON} to {MOST_REASON:,} characters that say why.")
    _check(tenant_id, version)
    if KeyDestruction.objects.filter(tenant_id=tenant_id, version=version, state=DestructionState.PROPOSED).exists():
        raise KeyRefused("It is proposed already.")
    made = KeyDestruction(tenant_id=tenant_id, version=version, reason=reason.strip(), proposed_by=_actor())
    made.save(force_insert=True)
    _record(Action.PROPOSE_KEY_DESTRUCTION, made, {"reason": made.reason})
    return made


@repeatable
def withdraw_destruction(destruction_id: str) -> None:
    """Call a proposal off; any operator may.

    Raises:
        KeyRefused: it is settled by now.
    """
    _settle(destruction_id, DestructionState.WITHDRAWN, other=False)
    _record(Action.WITHDRAW_KEY_DESTRUCTION, KeyDestruction.objects.get(pk=destruction_id), {})


def destroy_keys(destruction_id: str) -> KeyDestruction:
    """Destroy what another operator proposed to destroy.

    Raises:
        KeyRefused: it may not be; nothing was destroyed.
        ProviderFailed: the database's keys are destroyed, but the provider did not give up the wrapping key.
    """
    _destroy(destruction_id)
    return finish_destruction(destruction_id)


@repeatable
def _destroy(destruction_id: str) -> None:
    proposed = KeyDestruction.objects.filter(pk=destruction_id).first()
    if proposed is None:
        raise KeyRefused("There is no such proposal.")
    _check(proposed.tenant_id, proposed.version)
    _settle(destruction_id, DestructionState.DONE, other=True)
    keys = TenantKey.objects.filter(tenant_id=proposed.tenant_id).exclude(state=KeyState.DESTROYED)
    keys = keys if proposed.version == ALL else keys.filter(purpose=KeyPurpose.DATA, version=proposed.version)
    keys.update(state=KeyState.DESTROYED, wrapped_key=b"", destroyed_at=now())
    _record(Action.DESTROY_KEYS, proposed, {"reason": proposed.reason, "proposed_by": proposed.proposed_by})


def finish_destruction(destruction_id: str) -> KeyDestruction:
    """Have the provider give up the wrapping key, where all versions went, and note from when the data is gone."""
    done = KeyDestruction.objects.filter(pk=destruction_id, state=DestructionState.DONE).first()
    if done is None:
        raise KeyRefused("Nothing of that kind was destroyed yet.")
    vault.forget(done.tenant_id)
    if done.gone_at is not None:
        return done
    assert isinstance(done.settled_at, dt.datetime)
    wrapping = _given_up(done.tenant_id) if done.version == ALL else set()
    gone = [provider_named(name).destroy(reference, done.settled_at).gone_at for name, reference in sorted(wrapping)]
    done.gone_at = copies(done.settled_at, max(gone, default=None))[-1].until
    _note(done)
    return done


@repeatable
def _note(done: KeyDestruction) -> None:
    KeyDestruction.objects.filter(pk=done.pk).update(gone_at=done.gone_at)
    _record(Action.DESTROY_KEYS, done, {"gone_at": done.gone_at})


def _given_up(tenant_id: str) -> set[tuple[str, str]]:
    """The tenant's wrapping keys (provider, reference), without those that still serve somebody."""
    own = set(TenantKey.objects.filter(tenant_id=tenant_id).values_list("provider", "kek_ref"))
    references = [reference for _, reference in own]
    serving = TenantKey.objects.filter(kek_ref__in=references).exclude(state=KeyState.DESTROYED)
    return own - set(serving.values_list("provider", "kek_ref"))


def _check(tenant_id: str, version: int) -> None:
    keys = TenantKey.objects.filter(tenant_id=tenant_id).exclude(state=KeyState.DESTROYED)
    if ComplianceCase.objects.filter(tenant_id=tenant_id, kind=CaseKind.HOLD, closed_at__isnull=True).exists():
        raise KeyRefused("A legal hold is on this tenant: nothing of it is destroyed before the case is closed.")
    if version == ALL:
        if not keys.exists():
            raise KeyRefused("There is no key left to destroy.")
        return
    key = keys.filter(purpose=KeyPurpose.DATA, version=version).first()
    if key is None:
        raise KeyRefused(f"There is no version {version} left to destroy.")
    if key.state == KeyState.ACTIVE:
        raise KeyRefused(f"Version {version} is active: rotate first.")
    if version == LEGACY_VERSION and settings.NDS.envelope == "legacy":
        raise KeyRefused("NDS_ENVELOPE=legacy: version 1 is what everything is sealed under.")
    if left := rows_under(tenant_id, version):
        raise KeyRefused(f"{left:,} rows are still sealed under version {version}: seal them anew first.")
    if isinstance(key.retired_at, dt.datetime) and now() - key.retired_at < SETTLING:
        raise KeyRefused(f"Version {version} was retired within the hour: somebody may be about to seal under it.")


def _settle(destruction_id: str, state: DestructionState, *, other: bool) -> None:
    """One guarded statement: of two who act at once, one is late; who proposed does not do it himself."""
    open_ = KeyDestruction.objects.filter(pk=destruction_id, state=DestructionState.PROPOSED)
    if not (open_.exclude(proposed_by=_actor()) if other else open_).update(
        state=state, settled_by=_actor(), settled_at=now()
    ):
        own = open_.exists()
        raise KeyRefused("Another operator than the one who proposed it does it." if own else "It is settled by now.")


def _actor() -> str:
    actor = current_scope().actor_id
    if actor is None:
        raise KeyRefused("Somebody has to be known who does it.")
    return actor


def _record(action: Action, made: KeyDestruction, details: dict[str, Any]) -> None:
    record(
        action, resource_type="tenant_key", resource_id="all" if made.version == ALL else f"data/{made.version}",
        tenant_id=made.tenant_id, details={"destruction": made.pk, **details},
    )  # fmt: skip
