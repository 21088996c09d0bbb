import pytest

from tenants.models import Preference, User
from tenants.queries.preferences import preferences_of, with_preferences
from tests.factories.tenants import person

pytestmark = pytest.mark.django_db


def test_each_person_comes_with_his_own():
    one, other = person(), person()
    Preference.objects.create(user=one, name="density", value="compact")
    Preference.objects.create(user=one, name="columns:skills", value=["name"])

    found = {row.pk: preferences_of(row) for row in with_preferences(User.objects.all())}

    assert found == {one.pk: {"density": "compact", "columns:skills": ["name"]}, other.pk: {}}
