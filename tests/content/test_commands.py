"""`manage.py skills`: the clock's work, told in a line each; a second time there is nothing to do."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from content.models import Promotion, PublishedPeriod
from security.models import AuditLog
from tests.conftest import without_scope
from tests.content.services.arranging import TODAY, ripe
from tests.factories.content import generated_content, skill, skill_metrics
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 9)


def told(*words: str) -> list[str]:
    out = io.StringIO()
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12), dt.UTC), tick=False):
        without_scope(lambda: call_command("skills", *words, stdout=out))
    return out.getvalue().splitlines()


def test_complete_weeks_are_published_once():
    shared = skill(visibility="global")
    skill_metrics(skill=shared, date=MONDAY)
    for _ in range(5):
        generated_content(tenant=tenant(), skill=shared, created_at=dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC))

    assert told("publish") == [
        "week of 2026-11-02: 0 skills shown, 0 hidden",
        "week of 2026-11-09: 1 skills shown, 0 hidden",
    ]
    assert told("publish") == ["There is nothing to do."]
    assert PublishedPeriod.objects.count() == 2
    entry = AuditLog.objects.get(action="publish_metrics")
    assert (entry.user_agent, entry.user_id) == ("manage.py skills", None)


def test_the_review_proposes_and_retires():
    found, bad = ripe(), skill(name="Bad", visibility="global")
    skill_metrics(skill=bad, date=TODAY, uses=20, defect_rate=0.6)

    assert told("review") == [
        f"{found.skill.name}: proposed for everybody", "Bad: retired, 60% of its uses were defects",
    ]  # fmt: skip
    assert told("review") == ["There is nothing to do."]
    assert Promotion.objects.get().proposed_by == "system_auto"


def test_it_says_what_it_can_do():
    with pytest.raises(CommandError, match="do"):
        told()
