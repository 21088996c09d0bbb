"""The local keyring as a provider of keys."""

import datetime as dt
import os
from pathlib import Path

from security.crypto.envelope import KEY, Place, seal, unseal, version_of
from security.crypto.keyring import FILE_NAME, changing, master_key, versions_of
from security.crypto.providers import DataKey, Destruction, KeyCondition, KeyContext
from security.exceptions import KeyringInvalid, NoDataKey, ProviderFailed, Unreadable


class LocalKeyring:
    """Wrapping keys in a file beside the database. A wrapped data key is an envelope under the newest version."""

    name = "local"

    def __init__(self, folder: Path, master: str = "") -> None:
        """``master``: the master key (base64); else the file in ``folder``."""
        self._folder, self._given = folder, master

    def reference(self, tenant_id: str, kms_key_id: str) -> str:
        return kms_key_id

    def prepare(self, reference: str) -> None:
        if not self._versions(reference):
            with changing(self._folder, self._master()) as keyring:
                keyring.keys.setdefault(reference, {"1": os.urandom(KEY)})

    def generate(self, reference: str, context: KeyContext) -> DataKey:
        plain = os.urandom(KEY)
        return DataKey(plain, self.wrap(reference, plain, context))

    def wrap(self, reference: str, plain: bytes, context: KeyContext) -> bytes:
        versions = self._there(reference)
        newest = max(versions)
        return seal(versions[newest], newest, plain, _place(context))

    def unwrap(self, reference: str, wrapped: bytes, context: KeyContext) -> bytes:
        versions = self._there(reference)
        if not version_of(wrapped):
            raise ProviderFailed("The wrapped data key is none.")
        try:
            return unseal(lambda version: versions[version], wrapped, _place(context))
        except (KeyError, Unreadable):
            raise ProviderFailed("The data key does not unwrap: it is another's, or was changed.") from None

    def destroy(self, reference: str, now: dt.datetime) -> Destruction:
        with changing(self._folder, self._master()) as keyring:
            keyring.keys.pop(reference, None)
        return Destruction(now, revocable=False)

    def condition(self, reference: str) -> KeyCondition:
        return KeyCondition.USABLE if self._versions(reference) else KeyCondition.MISSING

    def _there(self, reference: str) -> dict[int, bytes]:
        versions = self._versions(reference)
        if not versions:
            raise NoDataKey(f"The keyring does not hold {reference}.")
        return versions

    def _versions(self, reference: str) -> dict[int, bytes]:
        try:
            return versions_of(self._folder / FILE_NAME, reference, self._master())
        except (KeyringInvalid, OSError) as error:
            raise ProviderFailed(f"The keyring cannot be read. {error}") from None

    def _master(self) -> bytes:
        return master_key(self._folder, self._given)


def _place(context: KeyContext) -> Place:
    return Place(context.tenant, "tenant_keys", context.purpose, str(context.version))
