"""What row-level security makes of a statement."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from security.rls.explaining import explain
from security.roles import Verb, may
from security.scope import Reach, current_scope

EXAMPLE = "SELECT platform, COUNT(*) FROM published_posts GROUP BY platform"


class StatementForm(forms.Form):
    sql = forms.CharField(
        label="Statement",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "code"}),
        max_length=20_000,
        initial=EXAMPLE,
        help_text="Without parameters. It is explained, never run.",
    )
    tenant = forms.CharField(label="Tenant's id", max_length=120)
    barrier = forms.BooleanField(
        label="As SQL that nobody trusts",
        required=False,
        help_text="No expression of it sees a row before the policy has. Slow.",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest) -> HttpResponse:
    """For operators. In a tenant, of that tenant alone."""
    scope = current_scope()
    if not may(scope.role, Verb.VIEW, "statements"):
        raise PermissionDenied
    pinned = scope.tenant_id if scope.reach is Reach.TENANT else None
    form = StatementForm(request.POST or None, initial={"tenant": pinned}, label_suffix="")
    found = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        found = explain(asked["sql"], pinned or asked["tenant"], barrier=asked["barrier"])
    return render(request, "dashboard/statements.html", {"title": "Statements", "form": form, "found": found})
