"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ndsadmin.dashboard.overview import overview


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/home.html", {"title": "Dashboard", "overview": overview()})
