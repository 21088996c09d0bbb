"""One's own account: name, looks, password, address, sessions, and what everybody may."""

import zoneinfo

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ndsadmin.dashboard.links import link_to
from ndsadmin.dashboard.roles import roles_page
from ndsadmin.dashboard.sharing import shared_with
from ndsadmin.middleware import THEME, THEMES, ZONE
from security.exceptions import SecurityError
from security.roles import PLATFORM_TENANT
from security.scope import current_scope
from security.services.sessions import end_session, sessions_of
from tenants.exceptions import PasswordUnfit
from tenants.models import User
from tenants.passwords import MAX_BYTES, MIN_CHARACTERS
from tenants.queries.preferences import preferences_of
from tenants.services.accounts import ask_for_email, change_password, confirm_email, record_ended, rename
from tenants.services.preferences import set_preference


@sensitive_post_parameters("current", "password", "again", "proof")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person = _own(request)
    if request.method == "POST":
        try:
            messages.success(request, _do(request, person))
        except SecurityError as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("account"))
    liked = preferences_of(person)
    context = {
        "title": "Your account",
        "person": person,
        "zones": sorted(zoneinfo.available_timezones()),
        "zone": liked.get(ZONE, ""),
        "themes": THEMES,
        "liked_theme": liked.get(THEME, "system"),
        "least": MIN_CHARACTERS,
        "most": MAX_BYTES,
        "shared": shared_with(person) if person.tenant_id != PLATFORM_TENANT else [],
    }
    return render(request, "account/account.html", context)


@never_cache
@require_safe
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a mailed link: confirming is a button on it, for programs open links too."""
    _own(request)
    return render(request, "account/confirm.html", {"title": "Confirm your address", "token": token})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    person = _own(request)
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        if end_session(person.pk, wanted):
            record_ended(person)
            messages.success(request, "The session was ended.")
        return HttpResponseRedirect(reverse("sessions"))
    found = sessions_of(person.pk, request.session.session_key)
    return render(request, "account/sessions.html", {"title": "Your sessions", "sessions": found})


@never_cache
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do what: the matrix, as it is in force."""
    context = {"title": "Roles", "page": roles_page(), "own": current_scope().role}
    return render(request, "account/roles.html", context)


def _do(request: HttpRequest, person: User) -> str:
    given = request.POST
    match given.get("do"):
        case "name":
            rename(person, given.get("full_name", ""))
            return "Your name was saved."
        case "looks":
            return _like(person, given.get("zone", ""), given.get("theme", "system"))
        case "password":
            return _change_password(request, person)
        case "email":
            link = link_to(request, "confirm-email")
            sent = ask_for_email(person, given.get("email", ""), given.get("proof", ""), link)
            return "A link went to both addresses: open both within a day." if sent else "The mail server took no mail."
        case "confirm":
            address = confirm_email(person, given.get("token", ""))
            return f"You are {address} now." if address else "Confirmed. The other address has to confirm it, too."
        case other:
            raise BadRequest(f"do: expected something that a button of the page says, got {other!r}.")


def _like(person: User, zone: str, theme: str) -> str:
    if zone and zone not in zoneinfo.available_timezones():
        raise BadRequest(f"zone: expected a time zone such as Europe/London, got {zone!r}.")
    if theme not in THEMES:
        raise BadRequest(f"theme: expected one of {', '.join(THEMES)}, got {theme!r}.")
    set_preference(person, ZONE, zone or None)
    set_preference(person, THEME, None if theme == "system" else theme)
    return "Saved."


def _change_password(request: HttpRequest, person: User) -> str:
    given = request.POST
    if given.get("password") != given.get("again"):
        raise PasswordUnfit("The two new passwords differ.")
    changed = change_password(
        person, given.get("current", ""), given.get("password", ""), session=request.session.session_key
    )
    update_session_auth_hash(request, changed)  # this session goes on, under a new key
    return "Your password was changed, and your other sessions were ended."


def _own(request: HttpRequest) -> User:
    """Who is signed in, himself: an operator who looks as somebody has that person's account not."""
    if current_scope().looks_as:
        raise PermissionDenied("An account is its person's.")
    assert isinstance(request.user, User)
    return request.user
