"""Sealing and opening values with a tenant's data keys.

- A value is sealed under the version that is active when its row is written: asked in the same transaction.
- A data key is unwrapped when it is needed, with an entry in the audit log, and kept in this process for a while.
  What is unwrapped inside of a transaction is kept when that was committed: the entry is there then.
- In the scope of a tenant no other tenant's key is loaded, whatever the row says.
"""

import datetime as dt
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

from django.conf import settings
from django.db import connection, transaction

from security.actions import Action
from security.audit import record_once
from security.columns import new_key
from security.crypto.aws import AwsKms
from security.crypto.envelope import LEGACY_VERSION, Place, seal, seal_legacy, unseal
from security.crypto.local import LocalKeyring
from security.crypto.providers import KeyContext, KeyProvider
from security.enums import KeyProvider as ProviderName
from security.enums import KeyPurpose, KeyState
from security.exceptions import NoDataKey, ProviderFailed
from security.models import TenantKey
from security.scope import Reach, current_scope

MOST_AGE = 300.0  # seconds that an unwrapped key is kept
MOST_USES = 10_000  # values that it seals or opens before it is unwrapped anew
MOST_KEYS = 2_000  # that are kept at once


@dataclass(slots=True)
class _Kept:
    key: bytes = field(repr=False)
    until: float
    uses: int = 0


class DataKeys:
    """The vault (`security.crypto.fields.Vault`). One a process; safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[KeyContext, _Kept] = OrderedDict()
        self._lock = Lock()

    def seal(self, plain: bytes, place: Place) -> bytes:
        """``plain`` for its cell, under the tenant's active version.

        Raises:
            NoDataKey: the tenant has no active key.
            ProviderFailed: what holds the wrapping key does not answer.
        """
        if settings.NDS.envelope == "legacy":
            return seal_legacy(self.key(place.tenant, LEGACY_VERSION, place), plain)
        active = active_key(place.tenant)
        return seal(self._key_of(active, place), active.version, plain, place)

    def unseal(self, blob: bytes, place: Place) -> bytes:
        """What ``blob`` holds.

        Raises:
            Unreadable: it does not open; the message says why.
        """
        return unseal(lambda version: self.key(place.tenant, version, place), blob, place)

    def key(self, tenant_id: str, version: int, place: Place | None = None) -> bytes:
        """The data key of a tenant; ``place`` is what it is needed for.

        Raises:
            NoDataKey: there is none, or it was destroyed.
        """
        _check_scope(tenant_id)
        context = KeyContext(tenant_id, KeyPurpose.DATA, version)
        if kept := self._use(context):
            return kept
        row = TenantKey.objects.filter(tenant_id=tenant_id, purpose=KeyPurpose.DATA, version=version).first()
        if row is None:
            raise NoDataKey(f"The tenant has no version {version} of its data key.")
        return self._key_of(row, place)

    def forget(self, tenant_id: str | None = None) -> None:
        """Drop what is kept, of one tenant or of all."""
        with self._lock:
            for context in [context for context in self._kept if tenant_id in {None, context.tenant}]:
                del self._kept[context]

    def _key_of(self, row: TenantKey, place: Place | None) -> bytes:
        context = KeyContext(row.tenant_id, row.purpose, row.version)
        if kept := self._use(context):
            return kept
        if row.state == KeyState.DESTROYED:
            when = f" on {row.destroyed_at:%-d %b %Y}" if isinstance(row.destroyed_at, dt.datetime) else ""
            raise NoDataKey(f"Version {row.version} of the tenant's data key was destroyed{when}.")
        if not isinstance(row.wrapped_key, bytes | memoryview):
            raise ProviderFailed("The wrapped data key is none.")
        plain = provider_named(str(row.provider)).unwrap(str(row.kek_ref), bytes(row.wrapped_key), context)
        record_unwrapping(context, place)
        if connection.in_atomic_block:
            transaction.on_commit(lambda: self._keep(context, plain))
        else:
            self._keep(context, plain)
        return plain

    def _use(self, context: KeyContext) -> bytes | None:
        with self._lock:
            kept = self._kept.get(context)
            if kept is None:
                return None
            kept.uses += 1
            if kept.uses > MOST_USES or time.monotonic() > kept.until:
                del self._kept[context]
                return None
            return kept.key

    def _keep(self, context: KeyContext, key: bytes) -> None:
        with self._lock:
            self._kept[context] = _Kept(key, time.monotonic() + MOST_AGE)
            while len(self._kept) > MOST_KEYS:
                self._kept.popitem(last=False)


vault = DataKeys()


def active_key(tenant_id: str) -> TenantKey:
    """The version that seals. One query.

    Raises:
        NoDataKey: there is none.
    """
    _check_scope(tenant_id)
    found = TenantKey.objects.filter(tenant_id=tenant_id, purpose=KeyPurpose.DATA, state=KeyState.ACTIVE).first()
    if found is None:
        raise NoDataKey(f"{tenant_id} has no active data key: `manage.py keys rotate {tenant_id}` makes one.")
    return found


def record_unwrapping(context: KeyContext, place: Place | None) -> None:
    """One entry an unwrapping; what it was for, not the value."""
    details = {"for": f"{place.table}.{place.column} {place.row}"} if place else {}
    record_once(
        new_key(), Action.UNWRAP_KEY, resource_type="tenant_key", resource_id=f"{context.purpose}/{context.version}",
        tenant_id=context.tenant, details=details,
    )  # fmt: skip


@cache
def provider_named(name: str) -> KeyProvider:
    """The provider that wrapped a data key."""
    if name == ProviderName.AWS:
        return AwsKms(settings.NDS.kms_window)
    return LocalKeyring(settings.NDS.data_dir, settings.NDS.master_key)


def provider() -> KeyProvider:
    """The provider for new data keys."""
    return provider_named(settings.NDS.key_provider)


def _check_scope(tenant_id: str) -> None:
    scope = current_scope()
    if scope.reach is Reach.TENANT and scope.tenant_id != tenant_id:
        raise NoDataKey("It is another tenant's.")
