import datetime as dt

import pytest

from content.queries.skills import awaiting_review
from tests.factories.content import skill, skill_metrics

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
OLD = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


def private(name: str, *days: tuple[int, float], **given):
    made = skill(**{"name": name, "visibility": "tenant:t1", "created_at": OLD, **given})
    for back, (uses, defects) in enumerate(days):
        skill_metrics(skill=made, date=TODAY - dt.timedelta(days=back), uses=uses, defect_rate=defects, pass_rate=0.9)


def test_private_skills_that_meet_the_numbers_await_review_the_most_used_first():
    private("Used", (100, 0.0), (50, 0.06))
    private("Most used", (400, 0.04))

    found = awaiting_review(TODAY)

    assert [(candidate.name, candidate.uses) for candidate in found] == [("Most used", 400), ("Used", 150)]
    assert found[1].defect_rate == pytest.approx(0.02)  # weighted by uses, no mean of rates


@pytest.mark.parametrize(
    ("days", "given"),
    [
        ([(99, 0.0)], {}),
        ([(100, 0.05)], {}),
        ([(100, 0.0)], {"created_at": dt.datetime(2026, 10, 30, tzinfo=dt.UTC)}),
        ([(100, 0.0)], {"visibility": "global"}),
        ([(100, 0.0)], {"status": "retired"}),
        ([(0, 0.0)] * 31 + [(100, 0.0)], {}),
    ],
    ids=["too few uses", "too many defects", "too young", "global already", "retired", "a month ago"],
)
def test_others_do_not(days, given):
    private("Not yet", *days, **given)

    assert awaiting_review(TODAY) == []


def test_days_without_rates_say_nothing():
    """Dies where they count as days without a defect."""
    made = skill(visibility="tenant:t1", created_at=OLD)
    for back, (uses, rate) in enumerate([(100, 0.08), (900, None)]):
        skill_metrics(skill=made, date=TODAY - dt.timedelta(days=back), uses=uses, defect_rate=rate, pass_rate=rate)
    private("Never judged", (500, None))

    assert awaiting_review(TODAY) == []


def test_one_query(django_assert_num_queries):
    private("Used", (100, 0.0))
    with django_assert_num_queries(1):
        awaiting_review(TODAY)
