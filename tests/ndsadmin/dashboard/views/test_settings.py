import pytest

from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Harbour Glass Ltd", "timezone": "Europe/Oslo", "cost_per_post_usd": "42.50", "reason": "Renamed"}


@pytest.fixture
def home():
    return tenant(name="Harbour Glass", settings={"max_posts_per_month": 60}, stripe_customer_id="cus_1")


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_owners_and_admins_change_the_settings(role, home, signed_in):
    client = signed_in(person(tenant=home, role=role))
    client.post(
        "/settings/", {**GIVEN, "skill_sharing_consent": "on", "max_posts_per_month": "9999", "tier": "enterprise"}
    )

    stored = Tenant.objects.get(pk=home.pk)
    assert (stored.name, stored.tier) == ("Harbour Glass Ltd", home.tier)
    assert stored.settings == {
        "max_posts_per_month": 60, "timezone": "Europe/Oslo", "cost_per_post_usd": 42.5,
        "skill_sharing_consent": True, "vectorize_brand": False,
    }  # fmt: skip
    assert AuditLog.objects.get(action="update_tenant").metadata["reason"] == "Renamed"


@pytest.mark.parametrize(("given", "told"), [
    ({"name": ""}, "name: expected"), ({"timezone": "Mars"}, "time zone: expected"),
    *(({"cost_per_post_usd": odd}, "cost per post: expected") for odd in ("free", "nan", "-1", "1e99", "")),
])  # fmt: skip
def test_a_mistake_names_the_field(given, told, home, signed_in):
    client = signed_in(person(tenant=home, role="owner"))
    client.post("/settings/", {**GIVEN, **given})

    (message,) = client.get("/settings/").context["messages"]
    assert str(message).startswith(told)
    assert Tenant.objects.get(pk=home.pk).name == "Harbour Glass"


def test_billing_is_for_owners(home, signed_in):
    pages = {
        role: signed_in(person(tenant=home, role=role)).get("/settings/").content.decode()
        for role in ("owner", "admin")
    }

    assert "cus_1" in pages["owner"]
    assert "cus_1" not in pages["admin"]
    assert "Subscription" not in pages["admin"]


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_members_and_viewers_have_no_settings(role, home, signed_in):
    client = signed_in(person(tenant=home, role=role))

    assert (client.get("/settings/").status_code, client.post("/settings/", GIVEN).status_code) == (403, 403)


def test_an_operator_changes_them_inside_the_tenant(home, operator, signed_in):
    client = signed_in(operator)
    assert client.get("/settings/")["Location"] == "/tenants/enter/"
    client.post("/tenants/enter/", {"tenant": home.pk, "reason": "They asked"})
    client.post("/settings/", GIVEN)

    assert Tenant.objects.get(pk=home.pk).name == "Harbour Glass Ltd"


def test_saving_the_same_says_so(home, signed_in):
    client = signed_in(person(tenant=home, role="owner"))
    client.post("/settings/", GIVEN)
    client.get("/settings/")
    client.post("/settings/", GIVEN)

    assert [str(message) for message in client.get("/settings/").context["messages"]] == ["Nothing was changed."]


def test_an_operator_says_why_and_gives_no_consent(home, operator, signed_in):
    """A consent is the tenant's (domain.md): without it nothing of its skills is promoted."""
    client = signed_in(operator)
    client.post("/tenants/enter/", {"tenant": home.pk, "reason": "They asked"})
    for given, told in (
        ({"reason": ""}, "reason: expected"), ({"skill_sharing_consent": "on"}, "owners and admins give it"),
        ({"vectorize_brand": "on"}, "owners and admins give it"),
    ):  # fmt: skip
        client.post("/settings/", {**GIVEN, **given})
        assert told in str(list(client.get("/settings/").context["messages"])[-1])

    stored = Tenant.objects.get(pk=home.pk)
    assert (stored.name, stored.settings) == ("Harbour Glass", {"max_posts_per_month": 60})
