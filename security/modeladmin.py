"""The base of every table's admin: what is shown and who may touch it.

An app's ``admin.py`` declares, in Django's own words, which columns a list shows (``list_display``) and which the
form offers (``fields``), and what can be done to many rows at once (``bulk``). In which orders a list can be read is
said with the model (`security.orders`). Who may do what is asked of `security.roles` alone. Lists and details are
drawn by the site, which knows the pages' looks.

Django cannot register a table with a composite key for forms; ours are read-only and need none, so the site
takes them as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from security.actions import Action
from security.columns import Json, Time
from security.columns.times import MomentField
from security.contract import ContractTable, Writer, allowed
from security.forms import GuardedForm
from security.roles import Verb, masked_columns
from security.scope import Reach, current_scope, hidden_here
from security.services.access import record_look, record_read
from security.services.repeating import repeatable
from security.services.rows import Values, create_row, update_row


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something that can be done to many rows at once: one column gets one value."""

    name: str
    label: str
    done: str  # "{} archived"
    column: str
    value: Callable[[], Any]

    @classmethod
    def sets(cls, name: str, label: str, done: str, column: str, value: Any) -> "Bulk":
        return cls(name, label, done, column, value if callable(value) else lambda: value)


class TableAdmin(admin.ModelAdmin[ContractTable]):
    """One table of the contract."""

    filled_by: ClassVar[str]
    """What an empty list says: who or what would fill it."""

    form = GuardedForm
    fields: ClassVar[tuple[str, ...]] = ()
    add_fields: ClassVar[tuple[str, ...]] = ()
    """What the form for a new row asks for besides ``fields``: columns that do not change afterwards."""

    published: ClassVar[tuple[str, ...]] = ()
    """Those of ``fields`` that put a row into use: who may publish sets them."""

    bulk: ClassVar[tuple[Bulk, ...]] = ()
    """What can be done to rows that are selected in the list."""

    looked_at: ClassVar[Action | None] = None
    """What people of the platform are recorded to have seen by opening it, where tenants are not shown all of it."""

    formfield_overrides = {  # Django's own attribute
        Time: {
            "form_class": MomentField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": 1}),
        },
        Json: {"widget": forms.Textarea(attrs={"rows": 8, "class": "document", "spellcheck": "false"})},
    }
    actions = None
    view_on_site = False
    reason_required: ClassVar[bool] = False

    # ---- Who may -------------------------------------------------------------------------------------------
    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(Verb.VIEW)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(Verb.ADD) and self.is_editable

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Of a row: whether the person has anything to change there, by role or by a single grant."""
        if obj is not None:
            return bool(self.changeable(request, obj))
        return self.is_editable and (self._may(Verb.CHANGE) or self._may(Verb.PUBLISH))

    def changeable(self, request: HttpRequest, row: models.Model) -> tuple[str, ...]:
        """Those of ``fields`` that the person may change of ``row``. A query a verb that the role does not give."""
        if not (self.is_editable and self._may(Verb.VIEW)):
            return ()
        app, model, verbs = self.opts.app_label, self.opts.model_name, {self.verb_for(name) for name in self.fields}
        held = {verb for verb in verbs if request.user.has_perm(f"{app}.{verb}_{model}", row)}
        return tuple(name for name in self.fields if self.verb_for(name) in held)

    def verb_for(self, field: str) -> Verb:
        """What it is to change a column: to change the row, or to put it into use."""
        return Verb.PUBLISH if field in self.published else Verb.CHANGE

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False  # what goes away changes its status; erasing is a case of its own (domain.md)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(Verb.VIEW)

    @property
    def is_editable(self) -> bool:
        """Whether the dashboard has a form for this table at all."""
        return bool(self.fields) and self.model.writer is not Writer.LOG and not self.model._meta.is_composite_pk

    def has_export_permission(self) -> bool:
        return self._may(Verb.EXPORT)

    def listed(self) -> "models.QuerySet[Any]":
        """The rows that the list is made of."""
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows

    def bulk_offered(self) -> tuple[Bulk, ...]:
        """What the person who acts may do to many rows at once."""
        return tuple(bulk for bulk in self.bulk if self._may(self.verb_for(bulk.column)))

    def _may(self, verb: Verb) -> bool:
        return allowed(verb, self.model)

    def shown_fields(self) -> list[models.Field[Any, Any]]:
        """The columns that the person who acts may see, in the table's order."""
        hidden = hidden_here(self.model._meta.db_table)
        return [field for field in self.model._meta.concrete_fields if field.column not in hidden]

    def masked(self) -> frozenset[str]:
        """The columns that the person who acts sees in part."""
        return masked_columns(current_scope().role, self.model._meta.db_table)

    # ---- Pages ---------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        # Django's names and addresses, without deletion, its own history and the redirect at "<key>/", where
        # ours shows the row.
        info = (self.opts.app_label, self.opts.model_name)
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="{}_{}_changelist".format(*info)),
            path("export/", view(self.export_view), name="{}_{}_export".format(*info)),
            path("bulk/", view(self.bulk_view), name="{}_{}_bulk".format(*info)),
            path("columns/", view(self.columns_view), name="{}_{}_columns".format(*info)),
            path("add/", view(self.add_view), name="{}_{}_add".format(*info)),
            path("<path:object_id>/change/", view(self.change_view), name="{}_{}_change".format(*info)),
            path("<path:object_id>/", view(self.detail_view), name="{}_{}_detail".format(*info)),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._record_look()
        return self.admin_site.list_page(request, self)  # type: ignore[attr-defined, no-any-return]  # our site

    @method_decorator(require_POST)
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        return self.admin_site.export(request, self)  # type: ignore[attr-defined, no-any-return]

    @method_decorator(require_POST)
    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        return self.admin_site.change_many(request, self)  # type: ignore[attr-defined, no-any-return]

    @method_decorator(require_POST)
    def columns_view(self, request: HttpRequest) -> HttpResponse:
        return self.admin_site.choose_columns(request, self)  # type: ignore[attr-defined, no-any-return]

    @method_decorator(require_safe)
    def detail_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self._record_look()
        return self.admin_site.detail_page(request, self, object_id)  # type: ignore[attr-defined, no-any-return]

    def _record_look(self) -> None:
        if self.looked_at is not None and self._may(Verb.VIEW):
            record_look(self.looked_at, self.opts.db_table)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = super().get_object(request, unquote(object_id)) if self.is_editable and self._may(Verb.VIEW) else None
        if row is None:
            self.admin_site.detail_page(request, self, object_id)  # type: ignore[attr-defined]  # says what is not there
        if row is None or not self.has_change_permission(request, row):
            if request.method == "POST":
                raise PermissionDenied
            return HttpResponseRedirect("../")
        return super().change_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row that a form shows."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "GET":
            record_read(row)
        return row

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's, in one transaction; begun anew where another was faster."""
        return repeatable(super().changeform_view)(request, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> Any:
        raise Http404("There is no such row.")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        one_button = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, {**context, **one_button}, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect("../")

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"../{quote(obj.pk)}/")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.ForeignKey):
            return self.formfield_for_foreignkey(db_field, request, **kwargs)  # without Django's pop-up links
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # ---- Saving --------------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        is_pinned = current_scope().reach is Reach.TENANT  # whose row it is goes without saying
        asked = tuple(name for name in self.add_fields if not (is_pinned and name == "tenant"))
        own = self.changeable(request, obj) if obj else (*asked, *self.fields)
        return [(None, {"fields": (*own, "reason", "seen")})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.base_fields["reason"].required = self.reason_required and change
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        reason = form.cleaned_data.get("reason") or None
        if change:
            assert isinstance(form, GuardedForm)
            self.store_change(obj, before=form.before, reason=reason)
        else:
            if "tenant" in self.add_fields and current_scope().reach is Reach.TENANT:
                obj.tenant_id = current_scope().tenant_id
            create_row(obj, reason=reason)

    def store_change(self, row: Any, *, before: Values, reason: str | None) -> None:
        """Call the service that changes a row of this table."""
        update_row(row, before=before, reason=reason)

    # Django's own log is off: the audit log is the one (design: one record of what happened).
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...  # type: ignore[override]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...  # type: ignore[override]
