"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content.models import Skill
from ndsadmin.dashboard.figures import RANGES
from ndsadmin.dashboard.overview import USUAL, overview
from security.actions import Action
from security.roles import Verb, may
from security.scope import current_scope
from security.services.access import record_look


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(days) for days in RANGES} else USUAL
    if may(current_scope().role, Verb.VIEW, Skill._meta.db_table):
        record_look(Action.READ_SKILL_METRICS, "dashboard")  # the best of the last days, of few tenants as well
    return render(request, "dashboard/home.html", {"title": "Dashboard", "overview": overview(days), "ranges": RANGES})
