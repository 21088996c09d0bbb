import dataclasses

import pytest
from django.test import RequestFactory

from security.middleware import USER_AGENT_LENGTH, client_address, scope_of
from security.roles import Role


def request(**headers):
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR="198.51.100.7")


@pytest.fixture
def behind(settings):
    def proxies(number: int) -> None:
        settings.NDS = dataclasses.replace(settings.NDS, proxies=number)

    return proxies


def test_without_proxies_of_ours_a_forwarded_address_proves_nothing():
    assert client_address(request(x_forwarded_for="203.0.113.9")) == "198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "evil, 203.0.113.9", "203.0.113.9"),
        (2, "evil, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "", "198.51.100.7"),
    ],
)
def test_behind_proxies_the_address_is_counted_from_the_right(behind, proxies, forwarded, address):
    """Dies where the leftmost entry, which the sender writes, is believed."""
    behind(proxies)

    assert client_address(request(x_forwarded_for=forwarded)) == address


def test_the_scope_holds_who_acts_and_from_where(operator):
    asked = request(user_agent="x" * 1000)
    asked.user, asked.session = operator, {}

    scope = scope_of(asked)

    assert (scope.actor_id, scope.role, scope.ip_address) == (operator.pk, Role.OPERATOR, "198.51.100.7")
    assert len(scope.user_agent) == USER_AGENT_LENGTH


def test_each_request_has_an_id_of_its_own(client_of_operator):
    """An id that the sender brings is not taken: the audit log tells requests apart by it."""
    ids = {client_of_operator.get("/", headers={"x-request-id": "mine"})["X-Request-ID"] for _ in range(2)}

    assert len(ids) == 2
    assert "mine" not in ids
