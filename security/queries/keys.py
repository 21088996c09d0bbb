"""How tenants' data keys are: versions, age, what is left to be sealed anew."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from security.columns import now
from security.enums import DestructionState, KeyPurpose, KeyState
from security.models import KeyDestruction, TenantKey


@dataclass(frozen=True, slots=True)
class KeyLine:
    """The data keys of one tenant, the newest version first; ``proposals`` wait for a second operator."""

    tenant_id: str
    versions: tuple[TenantKey, ...]
    proposals: tuple[KeyDestruction, ...] = ()
    done: tuple[KeyDestruction, ...] = ()

    @property
    def active(self) -> TenantKey | None:
        return next((key for key in self.versions if key.state == KeyState.ACTIVE), None)

    @property
    def age(self) -> int | None:
        """Days since the active version was made."""
        made = self.active.created_at if self.active else None
        return (now() - made).days if isinstance(made, dt.datetime) else None

    @property
    def is_due(self) -> bool:
        due = self.active.rotates_at if self.active else None
        return isinstance(due, dt.datetime) and due <= now()

    @property
    def usable(self) -> tuple[TenantKey, ...]:
        return tuple(key for key in self.versions if key.state != KeyState.DESTROYED)


def key_lines(tenant_ids: Sequence[str]) -> list[KeyLine]:
    """A line for each of ``tenant_ids``, in their order. Two queries."""
    keys: dict[str, list[TenantKey]] = {tenant_id: [] for tenant_id in tenant_ids}
    for key in TenantKey.objects.filter(tenant_id__in=tenant_ids, purpose=KeyPurpose.DATA).order_by("-version"):
        keys[key.tenant_id].append(key)
    settled: dict[str, list[KeyDestruction]] = {tenant_id: [] for tenant_id in tenant_ids}
    wanted = KeyDestruction.objects.filter(tenant_id__in=tenant_ids).exclude(state=DestructionState.WITHDRAWN)
    for made in wanted.order_by("-proposed_at"):
        settled[made.tenant_id].append(made)
    return [
        KeyLine(
            tenant_id,
            tuple(keys[tenant_id]),
            tuple(made for made in settled[tenant_id] if made.state == DestructionState.PROPOSED),
            tuple(made for made in settled[tenant_id] if made.state == DestructionState.DONE),
        )
        for tenant_id in tenant_ids
    ]
