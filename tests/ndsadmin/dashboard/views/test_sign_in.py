import pytest
from django.test import Client

from security.models import AuditLog
from tests.factories.tenants import PASSWORD, person, platform_person

pytestmark = pytest.mark.django_db


def enter(client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"email": email, "password": password, **more})


def test_a_person_of_the_platform_comes_in(client):
    platform_person(email="ada@example.com")

    assert enter(client, "ada@example.com")["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.get("/login/")["Location"] == "/"


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("eve@example.com", PASSWORD)])
def test_unknown_and_wrong_get_the_same_answer(client, email, password):
    platform_person(email="ada@example.com")

    response = enter(client, email, password)

    assert response.status_code == 403
    assert response.context["form"].non_field_errors() == ["That e-mail and password do not go together."]


def test_people_of_tenants_come_in(client):
    person(email="ada@example.com")

    assert enter(client, "ada@example.com")["Location"] == "/"
    assert client.get("/").status_code == 200


def test_who_is_known_in_several_workspaces_chooses(client):
    platform_person(email="ada@example.com")
    who = person(email="ada@example.com")

    asked = enter(client, "ada@example.com", next="/data/")
    assert [p.pk for p in asked.context["people"]][1] == who.pk
    assert client.get("/").status_code == 302  # nobody is in yet

    chosen = client.post("/login/", {"person": who.pk, "mark": asked.context["mark"], "next": "/data/"})
    assert chosen["Location"] == "/data/"
    assert client.get("/").wsgi_request.user == who


def test_nobody_comes_in_as_somebody_he_did_not_prove_to_be(client):
    """Dies where the form alone says who comes in."""
    platform_person(email="ada@example.com")
    person(email="ada@example.com")
    other = platform_person(email="eve@example.com")

    assert client.post("/login/", {"person": other.pk})["Location"] == "/login/"
    mark = enter(client, "ada@example.com").context["mark"]
    assert client.post("/login/", {"person": other.pk, "mark": mark}).status_code == 403
    assert client.post("/login/", {"person": other.pk, "mark": mark})["Location"] == "/login/"


def test_proofs_are_no_use_to_who_planted_the_session(client):
    """Dies where proofs go into a session whose key somebody else may know, or stay when the door is opened again."""
    platform_person(email="ada@example.com")
    who = person(email="ada@example.com")
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["nds_session"] = session.session_key
    mark = enter(client, "ada@example.com").context["mark"]
    assert client.cookies["nds_session"].value != session.session_key

    assert client.post("/login/", {"person": who.pk})["Location"] == "/login/"  # without the mark of the form
    mark = enter(client, "ada@example.com").context["mark"]
    client.get("/login/")
    assert client.post("/login/", {"person": who.pk, "mark": mark})["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_a_choice_waits_for_five_minutes(client):
    platform_person(email="ada@example.com")
    who = person(email="ada@example.com")
    mark = enter(client, "ada@example.com").context["mark"]
    session = client.session
    session["proved"] = {**session["proved"], "until": 0}
    session.save()

    assert client.post("/login/", {"person": who.pk, "mark": mark})["Location"] == "/login/"


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/data/tenants/tenant/?status=active", "/data/tenants/tenant/?status=active"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("\\\\evil.example", "/"),
    ],
)
def test_one_is_led_on_within_this_site_alone(client, wanted, led):
    platform_person(email="ada@example.com")

    assert enter(client, "ada@example.com", next=wanted)["Location"] == led


@pytest.mark.parametrize("password", ["x" * 80, "x" * 2000, "\x00", ""])
def test_no_password_breaks_the_door(client, password):
    platform_person(email="ada@example.com")

    assert enter(client, "ada@example.com", password).status_code in {200, 403}


def test_the_session_is_another_after_signing_in(client):
    platform_person(email="ada@example.com")
    client.get("/login/")
    before = client.cookies.get("nds_session")

    enter(client, "ada@example.com")

    assert client.cookies["nds_session"].value != (before.value if before else None)


def test_leaving_ends_the_session_and_is_recorded(client):
    platform_person(email="ada@example.com")
    enter(client, "ada@example.com")

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"

    assert client.get("/").status_code == 302
    assert list(AuditLog.objects.order_by("log_id").values_list("action", flat=True)) == ["login", "logout"]


def test_a_form_of_somebody_elses_is_refused():
    assert enter(Client(enforce_csrf_checks=True), "ada@example.com").status_code == 403
