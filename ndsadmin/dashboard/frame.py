"""What every page carries around its own content: sidebar, cell, account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ndsadmin.dashboard.menu import sections_for
from tenants.enums import Region


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template. No query: the person is loaded already."""
    person = getattr(request, "user", None)
    role = getattr(person, "security_role", None)
    return {
        "cell": settings.NDS.cell,
        "region": Region(settings.NDS.region).label,
        "menu": sections_for(role),
        "role": role,
    }
