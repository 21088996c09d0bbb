"""Guessing at the door, as django-axes counts it (`ndsadmin.settings`).

- One account from one address: `MOST`, then a quarter of an hour of none. Counted before the password is compared.
- Anybody from one address: `SPRAYED` that failed, against one password tried on many accounts.

What it keeps of an attempt names nobody: the account as a keyed hash of what was typed (people type passwords there),
the address it came from, the browser; nothing of what the form held. All of it for a quarter of an hour.
"""

from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from security.scope import framework_scope

MOST, SPRAYED = 10, 100
ANYBODY = "anybody\0"  # no address holds a NUL


def account_of(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """What axes calls the account that somebody tries to get into."""
    named = credentials or {}
    typed = str(named.get("email") or "")
    return salted_hmac("tenants.throttling", typed.strip().lower(), algorithm="sha256").hexdigest()


def limit_of(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> int:
    """How many attempts at it there may be."""
    return SPRAYED if (credentials or {}).get("email") == ANYBODY else MOST


@framework_scope("throttle")
def is_throttled(request: HttpRequest, email: str) -> bool:
    """Whether too many wrong passwords came for this account from this address, or from this address altogether. The
    same for an account that there is not."""
    plain = _bare(request)
    return not all(AxesProxyHandler.is_allowed(plain, {"email": name}) for name in (email, ANYBODY))


@framework_scope("throttle")
def count_attempt(request: HttpRequest, email: str) -> None:
    """Ask before it is known whether the password is right: many at once are counted all the same."""
    AxesProxyHandler.user_login_failed("tenants", {"email": email}, _bare(request))


@framework_scope("throttle")
def count_failure(request: HttpRequest) -> None:
    """It was wrong."""
    AxesProxyHandler.user_login_failed("tenants", {"email": ANYBODY}, _bare(request))


def _bare(request: HttpRequest) -> HttpRequest:
    """``request`` without what its form and its address hold: axes keeps those."""
    bare = HttpRequest()
    bare.META, bare.path, bare.method = request.META, request.path, "POST"
    return bare
