"""The audit trail: finding entries, reading one, saving views, taking entries along."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ndsadmin.tables.export import FORMATS, Export
from ndsadmin.tables.paging import BadCursor
from ndsadmin.tables.sending import file_response
from ndsadmin.trail.asking import Text, asked_trail, may_read
from ndsadmin.trail.completing import completions
from ndsadmin.trail.entry import entry_page
from ndsadmin.trail.language import FIELDS, QueryError, parse
from ndsadmin.trail.lines import trail_address
from ndsadmin.trail.page import trail_page
from ndsadmin.trail.words import is_indexed
from security.exceptions import ViewRefused
from security.models import AuditLog
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.views import delete_view, save_view

OF_FORM = "is_"  # what the names of the form's fields begin with: "after" is a page's place already
CHOICES = {"ok": (("true", "Done"), ("false", "Refused or failed"))}


@never_cache
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries first, or those that a query asks for. The form's fields become the query."""
    if any(name.startswith(OF_FORM) for name in request.GET):
        return HttpResponseRedirect(_address(_merged(request)))
    try:
        page = trail_page(request.GET)
    except BadCursor:
        raise Http404("This page of the trail does not exist.") from None
    scope = current_scope()
    fields = [
        (name, OF_FORM + name, about, " ".join(page.query.values(name)), CHOICES.get(name))
        for name, about in FIELDS.items()
        if not (name == "tenant" and scope.reach is Reach.TENANT)
    ]
    context = {
        "title": "Audit trail",
        "page": page,
        "fields": fields,
        "formats": FORMATS if _may_export() and not page.mistake else {},
        "may_share": may(scope.role, Verb.SHARE, "audit views"),
    }
    return render(request, "trail/trail.html", context, status=400 if page.mistake else 200)


@never_cache
@require_safe
def entry(request: HttpRequest, key: str) -> HttpResponse:
    found = entry_page(key)
    return render(request, "trail/entry.html", {"title": found.title, "entry": found})


@never_cache
@require_safe
def complete(request: HttpRequest) -> JsonResponse:
    """What the term that is being typed can become."""
    if not may_read():
        raise PermissionDenied
    term = request.GET.get("term", "")[:100]
    return JsonResponse({"completions": [{"text": one.text, "label": one.label} for one in completions(term)]})


@require_POST
def views(request: HttpRequest) -> HttpResponse:
    """Save a view, or delete one."""
    if not may_read():
        raise PermissionDenied
    query = request.POST.get("q", "")
    try:
        if deleted := request.POST.get("delete"):
            messages.success(request, f"Deleted the view {delete_view(deleted)}.")
        else:
            parse(query)
            view = save_view(request.POST.get("name", ""), query, is_shared=bool(request.POST.get("shared")))
            messages.success(request, f"Saved as {view.name}.")
    except (ViewRefused, QueryError) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_address(query))


@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What a query asks for, as a file."""
    if not _may_export():
        raise PermissionDenied
    name, text = request.POST.get("format", ""), request.POST.get("q", "")
    if name not in FORMATS:
        raise BadRequest(f"format: expected one of {', '.join(FORMATS)}, got {name!r}.")
    try:
        asked = asked_trail(parse(text), Text.FOUND if is_indexed() else Text.ASKED)
    except QueryError as error:
        raise BadRequest(str(error)) from error
    return file_response(Export(asked, name), {"format": name, "query": text})


def _may_export() -> bool:
    return may(current_scope().role, Verb.EXPORT, AuditLog._meta.db_table)


def _merged(request: HttpRequest) -> str:
    """The query with what the form's fields say in place of its terms; as it was typed where it cannot be read."""
    text = request.GET.get("q", "")
    try:
        query = parse(text)
    except QueryError:
        return text
    for field in FIELDS:
        if OF_FORM + field in request.GET:
            typed = request.GET[OF_FORM + field].strip()
            if typed != " ".join(query.values(field)):
                query = query.having(field, [typed])
    return str(query)


def _address(query: str) -> str:
    return trail_address(query) if query else reverse("audit")
