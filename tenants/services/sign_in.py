"""Signing in and out.

Rules:

- A bcrypt check for each workspace that knows the address, one where none does: the time does not tell who exists, but
  it tells in how many workspaces. Of many namesakes `MOST` are asked; the others name theirs in the page's address.
- The same answer for an unknown address, a wrong password and an account that is not active.
- Who proves to be somebody in several workspaces is asked which; nobody else hears of them.
- Every attempt is recorded, in the trail of each workspace that it concerned; the address that was typed is not (people
  type passwords there), the person it belongs to is.

All of it runs in the framework's scope "sign-in": who asks is not known yet.
"""

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Case, Value, When
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string

from security.audit import Action, record
from security.columns import now
from security.columns.places import SEPARATOR, VALUED, Folded, Place, fold
from security.roles import PLATFORM_TENANT
from security.scope import framework_scope
from security.services.repeating import repeatable
from tenants.enums import AccountStatus
from tenants.models import User

MOST = 4  # workspaces that are asked about one address: a second of bcrypt


class Outcome(Enum):
    WELCOME = auto()
    REFUSED = auto()
    WHICH = auto()


class Attempt(NamedTuple):
    """``people`` are those that were proved: one is in, several are to choose."""

    outcome: Outcome
    people: tuple[User, ...] = ()

    @property
    def person(self) -> User | None:
        return self.people[0] if self.outcome is Outcome.WELCOME else None


@cache
def _nobody() -> str:
    """A hash to check against where the address belongs to nobody; made once a process (a quarter second)."""
    return make_password(get_random_string(40))


@framework_scope("sign-in")
def sign_in(email: str, password: str, workspace: str = "") -> Attempt:
    """Check who is at the door, of ``workspace`` where it is named, and record the attempt."""
    named = people_of(email, workspace)
    # Outside of any transaction: bcrypt takes a quarter second, and strangers must not hold the write lock that long.
    proved = [who for who in named if check_password(password, who.password)]
    if not named:
        check_password(password, _nobody())
    proved = [who for who in proved if who.is_active and who.security_role is not None]
    if not proved:
        _record(*named, error="refused")
        return Attempt(Outcome.REFUSED)
    if len(proved) == 1:
        return _come_in(proved[0])
    _record(*proved, error="proved, and asked in which workspace")
    return Attempt(Outcome.WHICH, tuple(proved))


@framework_scope("sign-in")
def choose_workspace(proofs: Mapping[str, str], user_id: str) -> Attempt:
    """Come in as one of the people who were proved before; ``proofs`` are their session hashes then, by id.

    A password that was changed since, or a person suspended since, is refused.
    """
    person = User.objects.select_related("tenant").filter(pk=user_id).first() if user_id in proofs else None
    holds = person is not None and person.is_active and person.get_session_auth_hash() == proofs[user_id]
    if person is None or not holds:
        _record(*([person] if person else []), error="refused")
        return Attempt(Outcome.REFUSED)
    return _come_in(person)


@framework_scope("sign-in")
@repeatable
def sign_out(person: User) -> None:
    """Record that ``person`` left."""
    record(Action.LOGOUT, resource_type="user", resource_id=person.pk, tenant_id=person.tenant_id, actor_id=person.pk)


@repeatable
def _come_in(person: User) -> Attempt:
    person.last_login_at = now()
    # What was checked must still hold: a password changed, or a person suspended, in between is refused.
    same = User.objects.filter(pk=person.pk, password=person.password, status=person.status)
    came_in = same.update(last_login_at=person.last_login_at)
    _record(person, error=None if came_in else "refused")
    return Attempt(Outcome.WELCOME, (person,)) if came_in else Attempt(Outcome.REFUSED)


def people_of(email: str, workspace: str = "") -> list[User]:
    """The people who have that address in whichever letters, as far as they are asked for: who may come in before who
    may not, of ``platform`` before others, then the oldest."""
    typed = fold(email.strip())
    place, start = Place(Folded("email"), "user_id"), typed[: Folded.LENGTH]
    by_index = User.objects.alias(place=place, folded=Lower("email")).filter(
        place__gte=f"{start}{SEPARATOR}", place__lt=f"{start}{VALUED}"
    )
    people = by_index.filter(folded=typed).select_related("tenant")
    if workspace:
        people = people.filter(tenant_id=workspace)
    active = When(status=AccountStatus.ACTIVE, tenant__status=AccountStatus.ACTIVE, then=Value(0))
    first, standing = When(tenant_id=PLATFORM_TENANT, then=Value(0)), Case(active, default=Value(1))
    return list(people.order_by(standing, Case(first, default=Value(1)), "created_at", "pk")[:MOST])


@repeatable
def _record(*people: User, error: str | None = None) -> None:
    """An entry in the trail of each of ``people``; of the platform where the address is nobody's."""
    for person in people or (None,):
        record(
            Action.LOGIN,
            resource_type="user",
            resource_id=person.pk if person else None,
            tenant_id=person.tenant_id if person else None,
            actor_id=person.pk if person else None,
            error=error,
        )
