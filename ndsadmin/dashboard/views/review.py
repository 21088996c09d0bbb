"""Reviewing the trail: days to sign off, sensitive entries to settle."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ndsadmin.trail.reviewing import review_page
from security.columns.times import parse_day
from security.enums import CaseKind
from security.exceptions import ReviewRefused
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.review import acknowledge, open_case, sign_off


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """For auditors, and operators as far as sensitive entries go; over all tenants."""
    scope = current_scope()
    if not may(scope.role, Verb.VIEW, "audit findings"):
        raise PermissionDenied
    if scope.reach is not Reach.PLATFORM:
        messages.info(request, "Reviews are made over all tenants: leave this one first.")
        return HttpResponseRedirect(reverse("audit"))
    tenant = request.GET.get("tenant", "")
    if request.method == "POST":
        _settle(request)
        return HttpResponseRedirect(f"{reverse('audit-review')}{'?' + urlencode({'tenant': tenant}) if tenant else ''}")
    context = {
        "title": "Review",
        "page": review_page(tenant),
        "kinds": CaseKind.choices,
        "may_sign": may(scope.role, Verb.SIGN_OFF, "audit periods"),
    }
    return render(request, "trail/review.html", context)


def _settle(request: HttpRequest) -> None:
    given = request.POST
    note, entry = given.get("note", ""), given.get("entry", "")
    try:
        if given.get("do") == "sign_off":
            first = parse_day(given.get("first", ""))
            if first is None:
                raise ReviewRefused(f"first day: expected a day such as 2026-11-22, got {given.get('first', '')!r}.")
            made = sign_off(given.get("tenant", ""), first, given.get("period", ""), note)
            messages.success(request, f"Signed off {_span(made.first_day, made.last_day)}: {made.entries:,} entries.")
        elif given.get("do") == "case":
            made_case = open_case(entry, note, given.get("kind", ""))
            messages.success(request, f"Opened the case {made_case.case_id}.")
        else:
            acknowledge(entry, note)
            messages.success(request, "Acknowledged.")
    except ReviewRefused as refusal:
        messages.error(request, str(refusal))
    except IntegrityError:  # somebody did the same at the same time
        messages.error(request, "Somebody else was faster: look again.")


def _span(first: dt.date, last: dt.date) -> str:
    return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b} to {last:%-d %b %Y}"
