"""Tenants, for people of the platform: found, made, suspended, given another plan, entered."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from content.services.founding import TEMPLATES, found_tenant
from ndsadmin.dashboard.houses import house_page, houses_page
from ndsadmin.dashboard.links import link_to
from security.exceptions import SecurityError
from security.middleware import PINNED
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import Reach, current_scope
from security.services.access import record_read
from tenants.enums import Region, Tier
from tenants.models import Tenant, User
from tenants.services.entering import enter_tenant
from tenants.services.tenants import set_plan, set_standing

WORDS = 120


@never_cache
@require_safe
def tenants(request: HttpRequest) -> HttpResponse:
    """All tenants of the cell, by name."""
    if (elsewhere := _elsewhere(request)) is not None:
        return elsewhere
    words, after = request.GET.get("q", "").strip()[:WORDS], request.GET.get("after", "")
    context = {
        "title": "Tenants",
        "page": houses_page(words, after),
        "words": words,
        "may_add": may(current_scope().role, Verb.ADD, "tenants"),
    }
    return render(request, "tenants/tenants.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a tenant: all of it, or nothing."""
    if (elsewhere := _elsewhere(request)) is not None:
        return elsewhere
    if not may(current_scope().role, Verb.ADD, "tenants"):
        raise PermissionDenied
    given, problem = request.POST, ""
    if request.method == "POST":
        assert isinstance(request.user, User)
        try:
            tenant, sent = found_tenant(
                request.user, given.get("name", ""), region=settings.NDS.region, tier=given.get("tier", ""),
                owner_email=given.get("email", ""), reason=given.get("reason", ""), link=link_to(request, "join"),
            )  # fmt: skip
        except SecurityError as refusal:
            problem = str(refusal)
        else:
            waits = "is invited" if sent else "is invited, but the mail server did not take the mail: send it again"
            messages.success(request, f"{tenant.name} was made, and {given.get('email', '').strip()} {waits}.")
            return HttpResponseRedirect(reverse("tenant", args=[tenant.pk]))
    context = {
        "title": "New tenant", "given": given, "problem": problem, "tiers": Tier.choices, "templates": TEMPLATES,
        "here": Region(settings.NDS.region).label,
    }  # fmt: skip
    return render(request, "tenants/new.html", context, status=400 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tenant(request: HttpRequest, key: str) -> HttpResponse:
    """One tenant: its people, use, health, keys and newest activity."""
    if (elsewhere := _elsewhere(request)) is not None:
        return elsewhere
    found = get_object_or_404(Tenant.objects.exclude(pk=PLATFORM_TENANT), pk=key)
    if request.method == "POST":
        try:
            return _do(request, found)
        except SecurityError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
    record_read(found)
    context = {
        "title": found.name, "page": house_page(found), "tiers": Tier.choices,
        "may_change": may(current_scope().role, Verb.CHANGE, "tenants"),
    }  # fmt: skip
    return render(request, "tenants/tenant.html", context)


def _do(request: HttpRequest, found: Tenant) -> HttpResponse:
    given, reason = request.POST, request.POST.get("reason", "")
    assert isinstance(request.user, User)
    if given.get("do") != "enter" and not may(current_scope().role, Verb.CHANGE, "tenants"):
        raise PermissionDenied
    match given.get("do"):
        case "enter":
            request.session[PINNED] = enter_tenant(request.user, found.pk, reason)
            return HttpResponseRedirect(reverse("home"))
        case "suspend" | "reactivate" as what:
            set_standing(found, "suspended" if what == "suspend" else "active", reason=reason)
            messages.success(request, f"{found.name} is {found.status} now.")
        case "plan":
            set_plan(found, tier=given.get("tier", ""), max_posts=given.get("max_posts", ""), reason=reason)
            messages.success(request, f"The plan of {found.name} was saved.")
        case other:
            raise BadRequest(f"do: expected something that a button of the page says, got {other!r}.")
    return HttpResponseRedirect(request.path)


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where somebody is led who is in a tenant. Raises `PermissionDenied` for people of tenants."""
    scope = current_scope()
    if not may(scope.role, Verb.ENTER, "tenants"):
        raise PermissionDenied
    if scope.reach is Reach.PLATFORM:
        return None
    messages.info(request, "Tenants are looked after over all of them: leave this one first.")
    return HttpResponseRedirect(reverse("home"))
