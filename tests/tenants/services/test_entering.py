import pytest

from security.models import AuditLog
from security.scope import tenant_scope
from tenants.exceptions import NotEntered
from tenants.services.entering import enter_tenant, leave_tenant
from tests.factories.tenants import person, platform, tenant

pytestmark = pytest.mark.django_db


def test_entering_and_leaving_are_in_the_tenants_trail_with_the_reason(operator):
    one = tenant(name="Next Day Steel")

    pinned = enter_tenant(operator, one.pk, " Case 4711 ")
    leave_tenant(operator, pinned)

    assert pinned == {"tenant_id": one.pk, "name": "Next Day Steel", "reason": "Case 4711"}
    entries = AuditLog.objects.order_by("pk").values_list("action", "tenant_id", "user_id", "metadata")
    assert sorted(entries, key=lambda entry: entry[0]) == [
        ("enter_tenant", one.pk, operator.pk, {"reason": "Case 4711"}),
        ("leave_tenant", one.pk, operator.pk, {"reason": "Case 4711"}),
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(operator, reason):
    with pytest.raises(NotEntered, match="reason"):
        enter_tenant(operator, tenant().pk, reason)


def test_only_tenants_that_are_there_are_entered(operator):
    for tenant_id in ("nobody", platform().pk):
        with pytest.raises(NotEntered, match="tenant"):
            enter_tenant(operator, tenant_id, "Case")


def test_people_of_tenants_enter_none():
    """An owner who would look next door."""
    owner, other = person(role="owner"), tenant()

    with tenant_scope(owner.tenant_id, actor=owner), pytest.raises(NotEntered):
        enter_tenant(owner, other.pk, "Curious")

    assert not AuditLog.objects.filter(action="enter_tenant").exists()
