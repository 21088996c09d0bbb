import pytest

from tenants.models import Tenant, User
from tests.factories.content import content_template, skill
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        lambda who: User.objects.filter(pk=who.pk).update(status="suspended"),
        lambda who: User.objects.filter(pk=who.pk).update(role="unknown"),
        lambda who: Tenant.objects.filter(pk="platform").update(status="suspended"),
        lambda who: User.objects.filter(pk=who.pk).update(tenant=person().tenant),
    ],
    ids=["person suspended", "role unknown", "tenant suspended", "moved to another tenant"],
)
def test_who_may_no_longer_is_out_at_the_next_request(operator, signed_in, change):
    client = signed_in(operator)
    assert client.get("/").status_code == 200

    change(operator)

    assert client.get("/")["Location"] == "/login/?next=/"


def test_a_session_that_was_ended_stays_ended(operator, signed_in):
    """Dies where who comes back after a suspension comes back with the old cookie: a thief's too."""
    client = signed_in(operator)
    User.objects.filter(pk=operator.pk).update(status="suspended")
    client.get("/")
    User.objects.filter(pk=operator.pk).update(status="active")

    assert client.get("/")["Location"] == "/login/?next=/"


def test_a_session_costs_two_queries(operator, signed_in, django_assert_num_queries):
    client = signed_in(operator)

    with django_assert_num_queries(2):  # the session, and the person with the tenant
        client.get("/nothing/")


def test_a_permission_is_for_what_is_ones_own_or_everybodys():
    """Also reading: who asks about a row that he was never given gets no yes."""
    home, other = tenant(), tenant()
    viewer, owner = person(tenant=home, role="viewer"), person(tenant=home, role="owner")
    private, shared = skill(visibility=f"tenant:{other.pk}"), skill(visibility="global")

    assert viewer.has_perm("content.view_contenttemplate", content_template(tenant=home))
    assert viewer.has_perm("content.view_skill", shared)
    assert not viewer.has_perm("content.view_contenttemplate", content_template(tenant=other))
    assert not viewer.has_perm("content.view_skill", private)
    for stranger in (person(tenant=other), platform_person(role="viewer")):
        assert not owner.has_perm("tenants.view_user", stranger)
    assert not owner.has_perm("tenants.view_tenant", other)
    assert owner.has_perm("tenants.view_tenant", home)


def test_nobody_of_the_platform_is_looked_as(operator):
    for who in (operator, platform_person(role="viewer")):
        assert not operator.has_perm("tenants.impersonate_user", who)
    assert operator.has_perm("tenants.impersonate_user", person())
