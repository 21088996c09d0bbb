import pytest
from django.core import mail

from security.models import AuditLog
from tenants.models import Invitation, User
from tests.factories.tenants import PASSWORD, person, platform_person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner", full_name="Olga Owner")


@pytest.fixture
def client(owner, signed_in):
    return signed_in(owner)


def said(client, address: str = "/people/") -> list[str]:
    return [str(message) for message in client.get(address).context["messages"]]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_with_one_and_thirty(number, home, client, django_assert_num_queries):
    for _ in range(number):
        person(tenant=home)
    client.get("/people/")

    with django_assert_num_queries(6):  # session, person, tenant, people, sessions, invitations
        assert len(client.get("/people/").context["lines"]) == number + 1


def test_somebody_is_invited_and_the_link_is_ours(client, home):
    client.post("/people/", {"do": "invite", "email": "ada@example.com", "role": "member"})

    assert said(client) == ["ada@example.com is invited."]
    assert "http://testserver/join/" in mail.outbox[0].body
    assert Invitation.objects.get().tenant_id == home.pk


def test_an_invitation_is_sent_again_and_withdrawn(client):
    client.post("/people/", {"do": "invite", "email": "ada@example.com", "role": "member"})
    waiting = Invitation.objects.get()
    client.post("/people/", {"do": "resend", "invitation": waiting.pk})
    assert Invitation.objects.get().token_hash != waiting.token_hash
    client.post("/people/", {"do": "withdraw", "invitation": waiting.pk})

    assert Invitation.objects.get().state == "withdrawn"
    assert len(mail.outbox) == 2


def test_many_are_given_a_role_at_once(client, home):
    people = [person(tenant=home, role="viewer") for _ in range(3)]
    given = {"do": "role", "role": "member", "person": [one.pk for one in people], "reason": "They write now"}
    client.post("/people/", given)

    assert said(client) == ["3 people were given another role."]
    assert set(User.objects.filter(pk__in=[one.pk for one in people]).values_list("role", flat=True)) == {"member"}
    assert AuditLog.objects.filter(action="change_role").count() == 3


@pytest.mark.parametrize("do", ["suspend", "remove", "end_sessions", "role"])
def test_a_mistake_is_said_and_changes_nothing(do, client, owner):
    client.post("/people/", {"do": do, "person": owner.pk, "role": "viewer"})

    assert User.objects.get(pk=owner.pk).status == "active"
    assert len(said(client) if do != "end_sessions" else ["x"]) == 1


def test_nobody_of_another_tenant_is_chosen(client):
    stranger = person()

    assert client.post("/people/", {"do": "suspend", "person": stranger.pk}).status_code == 404
    assert User.objects.get(pk=stranger.pk).status == "active"


def test_nothing_chosen_is_said(client):
    client.post("/people/", {"do": "suspend"})

    assert said(client) == ["Select 1 to 50 people first."]


def test_what_no_button_says_is_no_request(client, home):
    given = {"do": "crown", "person": person(tenant=home).pk}

    assert client.post("/people/", given).status_code == 400


def test_a_person_is_looked_after_on_a_page(client, home):
    member = person(tenant=home, role="member", full_name="Mira Member")
    page = client.get(f"/people/{member.pk}/")
    assert "Mira Member" in page.content.decode()
    assert page.context["page"].may_manage

    client.post(f"/people/{member.pk}/", {"do": "suspend", "reason": "On leave"})
    assert User.objects.get(pk=member.pk).status == "suspended"
    client.post(f"/people/{member.pk}/", {"do": "reactivate"})
    assert User.objects.get(pk=member.pk).status == "active"


def test_an_admin_finds_nothing_to_do_with_an_owner(home, owner, signed_in):
    page = signed_in(person(tenant=home, role="admin")).get(f"/people/{owner.pk}/").context["page"]

    assert not page.may_manage
    assert not page.may_hand_over
    assert "owner" not in [value for value, _ in page.roles]


def test_handing_over_asks_for_the_password(client, home, owner):
    member = person(tenant=home, role="member")
    client.post(f"/people/{member.pk}/", {"do": "transfer", "password": "wrong"})
    assert User.objects.get(pk=owner.pk).role == "owner"
    client.post(f"/people/{member.pk}/", {"do": "transfer", "password": PASSWORD})

    assert (User.objects.get(pk=owner.pk).role, User.objects.get(pk=member.pk).role) == ("admin", "owner")


def test_people_of_the_platform_are_on_the_same_page(operator, signed_in):
    client, other = signed_in(operator), platform_person(role="viewer", email="auditor2@platform.example")

    assert "auditor2@platform.example" in client.get("/people/").content.decode()
    client.post(f"/people/{other.pk}/", {"do": "role", "role": "member", "reason": "Moves to support"})
    assert User.objects.get(pk=other.pk).role == "member"


def test_an_operator_in_a_tenant_says_why(home, owner, operator, signed_in):
    client, member = signed_in(operator), person(tenant=home, role="member")
    client.post("/tenants/enter/", {"tenant": home.pk, "reason": "To help"})
    client.post(f"/people/{member.pk}/", {"do": "suspend"})
    assert User.objects.get(pk=member.pk).status == "active"
    client.post(f"/people/{member.pk}/", {"do": "suspend", "reason": "The owner asked"})

    assert User.objects.get(pk=member.pk).status == "suspended"
    assert AuditLog.objects.get(action="suspend_user").tenant_id == home.pk


@pytest.mark.parametrize("do", ["resend", "withdraw"])
def test_an_operator_in_a_tenant_says_why_of_an_invitation(do, home, owner, client, operator, signed_in):
    client.post("/people/", {"do": "invite", "email": "ada@example.com", "role": "member"})
    waiting, at_work = Invitation.objects.get(), signed_in(operator)
    at_work.post("/tenants/enter/", {"tenant": home.pk, "reason": "To help"})
    at_work.post("/people/", {"do": do, "invitation": waiting.pk})
    unchanged = Invitation.objects.get()
    at_work.post("/people/", {"do": do, "invitation": waiting.pk, "reason": "The mail was lost"})

    assert (unchanged.token_hash, unchanged.state) == (waiting.token_hash, waiting.state)
    entry = AuditLog.objects.filter(user_id=operator.pk, resource_type__contains="invit").latest("timestamp")
    assert entry.metadata["reason"] == "The mail was lost"


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_members_and_viewers_have_no_such_page(role, home, signed_in):
    assert signed_in(person(tenant=home, role=role)).get("/people/").status_code == 403


@pytest.mark.parametrize("given", [
    {"do": "role", "role": "viewer", "who": "owner"}, {"do": "role", "role": "owner", "who": "member"},
    {"do": "role", "role": "owner", "who": "himself"}, {"do": "remove", "who": "owner"},
    {"do": "invite", "role": "owner", "email": "eve@example.com", "who": ""},
], ids=lambda given: f"{given['do']} {given['who']}")  # fmt: skip
def test_asvs_16_3_2_what_is_out_of_an_admins_reach_is_recorded_as_refused(given, home, owner, signed_in):
    admin, member = person(tenant=home, role="admin"), person(tenant=home, role="member")
    people = {"owner": owner.pk, "member": member.pk, "himself": admin.pk}
    signed_in(admin).post("/people/", {**given, "person": people.get(given["who"], [])})

    assert AuditLog.objects.get(action="deny_access", user_id=admin.pk).tenant_id == home.pk
    assert not AuditLog.objects.filter(action__in=["change_role", "delete_user", "invite_user"]).exists()
