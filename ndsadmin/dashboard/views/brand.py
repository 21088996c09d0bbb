"""A tenant's brand: looked at, changed by its owners and admins with a preview of what the change says."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ndsadmin.dashboard.brand import brand_page, changes_between, drawn, specimen, unreadable_parts
from ndsadmin.dashboard.sharing import sharing_of
from security.exceptions import RowChanged, Unreadable
from security.roles import Verb, may
from security.scope import Reach, current_scope, hidden_here
from security.services.access import record_read
from tenants.brands import WEIGHTS, brand_of, merged
from tenants.forms import BrandForm
from tenants.models import BrandProfile, Tenant, User
from tenants.services.brand import DOCUMENTS, change_brand, create_brand, documents_of

SEEN = "ndsadmin.brand.seen"
EMPTY: dict[str, Any] = {"palette": [], "typography": {}, "logo_rules": {}, "lexicon": None, "messaging": None}
TABLE = BrandProfile._meta.db_table
MORE = 2  # empty rows for more colours and typefaces


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: HttpRequest) -> HttpResponse:
    """The brand of the tenant in force. ``?edit`` shows the form."""
    scope = current_scope()
    if not may(scope.role, Verb.VIEW, TABLE):
        raise PermissionDenied
    if scope.reach is not Reach.TENANT:
        messages.info(request, "A brand is one tenant's: enter it first.")
        return HttpResponseRedirect(reverse("switch"))
    tenant = get_object_or_404(Tenant, pk=scope.tenant_id)
    profile = BrandProfile.objects.filter(pk=tenant.pk).first()
    is_hidden = bool(hidden_here(TABLE) & set(DOCUMENTS))
    by_person = may(scope.role, Verb.CHANGE, TABLE) if profile is None else _may_change(request, profile)
    may_change = by_person and not is_hidden
    if request.method == "POST" or "edit" in request.GET:
        if not may_change:
            raise PermissionDenied
        return _edit(request, tenant, profile)
    context: dict[str, Any] = {"title": "Brand", "tenant": tenant, "profile": profile, "may_change": may_change}
    if profile is not None:
        record_read(profile)
        page = brand_page(profile)
        faces = [(face, specimen(face)) for face in page.brand.typefaces]
        context |= {"page": page, "specimens": faces, "sharing": sharing_of(profile)}
    return render(request, "brand/brand.html", context)


def _may_change(request: HttpRequest, profile: BrandProfile) -> bool:
    """By role, or by a single grant."""
    return isinstance(request.user, User) and request.user.has_perm("tenants.change_brandprofile", profile)


def _edit(request: HttpRequest, tenant: Tenant, profile: BrandProfile | None) -> HttpResponse:
    if profile is not None:
        record_read(profile)
    documents = documents_of(profile) if profile is not None else EMPTY
    problems = unreadable_parts(profile) if profile is not None else []
    seen = _seen(request, documents if not problems else EMPTY)
    if seen is None:
        messages.error(request, "This form has expired or was changed on its way: change it again.")
        return HttpResponseRedirect(f"{reverse('brand')}?edit")
    form = BrandForm(brand_of(seen), request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "title": "Change the brand", "tenant": tenant, "profile": profile, "form": form, "problems": problems,
        "seen": signing.dumps(seen, salt=SEEN), "weights": WEIGHTS, "rows": _rows(form),
        "colours": [*filter(None, _listed(form, "palette")), *[""] * MORE],
    }  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid() and not problems:
        after = merged(seen, form.brand())
        if "save" in request.POST:
            try:
                return _save(request, tenant, profile, seen, after)
            except (RowChanged, Unreadable) as refusal:
                messages.error(request, str(refusal))
                return HttpResponseRedirect(f"{reverse('brand')}?edit")
        page = drawn(after, shows=True, sealed=[])
        faces = [(face, specimen(face)) for face in page.brand.typefaces]
        context |= {"page": page, "specimens": faces, "changes": changes_between(seen, after)}
    elif request.method == "POST":
        status = 400
    return render(request, "brand/edit.html", context, status=status)


def _save(
    request: HttpRequest, tenant: Tenant, profile: BrandProfile | None, seen: dict[str, Any], after: dict[str, Any]
) -> HttpResponse:
    reason = request.POST.get("reason", "")
    if profile is None:
        create_brand(tenant, after, reason)
        messages.success(request, "The brand was described.")
    else:
        changed = change_brand(tenant.pk, seen=seen, documents=after, reason=reason)
        messages.success(request, "Saved." if changed else "Nothing was changed.")
    return HttpResponseRedirect(reverse("brand"))


def _seen(request: HttpRequest, documents: dict[str, Any]) -> dict[str, Any] | None:
    """What the person saw when the form was drawn; None where that cannot be known."""
    if request.method != "POST":
        return {name: documents[name] for name in DOCUMENTS}
    try:
        seen: dict[str, Any] = signing.loads(request.POST.get("seen", ""), salt=SEEN)
    except signing.BadSignature:
        return None
    return seen


def _listed(form: BrandForm, name: str) -> list[str]:
    return [str(value) for value in form[name].value() or ()]


def _rows(form: BrandForm) -> list[dict[str, str]]:
    names = ("role", "family", "weight", "size", "unit")
    found = [dict(zip(names, row, strict=False)) for row in zip(*(_listed(form, name) for name in names), strict=False)]
    return [*(row for row in found if row["role"] or row["family"]), *[{"weight": "Regular", "unit": "pt"}] * MORE]
