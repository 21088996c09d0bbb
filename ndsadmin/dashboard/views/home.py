"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ndsadmin.dashboard.overview import overview


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/home.html", {"title": "Dashboard", "overview": overview()})
