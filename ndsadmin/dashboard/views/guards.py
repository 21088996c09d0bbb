"""Guards: how often content passes them, what they mend, and where they said no."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content.models import GuardResult
from ndsadmin.dashboard.figures import RANGES
from ndsadmin.dashboard.guards import guards_page
from security.columns import now
from security.roles import Verb, may
from security.scope import current_scope


@never_cache
@require_safe
def guards(request: HttpRequest) -> HttpResponse:
    if not may(current_scope().role, Verb.VIEW, GuardResult._meta.db_table):
        raise PermissionDenied
    days = request.GET.get("days", "")
    page = guards_page(int(days) if days in map(str, RANGES) else 0, request.GET.get("guard", ""), now().date())
    return render(request, "skills/guards.html", {"title": "Guards", "page": page, "ranges": RANGES})
