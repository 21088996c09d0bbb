"""Addresses that are mailed."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse


def link_to(request: HttpRequest, name: str) -> Callable[..., str]:
    """From the arguments of the route ``name`` (a token) to its whole address, on the host that was asked."""
    return lambda *given: request.build_absolute_uri(reverse(name, args=given))
