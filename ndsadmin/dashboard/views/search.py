"""Jumping to a page or a row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ndsadmin.dashboard.finding import found
from ndsadmin.tables.asking import WORDS


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page of all hits, or (``part=hits``) just them, for the box in the top bar."""
    words = request.GET.get("q", "").strip()[:WORDS]
    context = {"title": "Search", "words": words, "groups": found(words)}
    template = "dashboard/hits.html" if request.GET.get("part") == "hits" else "dashboard/search.html"
    return render(request, template, context)
