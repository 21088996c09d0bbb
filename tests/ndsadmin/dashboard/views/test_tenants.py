import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return keyed(tenant(name="Harbour Glass", settings={"max_posts_per_month": 60, "kept": 1}, tier="free"))


@pytest.fixture
def client(client_of_operator):
    return client_of_operator


def said(client) -> list[str]:
    return [str(message) for message in client.get("/tenants/").context["messages"]]


def test_the_list_costs_the_same_with_one_and_many(client, home):
    counts = []
    for number in (0, 9):
        for _ in range(number):
            person(tenant=tenant())
        client.get("/tenants/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/tenants/")
        counts.append(len(asked))

    assert counts == [7, 7]  # session, person, and five


def test_tenants_are_found_by_name_and_platform_is_none(client, home):
    tenant(name="Oakline")

    def names(query: str) -> list[str]:
        return [house.tenant.name for house in client.get(f"/tenants/{query}").context["page"].houses]

    assert names("") == ["Harbour Glass", "Oakline"]
    assert names("?q=harb") == ["Harbour Glass"]
    assert client.get("/tenants/platform/").status_code == 404


def test_a_tenant_is_made(client):
    given = {"name": "New House", "tier": "enterprise", "email": "boss@new.example", "reason": "Contract 4711"}
    response = client.post("/tenants/new/", given)

    made = Tenant.objects.get(name="New House")
    assert response["Location"] == f"/tenants/{made.pk}/"
    assert made.settings["max_posts_per_month"] == 1000
    assert mail.outbox[0].to == ["boss@new.example"]


def test_a_mistake_is_said_and_what_was_typed_stays(client):
    response = client.post("/tenants/new/", {"name": "New House", "tier": "gold", "email": "x", "reason": "y"})

    assert response.status_code == 400
    assert "e-mail: expected" in response.content.decode()
    assert 'value="New House"' in response.content.decode()


def test_a_tenants_page_says_how_it_is(client, home):
    person(tenant=home, role="owner", full_name="Hugo Lund")
    social_account(tenant=home, status="error")
    page = client.get(f"/tenants/{home.pk}/").context["page"]

    assert page.people_by_role == [("Owner", 1)]
    assert page.accounts == [("error", 1)]
    assert page.use.limit == 60
    assert page.keys.active.version == 1
    assert page.activity


def test_support_sees_no_more_than_its_work_needs(home, signed_in):
    person(tenant=home, role="owner", email="hugo@harbourglass.example")
    response = signed_in(platform_person(role="member")).get(f"/tenants/{home.pk}/")
    page = response.context["page"]

    assert (page.use, page.keys, page.activity, page.passed) == (None, None, [], "")
    assert "hugo@" not in response.content.decode()
    assert not response.context["may_change"]


def test_a_tenant_is_suspended_and_let_in_again(client, home):
    client.post(f"/tenants/{home.pk}/", {"do": "suspend", "reason": "Unpaid"})
    assert Tenant.objects.get(pk=home.pk).status == "suspended"
    client.post(f"/tenants/{home.pk}/", {"do": "reactivate", "reason": "Paid"})

    assert Tenant.objects.get(pk=home.pk).status == "active"
    reasons = [entry.metadata["reason"] for entry in AuditLog.objects.filter(action="update_tenant").order_by("log_id")]
    assert reasons == ["Unpaid", "Paid"]


def test_a_plan_changes_and_what_else_was_set_stays(client, home):
    client.post(f"/tenants/{home.pk}/", {"do": "plan", "tier": "standard", "max_posts": "250", "reason": "Grew"})

    stored = Tenant.objects.get(pk=home.pk)
    assert (stored.tier, stored.settings) == ("standard", {"max_posts_per_month": 250, "kept": 1})


@pytest.mark.parametrize("given", [
    {"do": "suspend", "reason": ""}, {"do": "plan", "tier": "gold", "max_posts": "1", "reason": "x"},
    {"do": "plan", "tier": "free", "max_posts": "-1", "reason": "x"}, {"do": "enter", "reason": " "},
    {"do": "plan", "tier": "free", "max_posts": "1e9", "reason": "x"},
])  # fmt: skip
def test_a_mistake_changes_nothing(given, client, home):
    client.post(f"/tenants/{home.pk}/", given)

    assert len(said(client)) == 1
    assert Tenant.objects.get(pk=home.pk).tier == "free"
    assert Tenant.objects.get(pk=home.pk).status == "active"


def test_a_tenant_is_entered_from_its_page(client, home):
    assert client.post(f"/tenants/{home.pk}/", {"do": "enter", "reason": "To help"})["Location"] == "/"
    assert client.session["pinned_tenant"]["tenant_id"] == home.pk
    assert client.get("/tenants/")["Location"] == "/"


@pytest.mark.parametrize("stored", ["viewer", "member"])
def test_auditors_and_support_change_nothing(stored, home, signed_in):
    client = signed_in(platform_person(role=stored))
    client.post(f"/tenants/{home.pk}/", {"do": "suspend", "reason": "Unpaid"})

    assert Tenant.objects.get(pk=home.pk).status == "active"
    assert client.get("/tenants/new/").status_code == 403


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_people_of_tenants_have_no_such_pages(role, home, signed_in):
    client = signed_in(person(tenant=home, role=role))

    assert [client.get(at).status_code for at in ("/tenants/", "/tenants/new/", f"/tenants/{home.pk}/")] == [403] * 3


def test_who_was_signed_in_before_a_suspension_signs_in_anew(client, home, signed_in):
    owner = person(tenant=home, role="owner")
    inside = signed_in(owner)
    for do in ("suspend", "reactivate"):
        client.post(f"/tenants/{home.pk}/", {"do": do, "reason": "Unpaid"})

    assert inside.get("/")["Location"] == "/login/?next=/"


@pytest.mark.parametrize("stored", ["viewer", "member"])
@pytest.mark.parametrize("do", ["suspend", "plan", "nothing"])
def test_auditors_and_support_are_refused_and_that_is_recorded(do, stored, home, signed_in):
    who = platform_person(role=stored)
    response = signed_in(who).post(f"/tenants/{home.pk}/", {"do": do, "reason": "x"})

    assert response.status_code == 403
    assert AuditLog.objects.get(action="deny_access").user_id == who.pk
    assert Tenant.objects.get(pk=home.pk).status == "active"
