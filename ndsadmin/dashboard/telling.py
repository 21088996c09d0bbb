"""Saying on the next page what was done, or why it was not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from security.exceptions import SecurityError


def told(request: HttpRequest, work: Callable[[], str]) -> bool:
    """Do ``work`` and say what it gives; whether it was done."""
    try:
        messages.success(request, work())
    except SecurityError as refusal:
        messages.error(request, str(refusal))
        return False
    return True
