import re

import pytest
from django.core import mail
from django.test import Client

from tenants.models import User
from tenants.services import mail as mails
from tests.factories.tenants import PASSWORD, person

pytestmark = pytest.mark.django_db
NEW = "a whole new sentence of mine"


def link(kind: str) -> str:
    """The newest link that was mailed, as a path."""
    mails._behind.submit(lambda: None).result()
    found = re.search(rf"http://testserver(/{kind}\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


@pytest.fixture
def invited(signed_in) -> str:
    signed_in(person(role="owner")).post("/people/", {"do": "invite", "email": "ada@example.com", "role": "viewer"})
    return link("join/")


def test_asvs_14_2_1_the_token_does_not_stay_in_the_address(invited, client):
    """Dies where the form stands behind the mailed address: history and referrer would keep the token."""
    response = client.get(invited)

    assert response["Location"] == "/join/"
    assert invited.split("/")[-2] not in client.get("/join/").content.decode()


def test_who_is_invited_comes_in_at_once(invited, client):
    client.get(invited)
    assert "ada@example.com" in client.get("/join/").content.decode()
    assert client.post("/join/", {"full_name": "Ada", "password": NEW, "again": NEW})["Location"] == "/"

    assert client.get("/").wsgi_request.user.email == "ada@example.com"
    assert client.get(invited)["Location"] == "/join/"
    assert client.get("/join/").status_code == 404


def test_asvs_7_2_4_the_session_is_another_after_joining(invited, client):
    client.get(invited)
    before = client.session.session_key
    client.post("/join/", {"full_name": "Ada", "password": NEW, "again": NEW})

    assert client.session.session_key != before


def test_who_was_signed_in_as_somebody_else_is_not_any_more(invited, signed_in):
    client = signed_in(person())
    client.get(invited)
    client.post("/join/", {"full_name": "Ada", "password": NEW, "again": NEW})

    assert client.get("/").wsgi_request.user.email == "ada@example.com"


@pytest.mark.parametrize(("given", "told"), [
    ({"password": "short", "again": "short"}, "at least 12 characters"), ({"again": "different one here"}, "differ"),
    ({"full_name": ""}, "required"), ({"password": "password1234", "again": "password1234"}, "too common"),
])  # fmt: skip
def test_a_mistake_is_said_and_may_be_mended(given, told, invited, client):
    client.get(invited)
    response = client.post("/join/", {"full_name": "Ada", "password": NEW, "again": NEW, **given})

    assert response.status_code == 400
    assert told in response.content.decode()
    assert client.post("/join/", {"full_name": "Ada", "password": NEW, "again": NEW})["Location"] == "/"


@pytest.mark.parametrize("address", ["/join/", "/login/new-password/"])
def test_without_a_link_there_is_nothing(address, client):
    assert client.get(address).status_code == 404
    assert client.post(address, {"password": NEW, "again": NEW}).status_code == 404


@pytest.mark.parametrize("uid", ["x", "%00", "aGVsbG8", "===", "ü"])
def test_a_link_that_is_none_is_none(uid, client):
    client.get(f"/login/new-password/{uid}/c0ffee-deadbeef/")

    assert client.get("/login/new-password/").status_code == 404


def test_a_forgotten_password_is_set_anew(client):
    ada = person(email="ada@example.com")
    asked = client.post("/login/forgotten/", {"email": "ada@example.com"})
    assert "a link is on its way" in asked.content.decode()
    client.get(link("login/new-password/"))
    client.post("/login/new-password/", {"password": NEW, "again": NEW})

    assert User.objects.get(pk=ada.pk).check_password(NEW)
    assert client.get("/login/new-password/").status_code == 404
    assert client.post("/login/", {"email": "ada@example.com", "password": NEW})["Location"] == "/"


def test_asvs_6_3_8_the_answer_is_the_same_for_an_address_that_there_is_not():
    person(email="ada@example.com")
    pages = [Client().post("/login/forgotten/", {"email": email}).content for email in ("ada@example.com", "e@x.yz")]

    assert pages[0] == pages[1]


def test_asking_again_and_again_ends(client):
    answers = [client.post("/login/forgotten/", {"email": "ada@example.com"}).status_code for _ in range(12)]

    assert answers == [200] * 10 + [429] * 2


def test_a_reset_leaves_a_throttle_of_the_door_alone(client):
    """Two counters: asking for links does not lock the door."""
    person(email="ada@example.com")
    for _ in range(10):
        client.post("/login/forgotten/", {"email": "ada@example.com"})

    assert client.post("/login/", {"email": "ada@example.com", "password": PASSWORD})["Location"] == "/"
