"""The gate: what people of a tenant know of everybody's skills is what was published, on every way to a number."""

import datetime as dt

import pytest

from content.enums import Hiding
from content.models import HiddenMetrics, PublishedMetrics, PublishedPeriod, Skill, SkillMetricsDaily
from content.queries.numbers import band_of, best_skills, decision, numbers, periods, trends, unpublished
from security.exceptions import Refused
from security.scope import tenant_scope
from tests.arranging import made
from tests.factories.content import skill, skill_metrics
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
TODAY, OCTOBER = dt.date(2026, 11, 20), dt.date(2026, 10, 1)
RATES = {"pass_rate": 0.8, "defect_rate": 0.05, "selection_rate": 0.6, "approval_rate": 0.5}


def published(of, *, kind="month", first=OCTOBER, uses=40, tenants=5, **given) -> PublishedMetrics:
    return made(PublishedMetrics, kind=kind, first=first, skill=of, uses=uses, tenants=tenants, **{**RATES, **given})


def decided_now() -> dict[str, str]:
    """What `decision` says of each global skill."""
    rows = Skill.objects.filter(visibility="global").annotate(**decision("pk"))
    return {row.pk: unpublished(vars(row), is_global=row.is_global) for row in rows}


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def shared():
    """Everybody's skill with a daily row that nobody of a tenant may know."""
    found = skill(visibility="global")
    skill_metrics(skill=found, date=TODAY, uses=7, pass_rate=0.111, approval_rate=0.99, unique_tenants=2)
    return found


@pytest.fixture
def own(home):
    found = skill(visibility=f"tenant:{home.pk}")
    skill_metrics(skill=found, date=TODAY, uses=30, pass_rate=0.9, approval_rate=0.7)
    skill_metrics(skill=found, date=TODAY - dt.timedelta(days=1), uses=10, pass_rate=0.5, approval_rate=0.3)
    return found


def test_means_are_weighted_by_uses(own):
    known = numbers(TODAY)[own.pk]

    assert (known.uses, known.pass_rate, known.approval_rate) == (40, pytest.approx(0.8), pytest.approx(0.6))


def test_a_day_that_does_not_know_a_rate_does_not_count_for_it(own):
    skill_metrics(skill=own, date=TODAY - dt.timedelta(days=2), uses=60, pass_rate=None, cost_avg=None)

    known = numbers(TODAY)[own.pk]
    assert (known.uses, known.pass_rate) == (100, pytest.approx(0.8))


def test_thirty_days_and_no_more(own):
    skill_metrics(skill=own, date=TODAY - dt.timedelta(days=29), uses=1)
    skill_metrics(skill=own, date=TODAY - dt.timedelta(days=30), uses=1000)
    skill_metrics(skill=own, date=TODAY + dt.timedelta(days=1), uses=1000)

    assert numbers(TODAY)[own.pk].uses == 41


def test_a_tenant_knows_what_was_published_and_its_own(home, shared, own):
    published(shared)
    next_door = skill(visibility=f"tenant:{tenant().pk}")
    skill_metrics(skill=next_door, date=TODAY, uses=500)

    with tenant_scope(home.pk):
        known = numbers(TODAY)
        assert known.keys() == {shared.pk, own.pk}
        assert (known[shared.pk].uses, known[shared.pk].pass_rate, known[shared.pk].tenants) == (40, 0.8, "5–9")
        assert known[own.pk].uses == 40


def test_what_is_hidden_is_absent_on_every_way(home, shared, own):
    """Numbers, trend, best, periods, order; and by any SQL on the tables themselves."""
    made(HiddenMetrics, kind="month", first=OCTOBER, skill=shared, why=Hiding.FEW, tenants=4, uses=9)

    with tenant_scope(home.pk):
        assert numbers(TODAY).keys() == {own.pk}
        assert trends(TODAY, [shared.pk, own.pk]).keys() == {own.pk}
        assert [best.skill_id for best in best_skills(TODAY)] == [own.pk]
        assert periods(shared.pk) == []
        assert not SkillMetricsDaily.objects.filter(skill=shared.pk).exists()
        with pytest.raises(Refused):
            HiddenMetrics.objects.count()


def test_the_newest_published_month_counts(home, shared):
    published(shared, first=dt.date(2026, 9, 1), uses=99)
    published(shared, first=OCTOBER, uses=40)
    published(skill(visibility="global"), first=dt.date(2026, 9, 1))

    with tenant_scope(home.pk):
        assert {key: known.uses for key, known in numbers(TODAY).items()} == {shared.pk: 40}


def test_the_platform_reads_the_daily_rows_and_what_is_hidden(shared):
    published(shared, first=dt.date(2026, 9, 1))
    made(PublishedPeriod, kind="month", first=OCTOBER, shown=0, hidden=1)
    made(HiddenMetrics, kind="month", first=OCTOBER, skill=shared, why=Hiding.FEW, tenants=4, uses=9)

    assert numbers(TODAY)[shared.pk].uses == 7
    assert decided_now() == {shared.pk: Hiding.FEW.label}
    assert [(shown.first.month, shown.why, shown.tenants) for shown in periods(shared.pk)] == [
        (10, Hiding.FEW, 4), (9, None, 0),
    ]  # fmt: skip


def test_what_is_published_now_is_told_apart_from_what_is_not_decided(shared):
    made(PublishedPeriod, kind="month", first=OCTOBER, shown=1, hidden=0)
    published(shared)

    assert decided_now() == {shared.pk: ""}


def test_what_was_hidden_in_an_earlier_month_is_not_decided_now(shared):
    made(HiddenMetrics, kind="month", first=dt.date(2026, 9, 1), skill=shared, why=Hiding.FEW, tenants=4, uses=9)
    for first in (dt.date(2026, 9, 1), OCTOBER):
        made(PublishedPeriod, kind="month", first=first, shown=1, hidden=0)

    assert decided_now() == {shared.pk: "Not published yet"}


def test_a_trend_is_days_for_own_and_weeks_for_everybodys(home, shared, own):
    monday = dt.date(2026, 11, 9)
    published(shared, kind="week", first=monday, pass_rate=0.7)
    published(shared, kind="week", first=monday - dt.timedelta(weeks=14), pass_rate=0.1)

    with tenant_scope(home.pk):
        assert trends(TODAY, [shared.pk, own.pk]) == {
            shared.pk: [(monday, 0.7)], own.pk: [(TODAY - dt.timedelta(days=1), 0.5), (TODAY, 0.9)],
        }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "is_best"),
    [
        ({"uses": 9}, False), ({"uses": 10}, True), ({"uses": 11}, True), ({"status": "testing"}, False),
        ({"status": "champion"}, True), ({"status": "retired"}, False),
    ],
    ids=str,
)  # fmt: skip
def test_the_best_are_in_use_and_were_used_ten_times(given, is_best, home):
    found = skill(visibility="global", status=given.get("status", "active"))
    skill_metrics(skill=found, date=TODAY, uses=given.get("uses", 50), approval_rate=0.5)
    published(found, uses=given.get("uses", 50))

    assert bool(best_skills(TODAY)) == is_best
    with tenant_scope(home.pk):
        assert bool(best_skills(TODAY)) == is_best


def test_the_best_ten_by_approval(home):
    for place in range(12):
        found = skill(name=f"{place}", visibility="global")
        skill_metrics(skill=found, date=TODAY, uses=20, approval_rate=place / 20)
        published(found, approval_rate=0.9 - place / 20)

    assert [best.name for best in best_skills(TODAY)] == [str(place) for place in range(11, 1, -1)]
    with tenant_scope(home.pk):
        assert [best.name for best in best_skills(TODAY)] == [str(place) for place in range(10)]


@pytest.mark.parametrize(
    ("rate", "band"),
    [(None, ""), (1.0, "champion"), (0.85, "champion"), (0.8499, "active"), (0.70, "active"), (0.6999, "testing"),
     (0.5, "testing"), (0.4999, "failing"), (0.0, "failing")],
)  # fmt: skip
def test_bands_of_success(rate, band):
    assert band_of(rate) == band
