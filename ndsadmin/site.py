"""The site under ``/data/``: the thirty tables, each at Django admin's own address."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from ndsadmin.dashboard.menu import is_pinned, table_sections
from ndsadmin.dashboard.sharing import sharing_of
from ndsadmin.tables.addresses import keyed, list_address
from ndsadmin.tables.asking import asked_of
from ndsadmin.tables.choosing import COMPACT, DENSITY, columns_preference, wanted_columns
from ndsadmin.tables.counts import row_counts
from ndsadmin.tables.detail import detail
from ndsadmin.tables.export import FORMATS, Export
from ndsadmin.tables.listing import listing
from ndsadmin.tables.paging import PAGE, BadCursor
from ndsadmin.tables.sending import file_response
from security.contract import allowed, contract_tables
from security.modeladmin import TableAdmin
from security.roles import Verb
from security.scope import current_scope
from security.services.rows import update_rows
from tenants.models import User
from tenants.queries.preferences import preferences_of
from tenants.services.preferences import set_preference


class Site(AdminSite):
    """Django's admin, with our lists, our details, and nothing that we do not use."""

    enable_nav_sidebar = False
    site_title = site_header = "NDS Admin"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take a table of ours, and nothing else: the framework's own tables have no pages.

        Django refuses tables with a composite key; ours need no form and are taken as they are.
        """
        if admin_class is None or not issubclass(admin_class, TableAdmin):
            return
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in models:
            if model._meta.is_composite_pk:
                self._registry[model] = admin_class(model, self)
            else:
                super().register(model, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
        ]
        tables: list[URLPattern | URLResolver] = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(table.urls))
            for model, table in self._registry.items()
        ]
        return [*own, *tables, path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list")]

    # ---- Pages ---------------------------------------------------------------------------------------------
    @method_decorator(require_safe)
    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        return self._sections(request, "Tables", table_sections(current_scope().role, pinned=is_pinned()))

    @method_decorator(require_safe)
    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> TemplateResponse:
        sections = [
            section for section in table_sections(current_scope().role, pinned=is_pinned()) if section.slug == app_label
        ]
        if not sections:
            raise Http404(f"There is no section {app_label}.")
        return self._sections(request, sections[0].title, sections)

    def _sections(self, request: HttpRequest, title: str, sections: list[Any]) -> TemplateResponse:
        counts = row_counts([model for model in contract_tables() if allowed(Verb.VIEW, model)])
        counted = [(section, [(item, counts[item.table]) for item in section.items]) for section in sections]
        return TemplateResponse(request, "tables/index.html", {"title": title, "sections": counted})

    def list_page(self, request: HttpRequest, table: TableAdmin) -> HttpResponse:
        self._check(table.has_view_permission(request))
        try:
            page = listing(table, request.GET, preferences_of(request.user))
        except BadCursor:
            raise Http404("This page of the list does not exist.") from None
        may_do = {
            "may_add": table.has_add_permission(request),
            "formats": FORMATS if table.has_export_permission() else {},
        }
        return render(request, "tables/list.html", {"title": page.title, "page": page, **may_do})

    def detail_page(self, request: HttpRequest, table: TableAdmin, quoted: str) -> HttpResponse:
        self._check(table.has_view_permission(request))
        row = detail(table, quoted, lambda found: table.has_change_permission(request, found))
        context = {"title": row.title, "row": row, "sharing": sharing_of(row.row)}
        return render(request, "tables/detail.html", context)

    # ---- What is done to a list ----------------------------------------------------------------------------
    def export(self, request: HttpRequest, table: TableAdmin) -> StreamingHttpResponse:
        """The list that the address names, as a file; recorded before its first row is sent."""
        self._check(table.has_view_permission(request) and table.has_export_permission())
        name = request.POST.get("format", "")
        if name not in FORMATS:
            raise BadRequest(f"format: expected one of {', '.join(FORMATS)}, got {name!r}.")
        asked = asked_of(table, request.GET)
        if asked.narrowing.errors:
            raise BadRequest(" ".join(asked.narrowing.errors))
        noted = {"format": name, "filters": {key: request.GET.getlist(key) for key in request.GET}}
        return file_response(Export(asked, name), noted)

    def change_many(self, request: HttpRequest, table: TableAdmin) -> HttpResponse:
        """Do one thing to the rows that were selected on a page: all of them, or none."""
        wanted = request.POST.get("action", "")
        chosen = [bulk for bulk in table.bulk_offered() if bulk.name == wanted]
        self._check(bool(table.bulk_offered()) and table.has_change_permission(request))
        if not chosen:
            raise BadRequest(f"action: expected one that the list offers, got {wanted!r}.")
        rows = request.POST.getlist("row")
        if not rows or len(rows) > PAGE:
            messages.error(request, f"Select 1 to {PAGE} rows first.")
        else:
            conditions = [keyed(table.model, key) for key in rows]
            values = {chosen[0].column: chosen[0].value()}
            number = update_rows(table.model, conditions, values, reason=request.POST.get("reason") or None)
            messages.success(request, chosen[0].done.format(f"{number} {_rows(number)}") + ".")
        return _back(table, request.GET)

    def choose_columns(self, request: HttpRequest, table: TableAdmin) -> HttpResponse:
        """Remember which columns of this list its reader wants, and how dense rows are."""
        self._check(table.has_view_permission(request))
        assert isinstance(request.user, User)
        if "reset" in request.POST:
            set_preference(request.user, columns_preference(table), None)
        else:
            set_preference(request.user, columns_preference(table), wanted_columns(table, request.POST))
            set_preference(request.user, DENSITY, COMPACT if request.POST.get(DENSITY) == COMPACT else None)
        return _back(table, request.GET)

    def _check(self, is_allowed: bool) -> None:
        if not is_allowed:
            raise PermissionDenied

    def tables(self) -> dict[Any, ModelAdmin[Any]]:
        """The tables by model."""
        return dict(self._registry)


def _back(table: TableAdmin, query: QueryDict) -> HttpResponseRedirect:
    address = list_address(table.model)
    return HttpResponseRedirect(f"{address}?{query.urlencode()}" if query else address)


def _rows(number: int) -> str:
    return "row" if number == 1 else "rows"
