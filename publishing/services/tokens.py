"""Tokens of accounts: replaced by hand, revoked, shown to somebody who has a reason and proved who he is."""

import datetime as dt
import re
from typing import Any

from django.db import transaction

from publishing.enums import AccountState
from publishing.exceptions import TokenRefused
from publishing.models import SocialAccount
from security.audit import Action, record
from security.columns import now
from security.contract import column_of
from security.crypto.fields import Encrypted
from security.services.repeating import repeatable
from security.services.rows import kind_of
from tenants.models import User
from tenants.services.proving import prove

TOKENS = {"access": "access_token_encrypted", "refresh": "refresh_token_encrypted"}
TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")
LEAST_REASON, MOST_REASON = 5, 400  # characters


@repeatable
def replace_token(account_id: str, which: str, value: str, expires_at: dt.datetime | None, reason: str) -> None:
    """Put a token that somebody pasted in place of the one that is kept; with an access token the account is active.

    Raises:
        TokenRefused: it is no token, or there is no reason; names the field.
        NoDataKey: the tenant has no data key.
    """
    column, reason = _column(which), _reason(reason)
    token = value.strip()
    if not TOKEN.fullmatch(token):
        raise TokenRefused(
            "token: expected 8 to 4,096 characters without blanks, as the platform shows it; "
            f"got {len(token):,} characters."
        )
    if expires_at is not None and expires_at <= now():
        raise TokenRefused("expires: expected a time to come.")
    account, moment = _account(account_id), now()
    found: dict[str, Any] = {column.name: column.sealed(account, token.encode()), "updated_at": moment}
    if which == "access":
        found |= {"expires_at": expires_at, "last_refresh_at": moment, "error_count": 0, "last_error": None}
        found |= {"status": AccountState.ACTIVE}
    else:
        found |= {"refresh_token_expires_at": expires_at}
    SocialAccount.objects.filter(pk=account.pk).update(**found)
    _record(Action.REPLACE_TOKEN, account, {"token": which, "reason": reason})


@repeatable
def revoke_tokens(account_id: str, reason: str) -> None:
    """Wipe both tokens: a revoked token is a blob of no bytes (domain.md).

    Raises:
        TokenRefused: they are wiped already, or there is no reason.
    """
    reason, account = _reason(reason), _account(account_id)
    kept = [name for name in TOKENS if _column(name).stored(account)]
    if not kept and account.status == AccountState.REVOKED:
        raise TokenRefused("The tokens are revoked already.")
    wiped = {TOKENS[name]: _column(name).storable(b"") for name in kept}
    SocialAccount.objects.filter(pk=account.pk).update(**wiped, status=AccountState.REVOKED, updated_at=now())
    _record(Action.REVOKE_TOKEN, account, {"tokens": kept, "reason": reason})


def reveal_token(account_id: str, which: str, person: User, password: str, reason: str) -> str:
    """The value of a token. The entry in the audit log is written first, and stays whatever comes of it.

    Raises:
        ProofRefused: the password is wrong.
        TokenRefused: there is no reason, or no token.
        Unreadable: the token does not open.
    """
    column, reason = _column(which), _reason(reason)
    account = _account(account_id)
    if not column.stored(account):
        raise TokenRefused("There is no token.")
    prove(person, password)
    with transaction.atomic():
        _record(Action.REVEAL_TOKEN, account, {"token": which, "reason": reason})
    value: bytes = getattr(account, str(column.attname))
    return value.decode(errors="replace")


def _column(which: str) -> Encrypted:
    if which not in TOKENS:
        raise TokenRefused(f"token: expected one of {', '.join(TOKENS)}, got {which!r}.")
    column = column_of(SocialAccount, TOKENS[which])
    assert isinstance(column, Encrypted)
    return column


def _reason(text: str) -> str:
    if not LEAST_REASON <= len(text.strip()) <= MOST_REASON:
        raise TokenRefused(f"reason: expected {LEAST_REASON} to {MOST_REASON} characters that say why.")
    return text.strip()


def _account(account_id: str) -> SocialAccount:
    account = SocialAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise TokenRefused("There is no such account.")
    return account


def _record(action: Action, account: SocialAccount, details: dict[str, Any]) -> None:
    kind = kind_of(SocialAccount)
    record(action, resource_type=kind, resource_id=account.pk, tenant_id=account.tenant_id, details=details)
