"""A tenant's settings, plan and use, for its owners and admins."""

import zoneinfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ndsadmin.dashboard.use import use_of
from security.exceptions import SecurityError
from security.roles import Verb, may
from security.scope import Reach, current_scope
from tenants.models import Tenant
from tenants.services.tenants import MOST_COST, SETTINGS, change_settings


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    scope = current_scope()
    if not may(scope.role, Verb.VIEW, "settings"):
        raise PermissionDenied
    if scope.reach is not Reach.TENANT:
        messages.info(request, "Settings are one tenant's: enter it first.")
        return HttpResponseRedirect(reverse("switch"))
    tenant = get_object_or_404(Tenant, pk=scope.tenant_id)
    if request.method == "POST":
        given = request.POST
        rules = {name: str(given.get(name, "")) for name in given if name != "name"}
        try:
            changed = change_settings(tenant, name=given.get("name", ""), rules=rules, reason=given.get("reason", ""))
            messages.success(request, "Saved." if changed else "Nothing was changed.")
        except SecurityError as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("settings"))
    rules = {**SETTINGS, **(tenant.settings if isinstance(tenant.settings, dict) else {})}
    context = {
        "title": "Settings",
        "tenant": tenant,
        "rules": rules,
        "zones": sorted(zoneinfo.available_timezones()),
        "zone": rules.get("timezone") or "UTC",
        "most": MOST_COST,
        "use": use_of(tenant),
        "may_change": may(scope.role, Verb.CHANGE, "settings"),
        "may_bill": may(scope.role, Verb.VIEW, "billing"),
    }
    return render(request, "tenants/settings.html", context)
