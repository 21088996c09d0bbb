import datetime as dt
import random
from collections import Counter

import pytest
from django.db import connection

from content.enums import Hiding, PeriodKind
from content.kanon import Period, blurred, month_of, verdict, weeks_of
from content.models import HiddenMetrics, PublishedMetrics, PublishedPeriod
from content.services.periods import publish_skills
from content.services.roll_up import roll_up_skills
from security.models import AuditLog
from tests.arranging import arranging
from tests.content.solving import random_parts, recoverable
from tests.factories.content import generated_content, revision_event, skill, skill_metrics
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
OCTOBER = month_of(dt.date(2026, 10, 1))
FIRST, *_, LAST = weeks_of(OCTOBER)
NOVEMBER = dt.date(2026, 11, 1)


def used(made, by, day: dt.date, times: int = 1, **given) -> None:
    for _ in range(times):
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        values = {"guard_pass_rate": 1.0, "cost": 0.2, "generation_time_ms": 100, **given}
        generated_content(tenant=by, skill=made, skill_version_id="v1", created_at=noon, **values)


def published(today: dt.date = NOVEMBER) -> list[PublishedPeriod]:
    roll_up_skills(OCTOBER.first, OCTOBER.last)
    return publish_skills(today)


def test_a_week_says_what_its_content_says():
    """Numbers against plain Python, on random data; the platform's own uses do not count."""
    chance, made = random.Random(4), skill()
    uses = []
    for by in [tenant() for _ in range(7)]:
        for _ in range(chance.randrange(3, 7)):
            use = {"guard_pass_rate": chance.choice([0.5, 1.0, None]), "user_selected": chance.choice([True, False]),
                   "user_approved": chance.choice([True, None]), "cost": chance.choice([0.1, 0.4, None])}  # fmt: skip
            used(made, by, FIRST.first + dt.timedelta(days=chance.randrange(7)), **use)
            uses.append(use)
    used(made, tenant(tenant_id="platform"), FIRST.first, 50)

    published(FIRST.last + dt.timedelta(days=1))

    row, costs = PublishedMetrics.objects.get(), [use["cost"] for use in uses if use["cost"]]
    assert (row.kind, row.first, row.uses, row.tenants) == ("week", FIRST.first, len(uses), 5)
    assert row.pass_rate == blurred(sum((use["guard_pass_rate"] or 0) >= 1 for use in uses) / len(uses))
    assert row.selection_rate == blurred(sum(use["user_selected"] for use in uses) / len(uses))
    assert row.approval_rate == blurred(sum(use["user_approved"] is True for use in uses) / len(uses))
    assert row.cost_avg == pytest.approx(sum(costs) / len(costs), abs=1e-4)
    assert (row.latency_p50, row.latency_p95) == (100, 100)


@pytest.mark.parametrize(("tenants", "why"), [(4, Hiding.FEW), (5, None), (6, None)], ids=["under", "at", "over"])
def test_five_tenants_publish_four_do_not(tenants, why):
    made = skill()
    for by in [tenant() for _ in range(tenants)]:
        used(made, by, FIRST.first)

    published(FIRST.last + dt.timedelta(days=1))

    assert list(HiddenMetrics.objects.values_list("why", "tenants", "uses")) == ([(why, 4, 4)] if why else [])
    assert PublishedMetrics.objects.count() == (not why)


def test_private_skills_are_not_published():
    owner = tenant()
    made = skill(visibility=f"tenant:{owner.pk}")
    for by in [owner, *(tenant() for _ in range(6))]:
        used(made, by, FIRST.first)

    published()

    assert not PublishedMetrics.objects.exists()
    assert not HiddenMetrics.objects.exists()


def test_what_is_published_stays_whatever_comes_in_later():
    """Numbers that changed would tell of the few who came late."""
    made, people = skill(), [tenant() for _ in range(6)]
    for by in people:
        used(made, by, FIRST.first)
    published(FIRST.last + dt.timedelta(days=1))
    before = list(PublishedMetrics.objects.values_list())
    used(made, people[0], FIRST.first, 3, guard_pass_rate=0.0)

    assert published(FIRST.last + dt.timedelta(days=1)) == []

    assert list(PublishedMetrics.objects.values_list()) == before


def test_each_period_is_decided_once_in_order_and_recorded():
    made, people = skill(), [tenant() for _ in range(6)]
    for day in sorted(OCTOBER.days):
        for by in people:
            used(made, by, day)

    early = published(OCTOBER.last)
    late = published()

    weeks = [week.first for week in weeks_of(OCTOBER)]
    assert [(period.kind, period.first) for period in early] == [("week", first) for first in weeks[:-1]]
    assert [(period.kind, period.first) for period in late] == [("month", OCTOBER.first), ("week", weeks[-1])]
    assert [(period.shown, period.hidden) for period in [*early, *late]] == [(1, 0)] * 4
    entries = AuditLog.objects.filter(action="publish_metrics").order_by("timestamp", "log_id")
    assert sorted(len(entry.metadata["periods"]) for entry in entries) == [2, 2]


def test_what_is_hidden_is_counted_with_its_reason():
    """One tenant dominates; four are too few; and a month that would tell of four is hidden beside its weeks."""
    big, small, edged = skill(), skill(), skill()
    people = [tenant() for _ in range(6)]
    for by in people:
        used(big, by, FIRST.first, 40 if by is people[0] else 1)
        used(edged, by, FIRST.first)
    for by in people[:4]:
        used(small, by, FIRST.first)
        used(edged, by, OCTOBER.last)
    published()

    found = HiddenMetrics.objects.filter(kind="month").values_list("skill_id", "why")
    assert dict(found) == {big.pk: Hiding.DOMINATED, small.pk: Hiding.FEW, edged.pk: Hiding.COMPLEMENT}
    assert list(PublishedMetrics.objects.values_list("skill_id", "kind")) == [(edged.pk, "week")]


def test_a_defect_counts_once():
    made, people = skill(), [tenant() for _ in range(5)]
    for by in people:
        used(made, by, FIRST.first, 4)
    use = type(made).objects.get(pk=made.pk).generatedcontent_set.first()
    for event in [revision_event(classification="defect") for _ in range(5)]:
        with arranging():
            type(event).objects.filter(pk=event.pk).update(content=use)
    for other in made.generatedcontent_set.exclude(pk=use.pk)[:2]:
        event = revision_event(classification="defect")
        with arranging():
            type(event).objects.filter(pk=event.pk).update(content=other)

    published(FIRST.last + dt.timedelta(days=1))

    assert PublishedMetrics.objects.get().defect_rate == 3 / 20


def test_cost_and_times_pass_the_gate_by_themselves():
    """Known of one tenant's uses alone they would be that tenant's."""
    made, people = skill(), [tenant() for _ in range(5)]
    for by in people:
        used(made, by, FIRST.first, 4, cost=None, generation_time_ms=None)
    used(made, people[0], FIRST.first, 1, cost=0.1234, generation_time_ms=777)

    published(FIRST.last + dt.timedelta(days=1))

    row = PublishedMetrics.objects.get()
    assert (row.uses, row.cost_avg, row.latency_p50, row.latency_p95) == (21, None, None, None)


@pytest.mark.parametrize("known", ["first week", "rest"])
def test_a_months_cost_is_told_where_its_weeks_and_the_rest_are(known):
    """Else month less weeks would be the cost of days that did not pass."""
    made, people = skill(), [tenant() for _ in range(6)]
    for by in people:
        used(made, by, FIRST.first, cost=0.2 if known == "first week" else None)
        used(made, by, OCTOBER.last, cost=0.2 if known == "rest" else None)
    published()

    costs = {row.kind: row.cost_avg for row in PublishedMetrics.objects.filter(first__lte=FIRST.first)}
    assert costs == {"week": 0.2 if known == "first week" else None, "month": None}


def test_a_month_less_its_weeks_is_its_other_days_whatever_came_late():
    """Forty late uses of one tenant in a published week are in no difference."""
    made, people = skill(), [tenant() for _ in range(6)]
    for by in people:
        used(made, by, FIRST.first, 2)
    published(FIRST.last + dt.timedelta(days=1))
    used(made, people[0], FIRST.first, 40, guard_pass_rate=0.0)
    for by in people:
        used(made, by, OCTOBER.last, guard_pass_rate=0.5 if by is people[0] else 1.0)
    published()

    week, month = PublishedMetrics.objects.get(kind="week"), PublishedMetrics.objects.get(kind="month")
    assert (week.uses, month.uses) == (12, 18)
    assert month.pass_rate == blurred((week.pass_rate * 12 + 5) / 18)


@pytest.mark.parametrize("seed", range(3))
def test_of_what_is_stored_nothing_is_recovered_of_a_group_under_five(seed):
    """Random uses, costs and times, rolled up and published as the clock does it; each column that is told is solved.

    Dies where a value is told without the gate of its own uses, or where money does not pass it.
    """
    chance, made = random.Random(seed), skill()
    months = [OCTOBER, month_of(NOVEMBER)]
    parts = {day: dict(list(by.items())[:8]) for day, by in random_parts(chance, months).items()}
    homes = {name: tenant() for name in sorted({name for by in parts.values() for name in by})}
    dear = chance.choice(sorted(homes))
    known: dict[str, dict[dt.date, dict[str, float]]] = {"uses": {}, "priced": {}, "cost": {}, "timed": {}}
    for day, by in parts.items():
        for name, times in by.items():
            for _ in range(min(times, 3)):
                cost = chance.choice([None, 0.2, 0.4]) if name != dear else 40.0
                time = chance.choice([None, 100, 900])
                used(made, homes[name], day, cost=cost, generation_time_ms=time)
                counts = {"uses": 1, "priced": cost is not None, "cost": cost or 0.0, "timed": time is not None}
                for column, count in counts.items():
                    cell = known[column].setdefault(day, {})
                    cell[name] = cell.get(name, 0) + count

    for month in months:
        roll_up_skills(month.first, month.last)
    publish_skills(dt.date(2026, 12, 1))

    rows = {Period.beginning(PeriodKind(row.kind), row.first): row for row in PublishedMetrics.objects.all()}
    gates = {"uses": ["uses"], "cost_avg": ["priced", "cost"], "latency_p50": ["timed"], "latency_p95": ["timed"]}
    for column, needed in gates.items():
        for group in recoverable(period for period, row in rows.items() if getattr(row, column) is not None):
            for gate in needed:
                sums = Counter()
                for day in group:
                    sums.update(known[gate].get(day, {}))
                assert verdict(sums.values()) is None, (column, gate, sorted(group), sums)


def test_times_are_told_of_the_uses_that_pass_the_gate_and_of_no_others():
    """Six tenants in the days before the roll-up began, one of them after: that one's time is not the month's."""
    made, homes = skill(), [tenant() for _ in range(6)]
    for by in homes:
        used(made, by, OCTOBER.first + dt.timedelta(days=18))
    used(made, homes[0], OCTOBER.first + dt.timedelta(days=24), generation_time_ms=98_765)
    roll_up_skills(OCTOBER.first + dt.timedelta(days=23), OCTOBER.last)

    publish_skills(NOVEMBER)

    row = PublishedMetrics.objects.get(kind="month")
    assert (row.uses, row.latency_p50, row.latency_p95) == (7, None, None)


def test_who_pays_most_of_it_is_not_told_by_the_mean():
    made, homes = skill(), [tenant() for _ in range(5)]
    for by in homes:
        used(made, by, OCTOBER.first + dt.timedelta(days=18), 4, cost=500.0 if by is homes[0] else 0.001)

    published()

    row = PublishedMetrics.objects.get(kind="month")
    assert (row.uses, row.cost_avg, row.latency_p50) == (20, None, 100)


def test_what_nobody_did_on_the_other_days_is_not_told_by_a_subtraction():
    """Month less weeks: a rate of the rest under the edge reads as the edge."""
    made, homes = skill(), [tenant() for _ in range(6)]
    for by in homes:
        used(made, by, FIRST.first, 5, user_approved=True)
        used(made, by, OCTOBER.first, 5, user_approved=None)

    published()

    week = PublishedMetrics.objects.get(kind="week", first=FIRST.first)
    month = PublishedMetrics.objects.get(kind="month")
    rest = (month.approval_rate * month.uses - week.approval_rate * week.uses) / (month.uses - week.uses)
    assert rest == pytest.approx(0.05, abs=0.001)


def test_a_day_that_is_none_stops_no_period():
    made = skill()
    for by in [tenant() for _ in range(5)]:
        used(made, by, FIRST.first)
    skill_metrics(skill=made, date=FIRST.first)
    with arranging(), connection.cursor() as cursor:
        cursor.execute("UPDATE skill_metrics_daily SET date = '2026-09-31'")

    skill_metrics(skill=made, date=FIRST.first)

    assert [row.kind for row in publish_skills(NOVEMBER)][-2:] == ["month", "week"]
