"""Saying on the next page what was done, or why it was not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from security.exceptions import SecurityError
from security.middleware import shown_path
from security.services.access import record_denial
from tenants.exceptions import OutOfReach


def told(request: HttpRequest, work: Callable[[], str]) -> bool:
    """Do ``work`` and say what it gives; whether it was done. What was out of reach is recorded as refused."""
    try:
        messages.success(request, work())
    except SecurityError as refusal:
        if isinstance(refusal, OutOfReach):
            record_denial(str(request.method), shown_path(request))
        messages.error(request, str(refusal))
        return False
    return True
