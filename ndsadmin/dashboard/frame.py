"""What every page carries around its own content: sidebar, cell, account."""

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

from ndsadmin.dashboard.menu import is_pinned, menu_for
from ndsadmin.middleware import THEME
from security.middleware import PINNED
from security.roles import Role, is_platform
from tenants.enums import Region
from tenants.middleware import LOOKING
from tenants.queries.preferences import preferences_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template. No query: the person is loaded already."""
    person = getattr(request, "user", None)
    role = getattr(person, "security_role", None)
    return {
        "cell": settings.NDS.cell,
        "region": Region(settings.NDS.region).label,
        "menu": sidebar(role, request.path),
        "role": role,
        "is_platform": is_platform(role),
        "pinned": pinned_tenant(request) if is_platform(role) else None,
        "looking": request.session.get(LOOKING) if hasattr(request, "operator") else None,
        "looking_until": _until(request),
        "operator": getattr(request, "operator", None),
        "theme": preferences_of(person).get(THEME, ""),
    }


def _until(request: HttpRequest) -> dt.datetime | None:
    """Until when an operator looks as somebody."""
    looking = request.session.get(LOOKING) if hasattr(request, "operator") else None
    return dt.datetime.fromtimestamp(looking["until"], dt.UTC) if looking else None


def pinned_tenant(request: HttpRequest) -> dict[str, str] | None:
    """The tenant that a person of the platform works in just now. The session is loaded already."""
    pinned: dict[str, str] | None = request.session.get(PINNED)
    return pinned


def sidebar(role: Role | None, path: str) -> SafeString:
    """The menu of ``role``, open at ``path``. Drawn once for each page that it leads to: it is a third of a list's
    template, and the same for everybody of a role."""
    menu, home = menu_for(role), reverse("home")
    led_to = [
        *(page.address for page in menu.pages),
        *(address for section in menu.tables for address in section.addresses),
    ]
    within = [address for address in led_to if path.startswith(address) and address != home]
    current = max(within, key=len, default=path if path in (home, reverse("admin:index")) else "")
    draw = _sidebar.__wrapped__ if settings.DEBUG else _sidebar  # while templates are being written
    return draw(role, is_pinned(), current, get_script_prefix())


@cache
def _sidebar(role: Role | None, pinned: bool, current: str, prefix: str) -> SafeString:
    return render_to_string("components/sidebar.html", {"menu": menu_for(role), "current": current})
