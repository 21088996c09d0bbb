import datetime as dt

import pytest

from content.models import Skill
from content.queries.retiring import due_retirements
from content.services.skills import retire_at_once
from security.models import SharingEvent
from security.scope import platform_scope
from tests.factories.content import skill, skill_metrics
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
TODAY = dt.date(2026, 11, 20)


def used(**given) -> Skill:
    found = skill(visibility=given.pop("visibility", "global"), status=given.pop("status", "active"))
    day = TODAY - dt.timedelta(days=given.pop("ago", 0))
    skill_metrics(skill=found, date=day, **{"uses": 60, "pass_rate": 0.9, "defect_rate": 0.0, **given})
    return found


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({"defect_rate": 0.5}, None), ({"defect_rate": 0.51}, True), ({"defect_rate": 0.51, "uses": 9}, None),
        ({"defect_rate": 0.51, "status": "retired"}, None),
        ({"pass_rate": 0.5}, None), ({"pass_rate": 0.49}, False), ({"pass_rate": 0.49, "ago": 7}, None),
        ({"pass_rate": 0.69, "status": "testing"}, False), ({"pass_rate": 0.7, "status": "testing"}, None),
        ({"pass_rate": 0.69, "status": "testing", "uses": 49}, None),
        ({"pass_rate": 0.69, "status": "testing", "uses": 50}, False),
    ],
    ids=str,
)  # fmt: skip
def test_each_rule_at_its_threshold(given, due):
    """``due`` is whether it goes at once; None where it stays."""
    used(**given)

    assert [one.at_once for one in due_retirements(TODAY)] == ([] if due is None else [due])


@pytest.mark.parametrize(("uses", "due"), [(9, []), (10, [False])])
def test_a_bad_week_is_concluded_from_ten_uses_in_it(uses, due):
    found = used(ago=20)
    skill_metrics(skill=found, date=TODAY, uses=uses, pass_rate=0.1, defect_rate=0.0)

    assert [one.at_once for one in due_retirements(TODAY)] == due


def test_the_clock_retires_everybodys_at_once_and_leaves_private_ones_to_people():
    shared, private = used(defect_rate=0.6), used(defect_rate=0.6, visibility=f"tenant:{tenant().pk}")
    suggested = used(pass_rate=0.3)

    with platform_scope(reason="Clock", command="skills"):
        assert [one.skill.pk for one in retire_at_once(TODAY)] == [shared.pk]

    statuses = {row.pk: row.status for row in Skill.objects.all()}
    assert statuses == {shared.pk: "retired", private.pk: "active", suggested.pk: "active"}
    event = SharingEvent.objects.get()
    assert (event.actor, event.tenant_id, event.reason) == ("system_auto", None, "60% of its uses were defects")
