import pytest
from django.test import Client, override_settings

from ndsadmin.dashboard.views.errors import bad_request, server_error
from security.services import rows

pytestmark = pytest.mark.django_db


def test_a_page_that_is_not_there_says_so(client_of_operator):
    response = client_of_operator.get("/nothing/")

    assert (response.status_code, "There is nothing at this address" in response.content.decode()) == (404, True)


def test_a_page_that_is_not_for_a_role_says_so(support, signed_in):
    response = signed_in(support).get("/data/security/auditlog/")

    assert (response.status_code, "Your role does not allow this" in response.content.decode()) == (403, True)


def test_what_broke_tells_nothing_of_what_is_inside(client_of_operator, monkeypatch, operator):
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(rows, "update_row", fail)
    monkeypatch.setattr("ndsadmin.site.listing", fail)
    client_of_operator.raise_request_exception = False

    response = client_of_operator.get("/data/tenants/tenant/")

    assert response.status_code == 500
    assert "Something broke" in response.content.decode()
    assert "secret detail" not in response.content.decode()


def test_the_pages_stand_alone(rf):
    assert server_error(rf.get("/")).status_code == 500
    assert bad_request(rf.get("/"), ValueError()).status_code == 400


def test_an_expired_form_says_so():
    response = Client(enforce_csrf_checks=True).post("/login/", {})

    assert "The form had expired" in response.content.decode()


@override_settings(ALLOWED_HOSTS=["nds.example"])
def test_another_host_is_refused(client):
    assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400
