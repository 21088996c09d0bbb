import pytest

from security.models import AuditLog
from tenants.authentication import PeopleBackend
from tenants.models import Preference
from tenants.queries.preferences import preferences_of
from tenants.services.preferences import set_preference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_a_preference_is_kept_changed_and_forgotten(operator, auditor):
    set_preference(operator, "density", "compact")
    set_preference(operator, "columns:tenants", ["name"])
    set_preference(operator, "density", "roomy")
    set_preference(auditor, "density", "compact")

    assert preferences_of(PeopleBackend().get_user(operator.pk)) == {"density": "roomy", "columns:tenants": ["name"]}
    set_preference(operator, "density", None)
    set_preference(operator, "columns:tenants", None)
    assert preferences_of(PeopleBackend().get_user(operator.pk)) == {}
    assert Preference.objects.count() == 1


def test_each_change_has_its_entry(operator):
    set_preference(operator, "density", "compact")

    entry = AuditLog.objects.get(action="update_preference")
    assert (entry.resource_id, entry.metadata) == (
        operator.pk,
        {"name": "density", "changes": {"value": [None, "compact"]}},
    )
    set_preference(operator, "density", "roomy")
    last = AuditLog.objects.filter(action="update_preference").order_by("pk").last()
    assert last.metadata["changes"] == {"value": ["compact", "roomy"]}


def test_whoever_was_not_loaded_with_preferences_has_none():
    assert preferences_of(object()) == {}


def test_preferences_come_with_the_person(operator, django_assert_num_queries):
    """Dies where a page asks for them: each would cost a round trip on D1."""
    set_preference(operator, "density", "compact")

    with django_assert_num_queries(1):
        assert preferences_of(PeopleBackend().get_user(operator.pk)) == {"density": "compact"}
