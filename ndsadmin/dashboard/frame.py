"""What every page carries around its own content: sidebar, cell, account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ndsadmin.dashboard.menu import sections_for

REGION_NAMES = {"eu-west": "EU West", "us-east": "US East", "ap-southeast": "AP Southeast"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template. No query: the person is loaded already."""
    person = getattr(request, "user", None)
    role = getattr(person, "security_role", None)
    return {
        "cell": settings.NDS.cell,
        "region": REGION_NAMES.get(settings.NDS.region, settings.NDS.region),
        "menu": sections_for(role),
        "role": role,
    }
