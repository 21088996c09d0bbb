"""Who holds the keys that wrap data keys.

A tenant has one wrapping key, which no database holds: in the local keyring (`security.crypto.local`) or in AWS KMS
(`security.crypto.aws`). A data key is made by the provider, kept wrapped in ``tenant_keys``, and unwrapped for its
context alone: a wrapped key that is put into another tenant's row, or under another version, does not unwrap.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol


class KeyContext(NamedTuple):
    """Whose data key it is, and which."""

    tenant: str
    purpose: str
    version: int


class DataKey(NamedTuple):
    """``plain`` is 32 bytes; ``wrapped`` is what the database keeps."""

    plain: bytes
    wrapped: bytes

    def __repr__(self) -> str:
        return "<data key>"


class KeyCondition(StrEnum):
    """How a wrapping key is."""

    USABLE = "usable"
    MISSING = "missing"
    DISABLED = "disabled"
    LEAVING = "waiting for its deletion"


@dataclass(frozen=True, slots=True)
class Destruction:
    """When a wrapping key is gone for good, and until when somebody could call its deletion off."""

    gone_at: dt.datetime
    revocable: bool


class KeyProvider(Protocol):
    """Every method raises `ProviderFailed` where the provider does not answer or refuses."""

    name: str

    def reference(self, tenant_id: str, kms_key_id: str) -> str:
        """What the provider calls the tenant's wrapping key."""

    def prepare(self, reference: str) -> None:
        """Make the wrapping key, where it is missing."""

    def generate(self, reference: str, context: KeyContext) -> DataKey:
        """A new data key."""

    def wrap(self, reference: str, plain: bytes, context: KeyContext) -> bytes:
        """A data key that is there already: a pipeline's."""

    def unwrap(self, reference: str, wrapped: bytes, context: KeyContext) -> bytes:
        """The data key in ``wrapped``."""

    def destroy(self, reference: str, now: dt.datetime) -> Destruction:
        """Give up the wrapping key, and with it every data key that it wraps. Again, it tells the same."""

    def condition(self, reference: str) -> KeyCondition:
        """How the wrapping key is."""
