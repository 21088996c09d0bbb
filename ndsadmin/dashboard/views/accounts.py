"""Accounts and their tokens: how they are, replaced, revoked, and (for a reason) shown."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from publishing.exceptions import TokenRefused
from publishing.models import SocialAccount
from publishing.queries.tokens import PAGE, TokenState, token_states
from publishing.services.tokens import TOKENS, replace_token, reveal_token, revoke_tokens
from security.contract import column_of
from security.crypto.envelope import version_of
from security.crypto.fields import Encrypted, Stored
from security.exceptions import SecurityError, Unreadable
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.access import record_read
from tenants.models import User

TABLE = SocialAccount._meta.db_table
SHOWN = 30  # seconds that a token stays on the page


@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts in reach, by key. Nothing is opened for it."""
    scope = current_scope()
    if not may(scope.role, Verb.VIEW, TABLE):
        raise PermissionDenied
    states = token_states(request.GET.get("after", ""))
    context = {
        "title": "Accounts",
        "states": states[:PAGE],
        "next": states[PAGE - 1].row.pk if len(states) > PAGE else "",
        "has_tenants": scope.reach is Reach.PLATFORM,
    }
    return render(request, "publishing/accounts.html", context)


@sensitive_post_parameters("password", "value")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, key: str) -> HttpResponse:
    """One account: the state of its tokens, and what may be done with them."""
    role = current_scope().role
    if not may(role, Verb.VIEW, TABLE):
        raise PermissionDenied
    found = token_states(account_id=key)
    if not found:
        raise Http404("There is no such account.")
    shown = ("", "")
    if request.method == "POST":
        try:
            shown = _do(request, found[0])
        except SecurityError as refusal:
            messages.error(request, str(refusal))
        if not shown[1]:
            return HttpResponseRedirect(request.path)
    else:
        record_read(found[0].row)
    response = render(request, "publishing/account.html", _context(found[0], shown))
    if shown[1]:
        response["Refresh"] = f"{SHOWN}; url={request.path}"  # also where no script runs
    return response


def _context(state: TokenState, shown: tuple[str, str]) -> dict[str, object]:
    role = current_scope().role
    may_change, may_reveal = may(role, Verb.CHANGE, TABLE), may(role, Verb.REVEAL, TABLE)
    return {
        "title": str(state.row),
        "state": state,
        "account": state.row,
        "tokens": _tokens(state) if may_change or may_reveal else [],
        "may_change": may_change,
        "may_reveal": may_reveal,
        "shown": shown,
        "seconds": SHOWN,
        "data_address": reverse("admin:publishing_socialaccount_detail", args=[state.row.pk]),
    }


def _tokens(state: TokenState) -> list[dict[str, object]]:
    row = SocialAccount.objects.only("tenant_id", *TOKENS.values()).get(pk=state.row.pk)
    return [_token(row, which) for which in TOKENS]


def _token(row: SocialAccount, which: str) -> dict[str, object]:
    """What is said of a token: under which version it is sealed, and whether it opens. It is not shown."""
    column = column_of(SocialAccount, TOKENS[which])
    assert isinstance(column, Encrypted)
    stored = column.stored(row)
    said: dict[str, object] = {"which": which, "label": str(column.verbose_name).capitalize(), "there": bool(stored)}
    if not isinstance(stored, Stored) or not stored:
        return said
    try:
        column.opened(row, stored)
    except Unreadable as error:
        said["problem"] = str(error)
    return said | {"version": version_of(stored.envelope) or 1, "is_old": not version_of(stored.envelope)}


def _do(request: HttpRequest, state: TokenState) -> tuple[str, str]:
    """Do what a form asks for; the token to be shown, and its value, where one is."""
    given, role, person = request.POST, current_scope().role, request.user
    assert isinstance(person, User)
    do, which, reason = given.get("do", ""), given.get("token", ""), given.get("reason", "")
    if not may(role, Verb.REVEAL if do == "reveal" else Verb.CHANGE, TABLE):
        raise PermissionDenied
    if do == "reveal":
        return which, reveal_token(state.row.pk, which, person, given.get("password", ""), reason)
    if do == "revoke":
        revoke_tokens(state.row.pk, reason)
        messages.success(request, "Both tokens were wiped.")
    elif do != "replace":
        raise BadRequest(f"do: expected reveal, replace or revoke, got {do!r}.")
    else:
        replace_token(state.row.pk, which, given.get("value", ""), _moment(given.get("expires", "")), reason)
        messages.success(request, f"The {which} token was replaced.")
    return "", ""


def _moment(text: str) -> dt.datetime | None:
    """A time in the reader's zone, as a browser sends it."""
    if not text.strip():
        return None
    try:
        found = parse_datetime(text)
        found = found if found is None or timezone.is_aware(found) else timezone.make_aware(found)
        found = found.astimezone(dt.UTC) if found is not None else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise TokenRefused(f"expires: expected a time such as 2026-11-22T10:00, got {text!r}.")
    return found
