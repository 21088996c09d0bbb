"""The people of a tenant (of the platform, where nobody has entered one): invited, given roles, let in and out."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ndsadmin.dashboard.links import link_to
from ndsadmin.dashboard.persons import person_page, roles_offered
from ndsadmin.dashboard.telling import told
from ndsadmin.tables.labels import mask
from security.exceptions import SecurityError
from security.roles import PLATFORM_TENANT, Verb, masked_columns, may
from security.scope import current_scope
from security.services.access import record_read
from tenants.exceptions import NotManaged
from tenants.middleware import LOOKING
from tenants.models import Invitation, Tenant, User
from tenants.queries.people import PAGE, is_waiting, may_manage, people_of_tenant
from tenants.services import people as service
from tenants.services.invitations import invite, withdraw
from tenants.services.looking import look_as
from tenants.services.proving import prove

TABLE = User._meta.db_table
BULK: dict[str, tuple[Callable[..., int], str]] = {
    "suspend": (service.suspend, "suspended"),
    "reactivate": (service.reactivate, "reactivated"),
    "remove": (service.remove, "removed"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the tenant in force, and whom is waited for."""
    who, tenant = _who(request), _tenant()
    if request.method == "POST":
        _check(may_manage(who, tenant.pk))
        told(request, lambda: _do(request, who, tenant))
        return HttpResponseRedirect(_back(request))
    is_removed = "removed" in request.GET
    by = "pk" if "email" in masked_columns(current_scope().role, TABLE) else "email"
    found = people_of_tenant(tenant.pk, request.GET.get("after", ""), removed=is_removed, by=by)
    context = {
        "title": "People",
        "tenant": tenant,
        "lines": [
            {"person": one.person, "sessions": one.sessions, "address": _address(one.person.email)}
            for one in found.lines
        ],
        "waiting": [(one, _address(one.email), is_waiting(one)) for one in found.invitations],
        "next": urlencode({"after": found.after, **({"removed": ""} if is_removed else {})}) if found.after else "",
        "removed": is_removed,
        "may_manage": may_manage(who, tenant.pk),
        "roles": roles_offered(who, tenant.pk),
        "needs_reason": who.tenant_id == PLATFORM_TENANT != tenant.pk,
    }
    return render(request, "people/people.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, key: str) -> HttpResponse:
    """One person: what he may, and what may be done."""
    who, tenant = _who(request), _tenant()
    found = get_object_or_404(User.objects.select_related("tenant"), pk=key, tenant=tenant)
    if request.method == "POST":
        if request.POST.get("do") == "look":
            return _look(request, who, found)
        _check(may_manage(who, tenant.pk))
        told(request, lambda: _do_one(request, who, found))
        return HttpResponseRedirect(request.path)
    record_read(found)
    page = person_page(found, who, address=_address(found.email))
    return render(request, "people/person.html", {"title": page.name, "page": page, "tenant": tenant})


def _do(request: HttpRequest, who: User, tenant: Tenant) -> str:
    """Do what a form of the list asks for; what was done, in words."""
    given, reason = request.POST, request.POST.get("reason", "")
    match given.get("do"):
        case "invite":
            return _invite(request, who, tenant, given.get("email", ""), given.get("role", ""), reason)
        case "resend":
            waiting = get_object_or_404(Invitation, pk=given.get("invitation", ""), tenant=tenant)
            return _invite(request, who, tenant, waiting.email, waiting.role, reason)
        case "withdraw":
            withdraw(who, get_object_or_404(Invitation, pk=given.get("invitation", ""), tenant=tenant), reason=reason)
            return "The invitation is void."
    return _do_many(request, who, _chosen(given.getlist("person"), tenant))


def _do_many(request: HttpRequest, who: User, chosen: Sequence[User]) -> str:
    given, reason = request.POST, request.POST.get("reason", "")
    do = given.get("do", "")
    if not chosen:
        raise NotManaged(f"Select 1 to {PAGE} people first.")
    if do in BULK:
        work, done = BULK[do]
        return _counted(work(who, chosen, reason=reason), done)
    if do == "role":
        return _counted(service.change_role(who, chosen, given.get("role", ""), reason=reason), "given another role")
    if do == "end_sessions":
        number = service.end_sessions(who, chosen, reason=reason)
        return f"{number} session{'s' * (number != 1)} ended."
    raise BadRequest(f"do: expected something that a button of the page says, got {do!r}.")


def _do_one(request: HttpRequest, who: User, found: User) -> str:
    if request.POST.get("do") != "transfer":
        return _do_many(request, who, [found])
    prove(who, request.POST.get("password", ""))
    service.transfer_ownership(who, found, reason=request.POST.get("reason", ""))
    return f"{found.full_name or found.email} is the owner now; you are an admin."


def _look(request: HttpRequest, who: User, found: User) -> HttpResponse:
    _check(may(current_scope().role, Verb.IMPERSONATE, TABLE))
    given = request.POST
    try:
        looking = look_as(who, found.pk, reason=given.get("reason", ""), password=given.get("password", ""))
    except SecurityError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    request.session[LOOKING] = looking
    return HttpResponseRedirect(reverse("home"))


def _invite(request: HttpRequest, who: User, tenant: Tenant, email: str, role: str, reason: str) -> str:
    sent = invite(who, tenant, email, role, link=link_to(request, "join"), reason=reason)
    if not sent:
        raise NotManaged(f"{email} is invited, but the mail server did not take the mail: send it again.")
    return f"{email} is invited."


def _chosen(keys: list[str], tenant: Tenant) -> list[User]:
    """The people with ``keys``. Raises `Http404` where one is not of the tenant."""
    wanted = set(keys[: PAGE + 1])
    found = list(User.objects.select_related("tenant").filter(pk__in=wanted, tenant=tenant)) if wanted else []
    if len(found) != len(wanted) or len(wanted) > PAGE:
        raise Http404("There is no such person here.")
    return found


def _who(request: HttpRequest) -> User:
    _check(may(current_scope().role, Verb.VIEW, "people"))
    assert isinstance(request.user, User)
    return request.user


def _tenant() -> Tenant:
    return get_object_or_404(Tenant, pk=current_scope().tenant_id or PLATFORM_TENANT)


def _address(email: str) -> str:
    return mask(email) if "email" in masked_columns(current_scope().role, TABLE) else email


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.GET else reverse("people")


def _counted(number: int, done: str) -> str:
    return f"{number} {'person was' if number == 1 else 'people were'} {done}."


def _check(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
