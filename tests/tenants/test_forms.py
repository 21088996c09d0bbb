import pytest

from tenants.forms import LoginForm, TenantForm
from tenants.models import Tenant
from tests.factories.tenants import platform, tenant


def test_spaces_around_a_password_are_part_of_it():
    form = LoginForm({"email": " ada@example.com ", "password": "  spaced out  "})

    assert form.is_valid()
    assert form.cleaned_data == {"email": "ada@example.com", "password": "  spaced out  "}


@pytest.mark.django_db
def test_the_platform_is_neither_suspended_nor_renamed_by_the_form(client_of_operator):
    page = client_of_operator.get(f"/data/tenants/tenant/{platform().pk}/change/")
    form = page.context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

    response = client_of_operator.post(
        "/data/tenants/tenant/platform/change/",
        {**values, "status": "suspended", "name": "Other", "reason": "By mistake."},
    )

    assert isinstance(form, TenantForm)
    assert "keeps its name" in response.content.decode()
    stored = Tenant.objects.get(pk="platform")
    assert (stored.status, stored.name) == ("active", values["name"])


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "told"), [
    ({"name": "harbour  GLASS"}, "there is a tenant"), ({"name": "A\u202eB"}, "name: expected"),
    ({"name": "x" * 500}, "name: expected"),
    ({"settings": '{"cost_per_post_usd": "abc"}'}, "cost_per_post_usd: expected"),
    ({"settings": '{"skill_sharing_consent": true}'}, "its owners and admins give it"),
    ({"settings": '{"vectorize_brand": true}'}, "its owners and admins give it"),
], ids=["taken", "bidi", "long", "cost", "consent", "vectors"])  # fmt: skip
def test_the_form_of_a_tenant_asks_what_its_page_asks(change, told, client_of_operator):
    tenant(name="Harbour Glass")
    home = tenant(name="Cobalt Cycles", settings={})
    address = f"/data/tenants/tenant/{home.pk}/change/"
    form = client_of_operator.get(address).context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

    response = client_of_operator.post(address, {**values, **change, "reason": "They asked."})

    assert told in response.content.decode()
    stored = Tenant.objects.get(pk=home.pk)
    assert (stored.name, stored.settings) == ("Cobalt Cycles", {})
