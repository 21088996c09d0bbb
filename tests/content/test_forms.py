import pytest

from content.models import PostConfiguration
from tests.factories.content import skill
from tests.factories.tenants import tenant


@pytest.mark.django_db
def test_half_a_champion_is_told_in_the_form(client_of_operator):
    row = skill(name="Hero")
    address = f"/data/content/skill/{row.pk}/change/"
    form = client_of_operator.get(address).context["adminform"].form
    values = {name: form[name].value() for name in ("name", "tier", "seen")}

    response = client_of_operator.post(address, {**values, "status": "champion", "reason": ""})

    assert response.context["adminform"].form.non_field_errors() == [
        "Status champion and tier champion go together: set both or neither."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("min_brand_voice_score", "7", "Expected a fraction from 0 to 1, got 7.0."),
        ("timezone", "Mars/Base", "Expected a time zone such as Europe/London, got Mars/Base."),
    ],
)
def test_a_configuration_is_checked(client_of_operator, column, value, told):
    row = PostConfiguration.objects.create(tenant=tenant(), name="Default", platforms=[])
    address = f"/data/content/postconfiguration/{row.pk}/change/"
    form = client_of_operator.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    response = client_of_operator.post(address, {**sent, column: value})

    assert response.context["adminform"].form.errors == {column: [told]}


@pytest.mark.django_db
def test_retiring_is_told_in_the_form(client_of_operator):
    row = skill()
    address = f"/data/content/skill/{row.pk}/change/"
    form = client_of_operator.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in ("name", "tier", "seen")}

    response = client_of_operator.post(address, {**sent, "status": "retired"})

    assert "A skill is not retired" in response.context["adminform"].form.errors["status"][0]
