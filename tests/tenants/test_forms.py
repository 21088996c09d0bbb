import pytest

from tenants.forms import LoginForm, TenantForm
from tests.factories.tenants import platform


def test_spaces_around_a_password_are_part_of_it():
    form = LoginForm({"email": " ada@example.com ", "password": "  spaced out  "})

    assert form.is_valid()
    assert form.cleaned_data == {"email": "ada@example.com", "password": "  spaced out  "}


@pytest.mark.django_db
def test_the_platform_cannot_be_suspended_in_the_form(client_of_operator):
    page = client_of_operator.get(f"/data/tenants/tenant/{platform().pk}/change/")
    form = page.context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

    response = client_of_operator.post(
        "/data/tenants/tenant/platform/change/", {**values, "status": "suspended", "reason": "By mistake."}
    )

    assert isinstance(form, TenantForm)
    assert response.context["adminform"].form.errors["status"] == [
        "The tenant platform stays active: without it nobody could sign in."
    ]
