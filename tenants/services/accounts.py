"""One's own account: name, password, e-mail address.

Rules:

- Another password asks for the present one; every other session ends, and the person is told.
- A forgotten password: a link, by mail, that works once and for half an hour. The answer is the same, and takes as
  long, whether there is such an address or not.
- Another address asks for the password, and has to be confirmed from both, the old and the new.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError
from django.db.models import Q, QuerySet

from security.audit import Action, record
from security.columns import now
from security.models import AuditLog
from security.scope import current_scope, framework_scope
from security.services.repeating import repeatable
from security.services.sessions import end_sessions_of
from tenants.exceptions import AccountRefused
from tenants.models import EmailChange, User
from tenants.passwords import check_new_password
from tenants.services.home import at_home
from tenants.services.invitations import NAME, checked_address
from tenants.services.mail import check_mail, send, send_later
from tenants.services.people import void_invitations
from tenants.services.proving import prove
from tenants.services.sign_in import people_of

CONFIRMED_WITHIN = dt.timedelta(hours=24)
AGAIN = dt.timedelta(minutes=5)  # before another link is mailed to the same person
ONCE = "asked again within five minutes: no other mail"
HOUR, LINKS_AN_HOUR = dt.timedelta(hours=1), 20  # an address of the network, for whomever it asks
DAY, ADDRESSES_A_DAY = dt.timedelta(days=1), 10  # a person, whose new addresses may be strangers'
BYTES = 32

Link = Callable[[str], str]
"""From a token to the address that is mailed."""


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, which hold until the password is another; ours end with the person's standing, too."""

    key_salt = "tenants.services.accounts.ResetTokens"

    def _make_hash_value(self, user: "User", timestamp: int) -> str:
        return f"{user.pk}{user.password}{timestamp}{user.email}{user.tenant_id}{user.status}{user.tenant.status}"


tokens = ResetTokens()


def rename(person: User, full_name: str) -> None:
    """Give oneself another name. Raises `AccountRefused`."""
    name = full_name.strip()
    if not 0 < len(name) <= NAME or not name.isprintable():
        raise AccountRefused(f"name: expected 1 to {NAME} characters.")
    if name != person.full_name:
        with at_home(person, reason="Own name"):
            changes = {"full_name": [person.full_name, name]}
            _write(person, Q(), {"full_name": name}, Action.UPDATE_USER, {"changes": changes})


def change_password(person: User, current: str, new: str, *, session: str | None) -> User:
    """Set another password; the person with it. Sessions other than ``session`` end.

    Raises:
        ProofRefused: ``current`` is not the present one.
        PasswordUnfit: see `tenants.passwords`.
        AccountRefused: it was changed meanwhile.
    """
    prove(person, current)
    check_new_password(new, person)
    if new == current:
        raise AccountRefused("password: expected another one than before.")
    hashed = make_password(new)
    with at_home(person, reason="Own password"):
        _set_password(person, hashed, Action.CHANGE_PASSWORD)
    end_sessions_of([person.pk], but=session)
    send("password_changed", person.email, person=person, at=now())
    person.password = hashed
    return person


@framework_scope("new-password")
def forget_password(email: str, link: Callable[[User, str], str]) -> None:
    """Mail a link to set another password to whoever has that address. Says nothing."""
    found: list[User | None] = [person for person in people_of(email) if person.is_active]
    many = "asked too often from this address: no mail" if _is_many() else None
    asked = {person: many or (ONCE if _was_mailed(person) else None) for person in found or [None]}
    for one, why_not in asked.items():
        _record_request(one, why_not)
    for person in [one for one, why_not in asked.items() if one and not why_not]:
        send_later("password_reset", person.email, person=person, link=link(person, tokens.make_token(person)))


@framework_scope("new-password")
def resettable(user_id: str, token: str) -> User | None:
    """The person who may set another password with ``token``; None where nobody may."""
    person = User.objects.select_related("tenant").filter(pk=user_id).first()
    holds = person is not None and person.is_active and tokens.check_token(person, token)
    return person if holds else None


@framework_scope("new-password")
def reset_password(user_id: str, token: str, password: str) -> User:
    """Set another password with a link's token. All sessions end.

    Raises:
        AccountRefused: the link does not hold any more.
        PasswordUnfit: see `tenants.passwords`.
    """
    person = resettable(user_id, token)
    if person is None:
        raise AccountRefused("This link does not hold any more: ask for another.")
    check_new_password(password, person)
    _set_password(person, make_password(password), Action.RESET_PASSWORD)
    end_sessions_of([person.pk])
    send("password_changed", person.email, person=person, at=now())
    return person


@repeatable
def record_ended(person: User) -> None:
    """Record that ``person`` ended one of his own sessions."""
    _record(Action.END_SESSIONS, person, {"sessions": 1})


def ask_for_email(person: User, email: str, password: str, link: Link) -> bool:
    """Ask for another address, ten times a day at most: a link goes to both; whether both mails were taken.

    Raises:
        ProofRefused, MailOff, AccountRefused, InvitationRefused: not an address.
    """
    check_mail()
    address = checked_address(email)
    prove(person, password)
    if address == person.email.lower():
        raise AccountRefused("e-mail: expected another address than before.")
    old, new = secrets.token_urlsafe(BYTES), secrets.token_urlsafe(BYTES)
    with at_home(person, reason="Own address"):
        _ask_for_email(person, address, old, new)
    sent = [
        send("email_old", person.email, person=person, new=address, link=link(old)),
        send("email_new", address, person=person, new=address, link=link(new)),
    ]
    return all(sent)


def confirm_email(person: User, token: str) -> str:
    """Confirm one of the two addresses; the new one once both are, else nothing.

    Raises:
        AccountRefused: nothing waits for this link, or the address is somebody's of the tenant by now.
    """
    with at_home(person, reason="Own address"):
        try:
            return _confirm_email(person, hashlib.sha256(token.encode()).hexdigest())
        except IntegrityError:
            raise AccountRefused("Somebody of your tenant has that address by now.") from None


@repeatable
def _ask_for_email(person: User, email: str, old: str, new: str) -> None:
    if _asked(Action.REQUEST_EMAIL_CHANGE, DAY, user_id=person.pk).count() >= ADDRESSES_A_DAY:
        raise AccountRefused("e-mail: you asked for too many addresses today.")
    digests = [hashlib.sha256(token.encode()).hexdigest() for token in (old, new)]
    values = {
        "old_email": person.email, "new_email": email, "old_token": digests[0], "new_token": digests[1],
        "expires_at": now() + CONFIRMED_WITHIN,
    }  # fmt: skip
    EmailChange.objects.update_or_create(user=person, defaults=values)
    _record(Action.REQUEST_EMAIL_CHANGE, person, {"to": email})


@repeatable
def _confirm_email(person: User, digest: str) -> str:
    waiting = EmailChange.objects.filter(user=person, expires_at__gt=now(), old_email=person.email)
    confirmed = waiting.filter(old_token=digest).update(old_token=None) or waiting.filter(new_token=digest).update(
        new_token=None
    )
    if not confirmed:
        raise AccountRefused("Nothing waits for this link: it was used, or it is older than a day.")
    both = waiting.filter(old_token=None, new_token=None).first()
    if both is None:
        _record(Action.REQUEST_EMAIL_CHANGE, person, {"confirmed": "one of two addresses"})
        return ""
    if User.objects.filter(tenant=person.tenant_id, email__iexact=both.new_email).exclude(pk=person.pk).exists():
        raise AccountRefused("Somebody of your tenant has that address by now.")
    _write(person, Q(email=both.old_email), {"email": both.new_email}, Action.CHANGE_EMAIL,
           {"changes": {"email": [both.old_email, both.new_email]}})  # fmt: skip
    waiting.delete()
    void_invitations(person.tenant_id, both.new_email, why="The address is a person's by now.")
    return str(both.new_email)


def _set_password(person: User, hashed: str, action: Action) -> None:
    _write(person, Q(password=person.password, status=person.status), {"password": hashed}, action, {})


@repeatable
def _write(person: User, still: Q, values: dict[str, str], action: Action, details: dict[str, object]) -> None:
    if not User.objects.filter(still, pk=person.pk).update(**values, updated_at=now()):
        raise AccountRefused("Your account was changed in the meantime: look again.")
    _record(action, person, details)


def _was_mailed(person: User | None) -> bool:
    """Whether a link is on its way: nobody's letter box is filled by asking again and again."""
    return _asked(Action.REQUEST_PASSWORD_RESET, AGAIN, user_id=person.pk if person else "", success=True).exists()


def _is_many() -> bool:
    """Whether the address that asks has had its links for this hour: nobody fills many letter boxes either."""
    asked = _asked(Action.REQUEST_PASSWORD_RESET, HOUR, ip_address=current_scope().ip_address)
    return asked.count() >= LINKS_AN_HOUR


def _asked(action: Action, within: dt.timedelta, **by: object) -> "QuerySet[AuditLog]":
    """Entries of ``action`` not longer ago than ``within``."""
    return AuditLog.objects.filter(action=action, timestamp__gt=now() - within, **by)


@repeatable
def _record_request(person: User | None, why_not: str | None) -> None:
    record(
        Action.REQUEST_PASSWORD_RESET, resource_type="user", resource_id=person.pk if person else None,
        tenant_id=person.tenant_id if person else None, actor_id=person.pk if person else None,
        error=why_not,
    )  # fmt: skip


def _record(action: Action, person: User, details: dict[str, object]) -> None:
    record(
        action, resource_type="user", resource_id=person.pk, tenant_id=person.tenant_id, actor_id=person.pk,
        details=details,
    )  # fmt: skip
