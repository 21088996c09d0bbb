"""The data keys of tenants, ready to be drawn."""

import datetime as dt
from dataclasses import dataclass

from security.models import KeyDestruction, TenantKey
from security.queries.keys import KeyLine, key_lines
from security.scope import current_scope
from security.services.destruction import ALL, Copy, foreseen
from security.services.keys import ROTATION
from security.services.reencryption import remaining, sealed_rows
from tenants.models import Tenant, User

PAGE = 50  # tenants


@dataclass(frozen=True, slots=True)
class Proposal:
    """Keys that are to be destroyed; ``copies`` tells when they would be gone."""

    made: KeyDestruction
    what: str
    who: str
    is_own: bool
    copies: list[Copy]


@dataclass(frozen=True, slots=True)
class Holding:
    """The keys of one tenant. ``left`` of ``total`` rows are not sealed under the active version."""

    tenant_id: str
    name: str
    line: KeyLine
    left: int
    total: int
    proposals: list[Proposal]

    @property
    def sealed(self) -> int:
        return self.total - self.left

    @property
    def share(self) -> int:
        """Percent of the rows that are under the active version, never rounded up to all."""
        return 100 if not self.left else min(99, self.sealed * 100 // max(1, self.total))

    @property
    def due(self) -> dt.datetime | None:
        due = self.line.active.rotates_at if self.line.active else None
        return due if isinstance(due, dt.datetime) else None

    @property
    def old(self) -> tuple[TenantKey, ...]:
        return tuple(key for key in self.line.usable if key is not self.line.active)


@dataclass(frozen=True, slots=True)
class KeyringPage:
    holdings: list[Holding]
    next: str
    rotation: int = ROTATION.days

    @property
    def due(self) -> int:
        return sum(holding.line.is_due for holding in self.holdings)

    @property
    def left(self) -> int:
        return sum(holding.left for holding in self.holdings if holding.line.active)


def keyring_page(after: str) -> KeyringPage:
    """The keys of `PAGE` tenants behind ``after``, by id; about a dozen queries, however many tenants there are."""
    found = list(Tenant.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "name")[: PAGE + 1])
    shown = found[:PAGE]
    ids = [tenant_id for tenant_id, _ in shown]
    lines, left, total = key_lines(ids), remaining(ids), sealed_rows(ids)
    names = _names(lines)
    holdings = [
        Holding(
            tenant_id, name, line, left[tenant_id], total[tenant_id],
            [_proposal(made, names) for made in line.proposals],
        )
        for (tenant_id, name), line in zip(shown, lines, strict=True)
    ]  # fmt: skip
    return KeyringPage(holdings, next=ids[-1] if len(found) > PAGE else "")


def _names(lines: list[KeyLine]) -> dict[str, str]:
    people = {made.proposed_by for line in lines for made in line.proposals}
    found = User.objects.filter(pk__in=people).values_list("pk", "full_name", "email") if people else []
    return {key: name or email for key, name, email in found}


def _proposal(made: KeyDestruction, names: dict[str, str]) -> Proposal:
    return Proposal(
        made,
        "all keys" if made.version == ALL else f"version {made.version}",
        names.get(made.proposed_by, made.proposed_by),
        made.proposed_by == current_scope().actor_id,
        foreseen(made.tenant_id, made.version),
    )
