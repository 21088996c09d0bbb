"""Sharing one row with one person, and taking that back. The panel stands on the row's own page."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from ndsadmin.dashboard.sharing import address_of, shareable
from security.exceptions import SecurityError
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.triggers import GRANTABLE
from tenants.exceptions import GrantRefused
from tenants.models import Grant, User
from tenants.services.grants import grant_access, revoke_access


@require_POST
def share(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Grant or revoke; back to the row."""
    if kind not in GRANTABLE:
        raise Http404("Nothing of this kind is shared.")
    model, scope = shareable(kind), current_scope()
    if not may(scope.role, Verb.SHARE, model._meta.db_table) or scope.reach is not Reach.TENANT:
        raise PermissionDenied
    row = get_object_or_404(model, pk=key)
    given = request.POST
    try:
        if given.get("do") == "revoke":
            grant = get_object_or_404(Grant.objects.select_related("permission"), pk=given.get("grant", ""))
            revoke_access(grant, row, reason=given.get("reason", ""))
            messages.success(request, "It is shared no more.")
        else:
            person = User.objects.select_related("tenant").filter(pk=given.get("person", "")).first()
            if person is None:
                raise GrantRefused("person: expected somebody of this tenant.")
            until = _end_of(given.get("until", ""))
            grant_access(person, given.get("what", ""), row, reason=given.get("reason", ""), until=until)
            messages.success(request, f"Shared with {person.full_name or person.email}.")
    except SecurityError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(address_of(kind, key))


def _end_of(day: str) -> dt.datetime | None:
    """The end of ``day`` in the reader's zone; None for no day."""
    if not day.strip():
        return None
    try:
        parsed = parse_date(day)
        behind = dt.datetime.combine(parsed, dt.time(23, 59, 59)) if parsed else None
        found = timezone.make_aware(behind).astimezone(dt.UTC) if behind else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise GrantRefused(f"until: expected a day such as 2026-12-24, got {day!r}.")
    return found
