"""The door."""

import time

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from security.middleware import PINNED, USER_AGENT_LENGTH, client_address
from security.scope import framework_scope
from security.sessions import FROM, TENANT_KEY
from tenants.forms import LoginForm
from tenants.middleware import LOOKING
from tenants.models import User
from tenants.services.entering import leave_tenant
from tenants.services.looking import stop_looking
from tenants.services.sign_in import Attempt, Outcome, choose_workspace, sign_in, sign_out
from tenants.throttling import count_attempt, count_failure, is_throttled

REFUSED = "That e-mail and password do not go together."
PROVED = "proved"  # what the session calls the people among whom somebody chooses
PATIENCE = 300  # seconds that he may take


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    if request.method == "POST" and "person" in request.POST:
        return _chosen(request)
    request.session.pop(PROVED, None)  # who signs in as somebody else leaves no proof behind
    form = LoginForm(request.POST or None)
    workspace = request.POST.get("workspace") or request.GET.get("workspace") or ""
    then = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "next": then, "workspace": workspace}
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/login.html", context)
    if is_throttled(request, form.cleaned_data["email"]):
        return render(request, "account/throttled.html", {"title": "Too many"}, status=429)
    count_attempt(request, form.cleaned_data["email"])
    attempt = sign_in(form.cleaned_data["email"], form.cleaned_data["password"], workspace)
    if attempt.outcome is Outcome.WHICH:
        return _ask(request, attempt, then)
    if attempt.person is None:
        count_failure(request)
        form.add_error(None, REFUSED)
        return render(request, "account/login.html", context, status=403)
    return welcome(request, attempt.person)


def _ask(request: HttpRequest, attempt: Attempt, then: str) -> HttpResponse:
    """In which workspace? The session remembers what was proved, for a while."""
    proofs = {who.pk: who.get_session_auth_hash() for who in attempt.people}
    request.session.flush()  # whoever planted this session's key must not find the proofs in it
    mark = get_random_string(32)
    request.session[PROVED] = {"people": proofs, "until": time.time() + PATIENCE, "mark": mark}
    context = {"people": attempt.people, "next": then, "mark": mark}
    return render(request, "account/workspaces.html", context)


def _chosen(request: HttpRequest) -> HttpResponse:
    proved = request.session.pop(PROVED, None)
    if proved is None or proved["until"] < time.time() or proved["mark"] != request.POST.get("mark"):
        return HttpResponseRedirect(resolve_url("login"))
    attempt = choose_workspace(proved["people"], request.POST["person"])
    if attempt.person is None:
        context = {"form": LoginForm(), "refused": REFUSED, "next": "", "workspace": ""}
        return render(request, "account/login.html", context, status=403)
    return welcome(request, attempt.person)


def welcome(request: HttpRequest, person: User) -> HttpResponse:
    """Let ``person`` in."""
    with framework_scope("throttle"):  # wrong passwords from here count no more
        login(request, person)
    request.session[TENANT_KEY] = person.tenant_id
    request.session[FROM] = [client_address(request), request.headers.get("User-Agent", "")[:USER_AGENT_LENGTH]]
    return HttpResponseRedirect(_next(request))


@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    person = getattr(request, "operator", request.user)
    assert isinstance(person, User)  # LoginRequiredMiddleware
    if looking := request.session.pop(LOOKING, None):
        stop_looking(person, looking)
    if pinned := request.session.pop(PINNED, None):
        leave_tenant(person, pinned)
    sign_out(person)
    with framework_scope("throttle"):
        logout(request)
    return HttpResponseRedirect(resolve_url("login"))


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, as long as that is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url("home")
