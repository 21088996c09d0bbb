"""The tenant switcher: people of the platform work in one tenant for a while."""

from contextlib import AbstractContextManager, nullcontext

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from security.middleware import PINNED
from security.roles import Verb, may
from security.scope import Reach, current_scope, platform_scope
from tenants.exceptions import NotEntered
from tenants.middleware import LOOKING
from tenants.models import User
from tenants.queries.choosing import tenants_called
from tenants.services.entering import enter_tenant, leave_tenant
from tenants.services.looking import stop_looking

WORDS = 120


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Find a tenant by name, say why, enter it."""
    person = _of_platform(request)
    words, reason = request.GET.get("q", "").strip()[:WORDS], request.POST.get("reason", "")
    problem = ""
    if request.method == "POST":
        try:
            pinned = enter_tenant(person, request.POST.get("tenant", ""), reason, leaving=request.session.get(PINNED))
        except NotEntered as error:
            problem = str(error)
        else:
            request.session[PINNED] = pinned
            return HttpResponseRedirect(resolve_url("home"))
    with _over_all(person):
        tenants = tenants_called(words)
    context = {"title": "Enter a tenant", "tenants": tenants, "words": words, "reason": reason, "problem": problem}
    return render(request, "account/switch.html", context, status=400 if problem else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to all tenants."""
    if name := _leave(request, _of_platform(request)):
        messages.success(request, f"You left {name}.")
    return HttpResponseRedirect(resolve_url("home"))


def _leave(request: HttpRequest, person: User) -> str:
    pinned = request.session.pop(PINNED, None)
    if pinned:
        leave_tenant(person, pinned)
    return pinned["name"] if pinned else ""


def _over_all(person: User) -> AbstractContextManager[object]:
    """Where all tenants are: the request reaches them already, unless it is pinned."""
    is_pinned = current_scope().reach is Reach.TENANT
    return platform_scope(reason="Choose a tenant to enter", actor=person) if is_pinned else nullcontext()


def _of_platform(request: HttpRequest) -> User:
    if not may(current_scope().role, Verb.ENTER, "tenants"):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """An operator looks as somebody no more."""
    operator = getattr(request, "operator", None)
    if operator is None:
        raise PermissionDenied
    looking = request.session.pop(LOOKING)
    stop_looking(operator, looking)
    messages.success(request, f"You look as {looking['name']} no more.")
    return HttpResponseRedirect(resolve_url("home"))
