"""Managing the people of a tenant, or of the platform.

Rules (domain.md, Tenants, people, roles):

- Owners and admins manage people, of the platform its owners alone; operators those of every tenant.
- Nobody grants a role above his own, and nobody touches a person above himself: an admin no owner.
- Nobody changes himself here. An owner hands ownership over (`transfer_ownership`) or asks another owner.
- A tenant keeps an active owner.

Each change is one UPDATE that asks for all of this again, so that it holds whatever happens at the same time; what it
does not find is explained afterwards. The person concerned is told by mail.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from security.audit import Action, record
from security.columns import now
from security.enums import ApiKeyStatus
from security.models import ApiKey
from security.roles import PLATFORM_ROLES, PLATFORM_TENANT, RANK, Role, Verb, is_platform, managers, may
from security.scope import platform_scope
from security.services.repeating import repeatable
from security.services.sessions import end_sessions_of
from tenants.enums import AccountStatus, InvitationState, UserRole
from tenants.exceptions import LastOwner, NotManaged, OutOfReach, PersonChanged
from tenants.models import Grant, Invitation, User
from tenants.services.grants import end_grants
from tenants.services.mail import send

LONGEST = 400  # characters of a reason
OPERATORS = tuple(stored for stored, role in PLATFORM_ROLES.items() if role is Role.OPERATOR)


def change_role(actor: User, people: Sequence[User], role: str, *, reason: str = "") -> int:
    """Give ``people`` the role ``role``; all of them or none. How many had another.

    Raises:
        NotManaged, LastOwner, PersonChanged: see the module.
    """
    if role not in UserRole.values:
        raise NotManaged(f"role: expected one of {', '.join(UserRole.values)}, got {role!r}.")
    changed = [person for person in people if person.role != role]
    _change(actor, changed, {"role": role}, Action.CHANGE_ROLE, reason)
    _tell(actor, changed, "role", role=role)
    return len(changed)


def suspend(actor: User, people: Sequence[User], *, reason: str = "") -> int:
    """Lock ``people`` out, now: their sessions end. Raises as `change_role`."""
    return _set_status(actor, people, AccountStatus.SUSPENDED, Action.SUSPEND_USER, reason)


def reactivate(actor: User, people: Sequence[User], *, reason: str = "") -> int:
    """Let suspended ``people`` in again. Raises as `change_role`."""
    found = [person for person in people if person.status == AccountStatus.SUSPENDED]
    return _set_status(actor, found, AccountStatus.ACTIVE, Action.REACTIVATE_USER, reason)


def remove(actor: User, people: Sequence[User], *, reason: str = "") -> int:
    """Remove ``people``: their sessions, keys of programs, single grants and open invitations end. Inviting the address
    again brings the person back. Raises as `change_role`."""
    return _set_status(actor, people, AccountStatus.DELETED, Action.DELETE_USER, reason)


def end_sessions(actor: User, people: Sequence[User], *, reason: str = "") -> int:
    """Sign ``people`` out everywhere; how many sessions there were. Raises `NotManaged`."""
    with reaching(actor, reason):
        ended = _end_sessions(actor, people, reason)
    _tell(actor, people, "sessions")
    return ended


def transfer_ownership(actor: User, person: User, *, reason: str = "") -> None:
    """``actor``, an owner, becomes an admin, and ``person`` an owner: one statement.

    Raises:
        NotManaged: who acts is no owner of that tenant, or hands it to himself.
        PersonChanged: the person is not active there.
    """
    if actor.role != UserRole.OWNER or actor.tenant_id != person.tenant_id or actor.pk == person.pk:
        raise OutOfReach("Only an owner hands ownership over, to somebody else of the same tenant.")
    with reaching(actor, reason):
        _transfer(actor, person, reason)
    _tell(actor, [person], "ownership")


@contextmanager
def reaching(actor: User, reason: str) -> Iterator[None]:
    """Where people of the tenant are, and who acts. Operators say why.

    Raises:
        NotManaged: the matrix gives who acts no people to manage, or a reason is missing.
    """
    if not may(actor.security_role, Verb.CHANGE, "people"):
        raise OutOfReach("Only owners and admins manage people.")
    if len(reason) > LONGEST or "\0" in reason:
        raise NotManaged(f"reason: expected at most {LONGEST} characters.")
    if not is_platform(actor.security_role):
        yield
        return
    if not reason.strip():
        raise NotManaged("reason: expected why you do this, for the audit trail.")
    with platform_scope(reason=reason.strip(), actor=actor):
        yield


def void_invitations(tenant_id: str, email: str, *, why: str) -> None:
    """Withdraw what waits for ``email`` in the tenant, in the transaction that is open."""
    for waiting in Invitation.objects.filter(tenant_id=tenant_id, email=email.lower(), state=InvitationState.OPEN):
        Invitation.objects.filter(pk=waiting.pk).update(state=InvitationState.WITHDRAWN)
        record(
            Action.WITHDRAW_INVITATION, resource_type="invitation", resource_id=waiting.pk, tenant_id=tenant_id,
            details={"role": waiting.role, "email": waiting.email, "reason": why},
        )  # fmt: skip


def acts_for(actor_id: Any, tenant_id: Any, roles: frozenset[str]) -> Exists:
    """The condition that ``actor_id`` is active and has one of ``roles`` in the tenant, or is an operator.

    Operators manage the people of tenants; those of the platform are its owners'.
    """
    own, operators = Q(tenant_id=tenant_id, role__in=roles), Q(tenant_id=PLATFORM_TENANT, role__in=OPERATORS)
    if tenant_id == PLATFORM_TENANT:
        operators = Q(pk__in=[])
    return Exists(User.objects.filter(own | operators, pk=actor_id, status=AccountStatus.ACTIVE))


def roles_reaching(tenant_id: str, *roles: str) -> frozenset[str]:
    """The roles of the tenant that manage people, and stand at least as high as all of ``roles``."""
    least = max(RANK.get(role, 0) for role in roles)
    return frozenset(role for role in managers(tenant_id) if RANK[role] >= least)


def _set_status(actor: User, people: Sequence[User], status: AccountStatus, action: Action, reason: str) -> int:
    changed = [person for person in people if person.status != status]
    _change(actor, changed, {"status": status.value}, action, reason)
    _tell(actor, changed, status.value)
    return len(changed)


def _change(actor: User, people: Sequence[User], values: dict[str, str], action: Action, reason: str) -> None:
    with reaching(actor, reason):
        _change_all(actor, people, values, action, reason)


@repeatable
def _change_all(actor: User, people: Sequence[User], values: dict[str, str], action: Action, reason: str) -> None:
    for person in people:
        if values.get("status") == AccountStatus.DELETED:
            _let_go(person)
        if not _manageable(actor, person, values).update(**values, updated_at=now()):
            raise _explained(actor, person, values)
        if values.get("status", AccountStatus.ACTIVE) != AccountStatus.ACTIVE:
            end_sessions_of([person.pk])
        changes = {name: [getattr(person, name), value] for name, value in values.items()}
        _record(action, person, {"changes": changes}, reason)


def _let_go(person: User) -> None:
    """End what hangs on a person who is about to be removed; behind it a trigger takes the grants without an entry."""
    why = "The person was removed."
    end_grants(Grant.objects.filter(user=person), why=why)
    void_invitations(person.tenant_id, person.email, why=why)
    ApiKey.objects.filter(user=person.pk, status=ApiKeyStatus.ACTIVE).update(status=ApiKeyStatus.REVOKED)


def _manageable(actor: User, person: User, values: dict[str, str]) -> "QuerySet[User]":
    """``person`` as seen, where who acts may write ``values``."""
    roles = roles_reaching(person.tenant_id, person.role, values.get("role", person.role))
    seen = User.objects.filter(pk=person.pk, tenant_id=person.tenant_id, role=person.role, status=person.status)
    allowed = seen.exclude(pk=actor.pk).exclude(status=AccountStatus.DELETED).filter(
        acts_for(actor.pk, person.tenant_id, roles)
    )  # fmt: skip
    stays = values.get("role", UserRole.OWNER) == UserRole.OWNER
    stays &= values.get("status", AccountStatus.ACTIVE) == AccountStatus.ACTIVE
    return allowed if stays else allowed.filter(~Q(role=UserRole.OWNER) | ~Q(status=AccountStatus.ACTIVE) | _other())


def _other() -> Exists:
    """The condition that the tenant has another active owner."""
    owners = User.objects.filter(role=UserRole.OWNER, status=AccountStatus.ACTIVE, tenant_id=OuterRef("tenant_id"))
    return Exists(owners.exclude(pk=OuterRef("pk")))


def _explained(actor: User, person: User, values: dict[str, str]) -> Exception:
    """Why nothing was changed."""
    name = person.full_name or person.email
    if actor.pk == person.pk:
        return OutOfReach("Nobody changes his own role or state.")
    current = User.objects.filter(pk=person.pk).first()
    if current is None or (current.role, current.status) != (person.role, person.status):
        return PersonChanged(f"{name} was changed by somebody else in the meantime: look again.")
    if person.status == AccountStatus.DELETED:
        return PersonChanged(f"{name} was removed: invite the address again.")
    roles = roles_reaching(person.tenant_id, person.role, values.get("role", person.role))
    if not User.objects.filter(acts_for(actor.pk, person.tenant_id, roles), pk=person.pk).exists():
        return OutOfReach(f"{name}: your role does not reach that far.")
    return LastOwner(f"{name} is the last active owner: make somebody else an owner first.")


@repeatable
def _transfer(actor: User, person: User, reason: str) -> None:
    both = User.objects.filter(pk__in=[actor.pk, person.pk], tenant_id=actor.tenant_id, status=AccountStatus.ACTIVE)
    owner = Exists(both.filter(pk=actor.pk, role=UserRole.OWNER))
    other = Exists(both.filter(pk=person.pk, role=person.role))
    given = Case(When(pk=person.pk, then=Value(UserRole.OWNER.value)), default=Value(UserRole.ADMIN.value))
    if both.filter(owner, other).update(role=given, updated_at=now()) != len((actor, person)):
        raise PersonChanged("One of you was changed in the meantime: look again.")
    _record(Action.TRANSFER_OWNERSHIP, person, {"from": actor.pk, "to": person.pk}, reason)


@repeatable
def _end_sessions(actor: User, people: Sequence[User], reason: str) -> int:
    ended = 0
    for person in people:
        if person.pk == actor.pk:
            raise NotManaged("Your own sessions end on the page of your account.")
        roles = roles_reaching(person.tenant_id, person.role)
        if not User.objects.filter(acts_for(actor.pk, person.tenant_id, roles), pk=person.pk).exists():
            raise OutOfReach(f"{person.full_name or person.email}: your role does not reach that far.")
        number = end_sessions_of([person.pk])
        _record(Action.END_SESSIONS, person, {"sessions": number}, reason)
        ended += number
    return ended


def _record(action: Action, person: User, details: dict[str, Any], reason: str) -> None:
    told = {**details, **({"reason": reason.strip()} if reason.strip() else {})}
    record(action, resource_type="user", resource_id=person.pk, tenant_id=person.tenant_id, details=told)


def _tell(actor: User, people: Sequence[User], what: str, **context: Any) -> None:
    for person in people:
        send(f"person_{what}", person.email, person=person, tenant=person.tenant, actor=actor, **context)
