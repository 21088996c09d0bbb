import pytest

from tenants.models import Tenant, User
from tests.factories.tenants import person

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
