import pytest

from tests.factories.content import skill


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
