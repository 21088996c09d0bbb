import pytest

from ndsadmin.trail.completing import SHOWN, completions
from security.roles import Role
from tenants.models import Tenant
from tests.factories.tenants import person
from tests.ndsadmin.trail.conftest import reading_as

pytestmark = pytest.mark.django_db


def texts(term: str) -> list[str]:
    return [one.text for one in completions(term)]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("a", ["actor:", "action:", "after:"]),
        ("-ac", ["-actor:", "-action:"]),
        ("zzz", []),
        ("action:c", ["action:create_post", "action:cross_tenants"]),
        ("-action:login", ["-action:login"]),
        ("actor:bo", ["actor:bob@glass.example"]),
        ("actor:no", ["actor:nobody"]),
        ("tenant:n", ['tenant:t1']),
        ("tenant:pl", ["tenant:platform", "tenant:platform"]),
        ("ok:", ["ok:true", "ok:false"]),
        ("after:t", ["after:today"]),
        ("resource:post_a", ["resource:post_analytics"]),
        ("ip:1", []),
    ],
)  # fmt: skip
def test_what_can_follow(term, expected, world):
    with reading_as(Role.AUDITOR):
        assert texts(term) == expected


def test_a_tenant_is_offered_its_own_alone(world):
    """Dies where the names or addresses of others are offered."""
    with reading_as(Role.OWNER, "t1", "u-ada"):
        assert texts("actor:bo") == []
        assert texts("tenant:") == []
        assert "tenant:" not in texts("")
        assert texts("action:l") == []
        assert texts("actor:ad") == ["actor:ada@steel.example"]


def test_a_member_is_offered_no_people(world):
    """He may not see who else works here."""
    with reading_as(Role.MEMBER, "t1", "u-ada"):
        assert texts("actor:ad") == []


def test_a_member_is_offered_what_he_did_himself(world):
    """Dies where the actions of others are told."""
    with reading_as(Role.MEMBER, "t1", "u-ada"):
        assert texts("action:") == ["action:create_post", "action:update_user"]
    with reading_as(Role.MEMBER, "t1", "somebody"):
        assert texts("action:") == []


def test_no_more_are_offered_than_can_be_read(world):
    for number in range(SHOWN + 3):
        person(tenant=Tenant.objects.get(pk="t1"), email=f"many{number}@example.com")
    with reading_as(Role.AUDITOR):
        assert len(texts("actor:many")) == SHOWN
