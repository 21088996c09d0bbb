import re

import pytest
from django.core import mail
from django.utils import timezone

from ndsadmin import middleware
from tenants.models import User
from tests.factories.content import content_template
from tests.factories.tenants import PASSWORD, person

pytestmark = pytest.mark.django_db
NEW = "a whole new sentence of mine"


@pytest.fixture
def ada():
    return person(email="ada@example.com", full_name="Ada", role="viewer")


@pytest.fixture
def client(ada, signed_in):
    return signed_in(ada)


def said(response_client) -> list[str]:
    return [str(message) for message in response_client.get("/account/").context["messages"]]


def test_one_gives_oneself_another_name(client, ada):
    client.post("/account/", {"do": "name", "full_name": "Ada King"})

    assert said(client) == ["Your name was saved."]
    assert User.objects.get(pk=ada.pk).full_name == "Ada King"


def test_zone_and_theme_go_with_the_account(client, signed_in, ada):
    client.post("/account/", {"do": "looks", "zone": "Asia/Tokyo", "theme": "dark"})

    other = signed_in(ada)
    page = other.get("/account/")
    assert 'data-preferred="dark"' in page.content.decode()
    assert page.context["zone"] == "Asia/Tokyo"
    client.post("/account/", {"do": "looks", "zone": "", "theme": "system"})
    assert "data-preferred" not in other.get("/account/").content.decode()


def test_times_are_in_the_zone_of_the_account(client, ada, monkeypatch):
    seen = []
    monkeypatch.setattr(middleware, "zone_named", lambda name: seen.append(name) or timezone.get_default_timezone())
    client.post("/account/", {"do": "looks", "zone": "Asia/Tokyo", "theme": "system"})
    client.cookies["nds_zone"] = "Europe/Berlin"
    client.get("/account/")

    assert seen[-1] == "Asia/Tokyo"


@pytest.mark.parametrize("given", [{"zone": "Mars/Olympus"}, {"theme": "pink"}, {"do": "fly"}])
def test_what_no_form_sends_is_no_request(given, client):
    assert client.post("/account/", {"do": "looks", "zone": "", "theme": "system", **given}).status_code == 400


def test_asvs_7_4_3_another_password_ends_the_other_sessions(client, ada, signed_in):
    other = signed_in(ada)
    given = {"do": "password", "current": PASSWORD, "password": NEW, "again": NEW}
    key = client.session.session_key
    client.post("/account/", given)

    assert client.get("/account/").status_code == 200
    assert client.session.session_key != key
    assert other.get("/account/")["Location"].startswith("/login/")
    assert User.objects.get(pk=ada.pk).check_password(NEW)


@pytest.mark.parametrize(
    "given", [{"current": "wrong"}, {"again": "another one of mine"}, {"password": "x", "again": "x"}]
)
def test_a_mistake_leaves_the_password(given, client, ada):
    client.post("/account/", {"do": "password", "current": PASSWORD, "password": NEW, "again": NEW, **given})

    assert len(said(client)) == 1
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)


def test_another_address_is_confirmed_by_two_links_and_two_buttons(client, ada):
    client.post("/account/", {"do": "email", "email": "new@example.com", "proof": PASSWORD})
    links = [re.search(r"http://testserver(/account/email/(\S+)/)", message.body) for message in mail.outbox]
    for link in links:
        page = client.get(link[1])  # opening alone confirms nothing: programs open links
        assert link[2] in page.content.decode()
    assert User.objects.get(pk=ada.pk).email == "ada@example.com"
    for link in links:
        client.post("/account/", {"do": "confirm", "token": link[2]})

    assert User.objects.get(pk=ada.pk).email == "new@example.com"


def test_sessions_are_listed_and_ended(client, ada, signed_in):
    other = signed_in(ada)
    sessions = client.get("/account/sessions/").context["sessions"]
    handle = next(one.handle for one in sessions if not one.is_this)
    client.post("/account/sessions/", {"session": handle})

    assert other.get("/")["Location"].startswith("/login/")
    assert client.get("/account/sessions/").status_code == 200


def test_the_roles_are_those_of_the_matrix(client):
    page = client.get("/account/roles/")

    assert page.context["own"] == "viewer"
    cells = {one.name: one.cells for one in page.context["page"].resources}
    assert cells["Content templates"][:4] == [
        "view, add, change, publish, share, export", "view, add, change, publish, share, export",
        "view, add, change, publish", "view",
    ]  # fmt: skip


def test_what_was_shared_is_found_there(client, ada, signed_in):
    row = content_template(tenant=ada.tenant, name="Autumn")
    owner = signed_in(person(tenant=ada.tenant, role="owner"))
    owner.post(f"/share/content_template/{row.pk}/", {"person": ada.pk, "what": "change", "reason": "She writes it"})

    assert [(one.title, one.what) for one in client.get("/account/").context["shared"]] == [("Autumn", "change")]


def test_an_operators_account_is_his_wherever_he_is(operator, ada, signed_in):
    client = signed_in(operator)
    client.post("/tenants/enter/", {"tenant": ada.tenant_id, "reason": "To look"})
    client.post("/account/", {"do": "name", "full_name": "Olive"})

    assert User.objects.get(pk=operator.pk).full_name == "Olive"
