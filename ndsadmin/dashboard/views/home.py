"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ndsadmin.dashboard.figures import RANGES
from ndsadmin.dashboard.overview import USUAL, overview


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(days) for days in RANGES} else USUAL
    return render(request, "dashboard/home.html", {"title": "Dashboard", "overview": overview(days), "ranges": RANGES})
