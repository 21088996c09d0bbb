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


@transaction.atomic
def sign_in(email: str, password: str) -> Attempt:
    """Check who is at the door, and record the attempt."""
    person = _named(email)
    proved = check_password(password, person.password if person else _nobody()) and person is not None
    if person is None or not proved or not person.is_active:
        _record(person, error="refused")
        return Attempt(Outcome.REFUSED, None)
    if person.tenant_id != PLATFORM_TENANT or person.security_role is None:
        _record(person, error="workspace not open")
        return Attempt(Outcome.NOT_OPEN, None)
    person.last_login_at = now()
    User.objects.filter(pk=person.pk).update(last_login_at=person.last_login_at)
    _record(person)
    return Attempt(Outcome.WELCOME, person)


@transaction.atomic
def sign_out(person: User) -> None:
    """Record that ``person`` left."""
    record(Action.LOGOUT, resource_type="user", resource_id=person.pk, tenant_id=person.tenant_id, actor_id=person.pk)


def _named(email: str) -> User | None:
    """The one person whose password is checked: of ``platform`` where the address is known there."""
    people = list(User.objects.select_related("tenant").filter(email=email.strip())[:20])
    people.sort(key=lambda person: person.tenant_id != PLATFORM_TENANT)
    return people[0] if people else None


def _record(person: User | None, *, error: str | None = None) -> None:
    record(
        Action.LOGIN,
        resource_type="user",
        resource_id=person.pk if person else None,
        tenant_id=person.tenant_id if person else None,
        actor_id=person.pk if person else None,
        error=error,
    )
