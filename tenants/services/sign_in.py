"""Signing in and out.

Rules:

- One bcrypt check an attempt, whoever is named, so that the time tells nothing about who exists.
- The same answer for an unknown address, a wrong password and an account that is not active.
- Only people of the tenant ``platform`` come in. Who proves to be somebody else's is told that the workspace is
  not open yet, and nothing more.
- Every attempt is recorded; the address that was typed is not (people type passwords there), the person it
  belongs to is.
"""

from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import get_random_string

from security.audit import Action, record
from security.columns import now
from security.roles import PLATFORM_TENANT
from tenants.models import User


class Outcome(Enum):
    WELCOME = auto()
    REFUSED = auto()
    NOT_OPEN = auto()


class Attempt(NamedTuple):
    outcome: Outcome
    person: User | None


@cache
def _nobody() -> str:
    """A hash to check against where the address belongs to nobody; made once a process (a quarter second)."""
    return make_password(get_random_string(40))


def sign_in(email: str, password: str) -> Attempt:
    """Check who is at the door, and record the attempt."""
    person = _named(email)
    # Outside of any transaction: bcrypt takes a quarter second, and strangers must not hold the write lock that long.
    proved = check_password(password, person.password if person else _nobody())
    if person is None or not proved or not person.is_active:
        _record(person, error="refused")
        return Attempt(Outcome.REFUSED, None)
    if person.tenant_id != PLATFORM_TENANT or person.security_role is None:
        _record(person, error="workspace not open")
        return Attempt(Outcome.NOT_OPEN, None)
    with transaction.atomic():
        person.last_login_at = now()
        # What was checked above must still hold: a password changed, or a person suspended, in between is refused.
        same = User.objects.filter(pk=person.pk, password=person.password, status=person.status)
        came_in = same.update(last_login_at=person.last_login_at)
        _record(person, error=None if came_in else "refused")
    return Attempt(Outcome.WELCOME, person) if came_in else Attempt(Outcome.REFUSED, None)


@transaction.atomic
def sign_out(person: User) -> None:
    """Record that ``person`` left."""
    record(Action.LOGOUT, resource_type="user", resource_id=person.pk, tenant_id=person.tenant_id, actor_id=person.pk)


def _named(email: str) -> User | None:
    """The one person whose password is checked: of ``platform`` where the address is known there."""
    typed = email.strip()
    named = User.objects.select_related("tenant").filter(email__in={typed, typed.lower()}).order_by("created_at", "pk")
    return named.filter(tenant_id=PLATFORM_TENANT).first() or named.first()


@transaction.atomic
def _record(person: User | None, *, error: str | None = None) -> None:
    record(
        Action.LOGIN,
        resource_type="user",
        resource_id=person.pk if person else None,
        tenant_id=person.tenant_id if person else None,
        actor_id=person.pk if person else None,
        error=error,
    )
