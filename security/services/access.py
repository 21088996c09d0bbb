"""Access is recorded as well as change (domain.md, Secrets and records).

- Who opens what says so with `security.contract.ContractTable.reads`: one entry a person, object and hour.
- What was refused to somebody who is signed in: one entry a person, address and minute.
"""

import uuid

from security.audit import Action, record_once
from security.columns import now
from security.contract import ContractTable, Reads
from security.roles import is_platform
from security.scope import Reach, current_scope
from security.services.rows import kind_of, tenant_of

LONGEST = 300  # characters of an address
_KEYS = uuid.UUID("5f0dba1e-7a5c-4a53-9a0e-6f3f0f5a6e11")  # of the names that entries of reading have: any would do


def record_read(row: ContractTable) -> None:
    """Record that who acts has seen ``row``, where that is to be recorded. One statement, or none."""
    scope = current_scope()
    reads = type(row).reads
    is_of_platform = is_platform(scope.role) or scope.looks_as is not None
    if scope.actor_id is None or reads is Reads.FREE or (reads is Reads.BY_PLATFORM and not is_of_platform):
        return
    kind, key, hour = kind_of(type(row)), str(row.pk), now().strftime("%Y-%m-%dT%H")
    name = _key(scope.actor_id, scope.looks_as or "", kind, key, hour)
    record_once(name, Action(f"read_{kind}"), resource_type=kind, resource_id=key, tenant_id=tenant_of(row))


def record_look(action: Action, key: str) -> None:
    """Record that somebody of the platform has seen numbers that others may not. One statement, or none."""
    scope = current_scope()
    if scope.actor_id is None or scope.reach is not Reach.PLATFORM:
        return  # in a tenant everybody is shown what the tenant is
    kind = action.value.removeprefix("read_")
    name = _key(scope.actor_id, "", kind, key, now().strftime("%Y-%m-%dT%H"))
    record_once(name, action, resource_type=kind, resource_id=key, tenant_id=None)


def record_denial(method: str, path: str) -> None:
    """Record that who acts asked for something that he may not have. One statement."""
    scope, minute = current_scope(), now().strftime("%Y-%m-%dT%H:%M")
    if scope.actor_id is None or scope.reach is Reach.NOTHING:
        return
    shown = path[:LONGEST]
    name = _key(scope.actor_id, scope.looks_as or "", scope.tenant_id or "", method, path, minute)
    record_once(
        name, Action.DENY_ACCESS, resource_type="page", resource_id=shown, tenant_id=scope.tenant_id,
        details={"method": method}, error="refused",
    )  # fmt: skip


def _key(*parts: str) -> str:
    """The key of an entry that there is once for ``parts``."""
    return str(uuid.uuid5(_KEYS, "\x1f".join(parts)))
