"""Invitations: an address is asked to join a tenant in a role, and whoever reads its mail may, once, for a week.

Rules:

- The token is 256 random bits, mailed and never stored: the table holds its SHA-256.
- One open invitation an address and tenant; asking again makes a new token, and the old one is void.
- Who invites grants no role above his own, when he invites and (he may have lost his own since) when it is accepted.
- Accepting is one UPDATE that asks for all of that, then the person: a new row, or the one that was removed.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet

from security.audit import Action, record
from security.columns import now
from security.scope import framework_scope
from security.services.repeating import repeatable
from tenants.enums import AccountStatus, InvitationState, UserRole
from tenants.exceptions import InvitationRefused, OutOfReach, PersonExists
from tenants.models import Invitation, Tenant, User
from tenants.passwords import check_new_password
from tenants.services.mail import check_mail, send
from tenants.services.people import acts_for, reaching, roles_reaching

LIVES = dt.timedelta(days=7)
BYTES = 32
LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3)
NAME = 120  # characters of a name
VOID = "This invitation does not hold any more: ask for another."

Link = Callable[[str], str]
"""From a token to the address that is mailed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody with a valid token is told before he accepts."""

    email: str
    role: str
    tenant_name: str


def invite(actor: User, tenant: Tenant, email: str, role: str, *, link: Link, reason: str = "") -> bool:
    """Invite ``email`` to ``tenant`` as ``role``; whether the mail server took the mail.

    Raises:
        InvitationRefused: no address, or no such role.
        PersonExists: it belongs to a person of the tenant.
        OutOfReach: the role is above that of who acts.
        MailOff: this installation sends none.
    """
    check_mail()
    address = checked_address(email)
    with reaching(actor, reason):
        token = _invited(actor, tenant, address, role, reason)
    return send_invitation(actor, tenant, address, role, link(token))


def withdraw(actor: User, invitation: Invitation, *, reason: str = "") -> None:
    """Make an open invitation void. Raises `OutOfReach`, `InvitationRefused`."""
    with reaching(actor, reason):
        _withdraw(actor, invitation, reason)


def send_invitation(actor: User, tenant: Tenant, email: str, role: str, link: str) -> bool:
    return send("invitation", email, actor=actor, tenant=tenant, role=role, link=link, days=LIVES.days, email=email)


@framework_scope("invitation")
def asked_by(token: str) -> Asked | None:
    """What the invitation with ``token`` asks; None where there is none that holds. One query."""
    found = _holding(token).select_related("tenant").first()
    return Asked(found.email, found.role, found.tenant.name) if found else None


@framework_scope("invitation")
def accept(token: str, *, full_name: str, password: str) -> User:
    """Join: the person that the invitation with ``token`` is for.

    Raises:
        InvitationRefused: it does not hold (any more), or a name that is none.
        PasswordUnfit: see `tenants.passwords`.
    """
    found = _found(token)
    name = full_name.strip()
    if not 0 < len(name) <= NAME or not name.isprintable():
        raise InvitationRefused(f"name: expected 1 to {NAME} characters.")
    check_new_password(password, User(tenant=found.tenant, email=found.email, full_name=name))
    hashed = make_password(password)  # a quarter second: outside of the transaction
    return _accepted(token, name, hashed)


def checked_address(email: str) -> str:
    """``email`` as it is kept: in small letters. Raises `InvitationRefused`."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvitationRefused(f"e-mail: expected an address such as ada@example.com, got {email[:80]!r}.") from None
    if len(address) > LONGEST:
        raise InvitationRefused(f"e-mail: expected at most {LONGEST} characters, got {len(address)}.")
    return address


@repeatable
def _invited(actor: User, tenant: Tenant, email: str, role: str, reason: str) -> str:
    if role not in UserRole.values:
        raise InvitationRefused(f"role: expected one of {', '.join(UserRole.values)}, got {role!r}.")
    waiting = Invitation.objects.filter(tenant=tenant, email=email, state=InvitationState.OPEN)
    roles = roles_reaching(tenant.pk, role, *waiting.values_list("role", flat=True))
    if not Tenant.objects.filter(acts_for(actor.pk, tenant.pk, roles), pk=tenant.pk).exists():
        raise OutOfReach(f"Your role does not reach so far that you could make somebody {role}.")
    if User.objects.filter(tenant=tenant, email__iexact=email).exclude(status=AccountStatus.DELETED).exists():
        raise PersonExists(f"{email} is a person of {tenant.name} already.")
    return open_invitation(actor, tenant, email, role, reason=reason)


def open_invitation(actor: User, tenant: Tenant, email: str, role: str, *, reason: str = "") -> str:
    """Store an invitation in the transaction that is open; its token. Who may, the caller has asked."""
    token = secrets.token_urlsafe(BYTES)
    values = {
        "role": role, "token_hash": _hashed(token), "invited_by": actor.pk, "invited_at": now(),
        "expires_at": now() + LIVES,
    }  # fmt: skip
    made, _ = Invitation.objects.update_or_create(
        tenant=tenant, email=email, state=InvitationState.OPEN, defaults=values
    )
    _record(Action.INVITE_USER, made, reason)
    return token


@repeatable
def _withdraw(actor: User, invitation: Invitation, reason: str) -> None:
    roles = roles_reaching(invitation.tenant_id, invitation.role)
    open_ = Invitation.objects.filter(pk=invitation.pk, state=InvitationState.OPEN)
    if not open_.filter(acts_for(actor.pk, invitation.tenant_id, roles)).update(state=InvitationState.WITHDRAWN):
        raise InvitationRefused("It does not wait any more, or your role does not reach so far.")
    _record(Action.WITHDRAW_INVITATION, invitation, reason)


def _holding(token: str) -> "QuerySet[Invitation]":
    return Invitation.objects.filter(
        token_hash=_hashed(token), state=InvitationState.OPEN, expires_at__gt=now(),
        tenant__status=AccountStatus.ACTIVE,
    )  # fmt: skip


def _found(token: str) -> Invitation:
    """The invitation that holds. Raises `InvitationRefused`."""
    found = _holding(token).select_related("tenant").first()
    if found is None:
        raise InvitationRefused(VOID)
    return found


@repeatable
def _accepted(token: str, name: str, hashed: str) -> User:
    found = _found(token)
    inviter = acts_for(OuterRef("invited_by"), found.tenant_id, roles_reaching(found.tenant_id, found.role))
    if not _holding(token).filter(inviter, pk=found.pk, role=found.role).update(state=InvitationState.ACCEPTED):
        raise InvitationRefused(VOID)
    there = User.objects.filter(tenant=found.tenant_id, email__iexact=found.email)
    if there.exclude(status=AccountStatus.DELETED).exists():
        raise InvitationRefused(f"{found.email} is a person of {found.tenant.name} already.")
    person = _revived(found, name, hashed) or _created(found, name, hashed)
    _record(Action.ACCEPT_INVITATION, found, "", person)
    return person


def _revived(found: Invitation, name: str, hashed: str) -> User | None:
    """The person of that address who was removed, with nothing of what he had."""
    gone = User.objects.filter(tenant=found.tenant_id, email__iexact=found.email, status=AccountStatus.DELETED).first()
    if gone is None:
        return None
    values = {
        "status": AccountStatus.ACTIVE.value, "role": found.role, "password": hashed, "full_name": name,
        "mfa_enabled": False, "mfa_secret": None, "oauth_provider": None, "oauth_sub": None, "updated_at": now(),
    }  # fmt: skip
    if not User.objects.filter(pk=gone.pk, status=AccountStatus.DELETED).update(**values):
        raise InvitationRefused(VOID)
    return User.objects.select_related("tenant").get(pk=gone.pk)


def _created(found: Invitation, name: str, hashed: str) -> User:
    person = User(tenant=found.tenant, email=found.email, full_name=name, role=found.role, password=hashed)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise InvitationRefused(f"{found.email} is a person of {found.tenant.name} already.") from error
    return person


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(action: Action, invitation: Invitation, reason: str, person: User | None = None) -> None:
    told = {
        "role": invitation.role,
        "email": invitation.email,
        **({"reason": reason.strip()} if reason.strip() else {}),
    }
    record(
        action,
        resource_type="user" if person else "invitation",
        resource_id=person.pk if person else invitation.pk,
        tenant_id=invitation.tenant_id,
        actor_id=person.pk if person else None,
        details=told,
    )
