"""Single grants: one person of a tenant may do one thing with one row of it, beyond his role (django-guardian).

Rules (domain.md, Tenants, people, roles): owners and admins share content templates, knowledge entries, configurations,
private skills and the brand profile, with members and viewers of the same tenant; a grant can run out. It is kept by
the policy of the table that neither row nor person is another tenant's (`tenants.models.grant`).
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from guardian.ctypes import get_content_type

from security.audit import Action, record
from security.columns import now
from security.contract import ContractTable
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.repeating import repeatable
from security.services.rows import kind_of, tenant_of
from security.triggers import GRANTABLE
from tenants.enums import AccountStatus
from tenants.exceptions import GrantRefused
from tenants.models import Grant, User

VERBS = {kind: (Verb.CHANGE,) if kind == "brand_profile" else (Verb.CHANGE, Verb.PUBLISH) for kind in GRANTABLE}
"""What of a row can be granted."""
LONGEST = 400  # characters of a reason
FURTHEST = dt.timedelta(days=3 * 365)


@repeatable
def grant_access(
    person: User, verb: str, row: ContractTable, *, reason: str, until: dt.datetime | None = None
) -> Grant:
    """Let ``person`` do ``verb`` with ``row``, until ``until``; in place of the same grant with another end.

    Raises:
        GrantRefused: not to be shared by who acts, or like this; the message names the field.
    """
    kind, tenant_id = _shareable(row), current_scope().tenant_id
    if verb not in VERBS[kind]:
        raise GrantRefused(f"what: expected {' or '.join(VERBS[kind])}, got {verb!r}.")
    # As he is in this transaction: who was removed meanwhile holds nothing when he is invited again.
    current = User.objects.filter(pk=person.pk, tenant_id=tenant_id, status=AccountStatus.ACTIVE).first()
    if current is None:
        raise GrantRefused("person: expected an active person of this tenant.")
    person = current
    if may(person.security_role, Verb(verb), row._meta.db_table):
        raise GrantRefused(f"person: {person.full_name or person.email} may do that already, as {person.role}.")
    if until is not None and not now() < until <= now() + FURTHEST:
        raise GrantRefused("until: expected a time to come, within three years.")
    if not 0 < len(reason.strip()) <= LONGEST or "\0" in reason:
        raise GrantRefused(f"reason: expected why, in 1 to {LONGEST} characters.")
    permission = permission_of(row, verb)
    _same(person, permission.pk, row)._raw_delete("default")  # also one that ran out, which nobody here can read
    made: Grant = Grant.objects.create(
        tenant_id=tenant_id, user=person, permission=permission, content_type=get_content_type(row), kind=kind,
        object_pk=str(row.pk), expires_at=until, reason=reason.strip(), granted_by=str(current_scope().actor_id),
    )  # fmt: skip
    _record(Action.GRANT_ACCESS, made, {"what": verb, "until": until, "reason": reason.strip()})
    return made


@repeatable
def revoke_access(grant: Grant, row: ContractTable, *, reason: str = "") -> None:
    """Take a grant back. Raises `GrantRefused`."""
    kind = _shareable(row)
    mine = Grant.objects.filter(pk=grant.pk, kind=kind, object_pk=str(row.pk))
    if not _end(grant, mine, reason.strip()):
        raise GrantRefused("It was revoked already.")


def end_grants(grants: "QuerySet[Grant]", *, why: str) -> None:
    """End ``grants`` with what they hang on, in the transaction that is open. Each is recorded."""
    for grant in grants.select_related("permission"):
        _end(grant, Grant.objects.filter(pk=grant.pk), why)


def may_share(row: ContractTable) -> bool:
    """Whether who acts may share ``row``: a kind that can be, of the tenant that he is of."""
    scope = current_scope()
    is_own = scope.reach is Reach.TENANT and tenant_of(row) == scope.tenant_id
    return kind_of(type(row)) in GRANTABLE and is_own and may(scope.role, Verb.SHARE, row._meta.db_table)


def permission_of(row: ContractTable, verb: str) -> Any:
    """Django's permission to do ``verb`` with rows like ``row``. One query."""
    content_type, codename = get_content_type(row), f"{verb}_{row._meta.model_name}"
    permissions = Grant._meta.get_field("permission").related_model
    assert isinstance(permissions, type)
    return permissions._default_manager.get(content_type=content_type, codename=codename)


def _shareable(row: ContractTable) -> str:
    if not may_share(row):
        raise GrantRefused("Only owners and admins share this, in their own tenant.")
    return kind_of(type(row))


def _same(person: User, permission: int, row: ContractTable) -> Any:
    return Grant.objects.filter(user=person, permission=permission, object_pk=str(row.pk))


def _end(grant: Grant, stored: "QuerySet[Grant]", why: str) -> bool:
    """Whether ``grant``, which is ``stored`` there, ended with this."""
    if not stored._raw_delete("default"):
        return False
    _record(Action.REVOKE_ACCESS, grant, {"what": grant.verb, **({"reason": why} if why else {})})
    return True


def _record(action: Action, grant: Grant, told: dict[str, Any]) -> None:
    record(
        action, resource_type=grant.kind, resource_id=grant.object_pk, tenant_id=grant.tenant_id,
        details={"person": grant.user_id, **told},
    )  # fmt: skip
