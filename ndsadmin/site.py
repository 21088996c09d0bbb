"""The site under ``/data/``: the thirty tables, each at Django admin's own address."""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path

from ndsadmin.dashboard.menu import table_sections
from ndsadmin.tables.detail import detail
from ndsadmin.tables.listing import listing
from ndsadmin.tables.paging import BadCursor
from security.modeladmin import TableAdmin
from security.scope import current_scope


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

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        return TemplateResponse(
            request, "tables/index.html", {"title": "Tables", "sections": table_sections(current_scope().role)}
        )

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> TemplateResponse:
        sections = [section for section in table_sections(current_scope().role) if section.slug == app_label]
        if not sections:
            raise Http404(f"There is no section {app_label}.")
        return TemplateResponse(request, "tables/index.html", {"title": sections[0].title, "sections": sections})

    def list_page(self, request: HttpRequest, table: TableAdmin) -> HttpResponse:
        self._check(request, table)
        try:
            page = listing(table, request.GET, may_add=table.has_add_permission(request))
        except BadCursor:
            raise Http404("This page of the list does not exist.") from None
        return render(request, "tables/list.html", {"title": page.title, "page": page})

    def detail_page(self, request: HttpRequest, table: TableAdmin, quoted: str) -> HttpResponse:
        self._check(request, table)
        row = detail(table, quoted, may_change=table.has_change_permission(request))
        return render(request, "tables/detail.html", {"title": row.title, "row": row})

    def _check(self, request: HttpRequest, table: TableAdmin) -> None:
        if not table.has_view_permission(request):
            raise PermissionDenied

    def tables(self) -> dict[Any, ModelAdmin[Any]]:
        """The tables by model."""
        return dict(self._registry)
