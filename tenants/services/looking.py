"""An operator looks at the dashboard as a person of a tenant: to see what he sees, and to change nothing.

Rules:

- With a reason and the password, for half an hour; never as somebody of the platform, nor of a tenant that is
  not active.
- The operator has that person's scope, so what is not the person's is not there; secrets' values, and what operators
  do not see, stay hidden (`security.scope.hidden_here`).
- Nothing is changed meanwhile: requests that would are refused, and so is any statement (`security.witness`).
- Every entry of the audit trail names both.
"""

import datetime as dt
import time
from typing import TypedDict

from security.audit import Action, record
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import platform_scope
from security.services.repeating import repeatable
from tenants.exceptions import LookingRefused
from tenants.models import User
from tenants.services.proving import prove

LASTS = dt.timedelta(minutes=30)
LONGEST = 400  # characters of a reason
SHORTEST = 5


class Looking(TypedDict):
    """As whom somebody looks, as the session keeps it. ``until`` is a Unix time."""

    user_id: str
    tenant_id: str
    name: str
    reason: str
    until: float


def look_as(operator: User, user_id: str, *, reason: str, password: str) -> Looking:
    """Start to look as somebody.

    Raises:
        LookingRefused: not an operator, no reason, or nobody who may be looked as.
        ProofRefused: the password is wrong.
    """
    if not may(operator.security_role, Verb.IMPERSONATE, User._meta.db_table):
        raise LookingRefused("Only operators look as somebody.")
    told = reason.strip()
    if not SHORTEST <= len(told) <= LONGEST or "\0" in told:
        raise LookingRefused(
            f"reason: expected why, for the tenant's audit trail, in {SHORTEST} to {LONGEST} characters."
        )
    prove(operator, password)
    with platform_scope(reason=told, actor=operator):
        person = _started(user_id)
    return Looking(
        user_id=person.pk, tenant_id=person.tenant_id, name=person.full_name or person.email, reason=told,
        until=time.time() + LASTS.total_seconds(),
    )  # fmt: skip


def stop_looking(operator: User, looking: Looking) -> None:
    """Record that ``operator`` looks as somebody no more."""
    with platform_scope(reason=looking["reason"], actor=operator):
        _record(Action.STOP_LOOKING, looking["user_id"], looking["tenant_id"])


def is_over(looking: Looking) -> bool:
    return looking["until"] <= time.time()


@repeatable
def _started(user_id: str) -> User:
    person = User.objects.select_related("tenant").exclude(tenant=PLATFORM_TENANT).filter(pk=user_id).first()
    if person is None or not person.is_active or person.security_role is None:
        raise LookingRefused("person: expected an active person of an active tenant.")
    _record(Action.LOOK_AS, person.pk, person.tenant_id)
    return person


@repeatable
def _record(action: Action, user_id: str, tenant_id: str) -> None:
    record(
        action, resource_type="user", resource_id=user_id, tenant_id=tenant_id, details={"looking_as": user_id}
    )  # fmt: skip
