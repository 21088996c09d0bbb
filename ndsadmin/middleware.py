"""What surrounds every page: the reader's time zone, and errors of services as pages."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from security.exceptions import RowChanged, SecurityError
from tenants.queries.preferences import preferences_of

ZONE_COOKIE = "nds_zone"  # written by static/js/page.js: only the browser knows where its reader is
ZONE = "zone"
"""What a person's preferences call his time zone."""
THEME = "theme"
THEMES = ("system", "light", "dark")

GetResponse = Callable[[HttpRequest], HttpResponse]


class CharsetMiddleware:
    """Forms come in UTF-8. Python knows charsets that decode into what no database can hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            return HttpResponse(render_to_string("errors/400.html"), status=400)
        return self.get_response(request)


class ZoneMiddleware:
    """Show times in the zone that the reader has chosen, or in that of his browser; UTC until it has said which."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = preferences_of(request.user).get(ZONE) or request.COOKIES.get(ZONE_COOKIE)
        with timezone.override(zone_named(chosen)):
            return self.get_response(request)


def zone_named(name: str | None) -> zoneinfo.ZoneInfo | None:
    """The zone called ``name``; None (UTC) for anything else that a cookie may hold."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


class ErrorMiddleware:
    """Services raise; here their errors become pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, SecurityError):
            return None
        status = 409 if isinstance(error, RowChanged) else 403
        return render(request, "errors/refused.html", {"message": str(error)}, status=status)
