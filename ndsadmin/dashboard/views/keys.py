"""Data keys of tenants, for operators: state, rotation, sealing anew, destroying."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ndsadmin.dashboard.keyring import keyring_page
from ndsadmin.dashboard.telling import told
from security.exceptions import SecurityError
from security.models import KeyDestruction
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.destruction import (
    ALL,
    destroy_keys,
    finish_destruction,
    propose_destruction,
    withdraw_destruction,
)
from security.services.keys import create_key, rotate_key
from security.services.reencryption import Resealing, remaining, reseal
from tenants.models import Tenant, User
from tenants.services.proving import prove

STEP = 1_000  # rows that are sealed anew by one request: well under a second


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """For operators, over all tenants."""
    scope = current_scope()
    if not may(scope.role, Verb.CHANGE, "tenant_keys"):
        raise PermissionDenied
    if scope.reach is not Reach.PLATFORM:
        messages.info(request, "Keys are looked after over all tenants: leave this one first.")
        return HttpResponseRedirect(reverse("home"))
    after = request.GET.get("after", "")
    if request.method != "POST":
        return render(request, "operations/keys.html", {"title": "Keys", "page": keyring_page(after)})
    tenant = get_object_or_404(Tenant, pk=request.POST.get("tenant", ""))
    if request.POST.get("do") == "reencrypt" and request.headers.get("Accept") == "application/json":
        return _progress(tenant)
    told(request, lambda: _do(request, tenant))
    return HttpResponseRedirect(f"{reverse('keys')}{'?' + urlencode({'after': after}) if after else ''}")


def _do(request: HttpRequest, tenant: Tenant) -> str:
    """Do what a form asks for; what was done, in words."""
    given, person = request.POST, request.user
    assert isinstance(person, User)
    match given.get("do"):
        case "create":
            return f"{tenant.name}: version {create_key(tenant.pk, tenant.kms_key_id).version} was made."
        case "rotate":
            version = rotate_key(tenant.pk, reason=given.get("reason", "")).version
            return f"{tenant.name}: version {version} seals from now on."
        case "reencrypt":
            return f"{tenant.name}: {_told(reseal(tenant.pk, limit=STEP), remaining([tenant.pk])[tenant.pk])}"
        case "propose":
            prove(person, given.get("password", ""))
            propose_destruction(tenant.pk, _version(given.get("version", "")), given.get("reason", ""))
            return f"{tenant.name}: proposed. Another operator destroys it."
        case "withdraw" | "destroy" | "finish" as what:
            proposed = get_object_or_404(KeyDestruction, pk=given.get("destruction", ""), tenant_id=tenant.pk)
            return f"{tenant.name}: {_settle(person, what, proposed, given.get('password', ''))}"
        case other:
            raise BadRequest(f"do: expected something that a button of the page says, got {other!r}.")


def _version(given: str) -> int:
    if given != "all" and not (given.isdecimal() and len(given) < 9):
        raise BadRequest(f"version: expected a number, or all; got {given!r}.")
    if given == "0":
        raise BadRequest("version: expected 1 or more, or all.")
    return ALL if given == "all" else int(given)


def _settle(person: User, what: str, proposed: KeyDestruction, password: str) -> str:
    if what == "withdraw":
        withdraw_destruction(proposed.pk)
        return "the proposal was called off."
    prove(person, password)
    done = finish_destruction(proposed.pk) if what == "finish" else destroy_keys(proposed.pk)
    return f"destroyed. Gone for good on {done.gone_at:%-d %B %Y}."


def _progress(tenant: Tenant) -> JsonResponse:
    """The next rows; the page asks again until none is left."""
    try:
        done = reseal(tenant.pk, limit=STEP)
    except SecurityError as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    left = remaining([tenant.pk])[tenant.pk]
    is_done = not left or done.is_done
    return JsonResponse({"left": left, "done": is_done, "told": _told(done, left)})


def _told(done: Resealing, left: int) -> str:
    unread = f"; {len(done.unreadable):,} cannot be read and were left as they are" if done.unreadable else ""
    return f"{done.rows:,} rows were sealed anew, {left:,} are left{unread}."
