import pytest

from content.exceptions import SkillRefused
from content.services.events import checked_reason, event_actor, is_system, may_touch
from security.roles import Verb
from security.scope import platform_scope, tenant_scope
from tests.content.services.arranging import by, operators
from tests.factories.content import skill
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reason", ["ab", " ab ", "x" * 1001, "a\0bc"])
def test_a_reason_says_something(reason):
    with pytest.raises(SkillRefused, match="reason"):
        checked_reason(reason)


def test_a_reason_is_kept_without_what_surrounds_it():
    assert checked_reason("  because  ") == "because"


def test_events_name_the_person_or_the_system():
    (who, _) = operators()

    with by(who):
        assert (event_actor(), is_system()) == (f"admin:{who.pk}", False)
    with platform_scope(reason="Clock", command="skills"):
        assert (event_actor(), is_system()) == ("system_auto", True)


@pytest.mark.parametrize(
    ("role", "verb", "own", "is_allowed"),
    [
        ("owner", Verb.CHANGE, True, True), ("admin", Verb.PUBLISH, True, True), ("member", Verb.CHANGE, True, False),
        ("viewer", Verb.PUBLISH, True, False), ("owner", Verb.CHANGE, False, False),
    ],
)  # fmt: skip
def test_who_touches_a_skill_in_a_tenant(role, verb, own, is_allowed):
    home = tenant()
    who = person(tenant=home, role=role)
    found = skill(visibility=f"tenant:{home.pk}" if own else "global")

    with tenant_scope(home.pk, actor=who):
        assert may_touch(found, verb, who) == is_allowed


@pytest.mark.parametrize(("role", "is_allowed"), [("owner", True), ("viewer", False), ("member", False)])
def test_of_the_platform_operators_touch_all(role, is_allowed):
    who = platform_person(role=role)

    with by(who):
        assert may_touch(skill(visibility="global"), Verb.CHANGE, who) == is_allowed
