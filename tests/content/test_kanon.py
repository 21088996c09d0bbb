"""What is published must not tell of a group under five, whoever subtracts what from what."""

import datetime as dt
import random

import pytest

from content.enums import Hiding, PeriodKind
from content.kanon import (
    K,
    Period,
    band,
    band_text,
    blurred,
    decided,
    due,
    month_of,
    rate_text,
    verdict,
    weeks_of,
)
from tests.content.solving import random_parts, recoverable

NOVEMBER = month_of(dt.date(2026, 11, 9))  # begins on a Sunday and ends on a Monday
LATER = dt.date(2027, 6, 1)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], Hiding.FEW),
        ([9, 9, 9, 9], Hiding.FEW),
        ([9, 9, 9, 9, 0], Hiding.FEW),
        ([9, 9, 9, 9, 9], None),
        ([1, 1, 1, 1, 1, 1], None),
        ([30, 2, 2, 2, 4], None),  # the largest has exactly three quarters; beside the second 6 are left of 4.5
        ([31, 2, 2, 2, 4], Hiding.DOMINATED),
        ([100, 90, 5, 5, 5], None),  # 15 of 100 are left: exactly 15 %
        ([101, 90, 5, 5, 5], Hiding.DOMINATED),
    ],
)
def test_five_tenants_of_whom_none_dominates(parts, why):
    assert verdict(parts) == why
    assert verdict(reversed(parts)) == why


@pytest.mark.parametrize(
    ("tenants", "low", "text"), [(5, 5, "5–9"), (9, 5, "5–9"), (10, 10, "10–19"), (5000, 1000, "1,000 and more")]
)
def test_tenants_are_counted_in_bands(tenants, low, text):
    assert (band(tenants), band_text(low)) == (low, text)


@pytest.mark.parametrize(
    ("rate", "kept", "text"),
    [(0.0, 0.05, "≤ 5%"), (0.05, 0.05, "≤ 5%"), (0.06, 0.06, "6%"), (0.95, 0.95, "≥ 95%"), (1.0, 0.95, "≥ 95%")],
)
def test_what_all_did_is_not_told_from_what_most_did(rate, kept, text):
    assert blurred(rate) == kept
    assert rate_text(blurred(rate)) == text


def test_a_rate_that_is_unknown_is_none():
    assert rate_text(None) == "–"


def test_weeks_lie_in_one_month_and_the_last_waits_for_it():
    weeks = weeks_of(NOVEMBER)

    assert [week.first.day for week in weeks] == [2, 9, 16, 23]
    assert all(week.first.weekday() == 0 and week.days <= NOVEMBER.days for week in weeks)
    assert due(NOVEMBER, dt.date(2026, 11, 15)) == weeks[:1]
    assert due(NOVEMBER, dt.date(2026, 11, 16)) == weeks[:2]
    assert due(NOVEMBER, dt.date(2026, 11, 30)) == weeks[:3]
    assert due(NOVEMBER, dt.date(2026, 12, 1)) == [*weeks[:3], NOVEMBER, weeks[3]]


def test_a_month_of_whole_weeks_keeps_its_last_week_back():
    february = month_of(dt.date(2027, 2, 1))
    everybody = {day: dict.fromkeys("abcdefgh", 3) for day in february.days}

    assert len(weeks_of(february)) == 4
    shown, hidden = _publish(everybody, february)
    assert [period.first.day for period in shown] == [1, 8, 15, 1]
    assert list(hidden.values()) == [Hiding.COMPLEMENT]


def test_a_month_is_not_published_where_it_would_tell_of_the_days_beside_its_weeks():
    """The last whole week and the Sunday before the first are four tenants': month less weeks would be they."""
    busy, rest = weeks_of(NOVEMBER)[:3], {day: dict.fromkeys("abcd", 2) for day in NOVEMBER.days}
    parts = {**rest, **{day: dict.fromkeys("abcdefg", 2) for week in busy for day in week.days}}

    shown, hidden = _publish(parts, NOVEMBER)

    assert shown == busy
    assert hidden == {NOVEMBER: Hiding.COMPLEMENT, weeks_of(NOVEMBER)[3]: Hiding.FEW}


@pytest.mark.parametrize("seed", range(150))
def test_nobody_recovers_a_group_under_five(seed):
    """Random use over three months; all that can be worked out of what is published is told of five and more."""
    chance = random.Random(seed)
    months = [month_of(dt.date(2026, 1 + chance.randrange(9), 5))]
    for _ in range(2):
        months.append(month_of(months[-1].last + dt.timedelta(days=1)))
    parts = random_parts(chance, months)
    published = [period for month in months for period in _publish(parts, month)[0]]

    groups = recoverable(published)

    for group in groups:
        assert _tenants(parts, group) >= K, (published, sorted(group))
    assert sum(len(group) for group in groups) == len(set().union(*groups)), "groups overlap"


def test_the_solver_finds_what_would_be_told_without_the_gate():
    """Whole weeks beside the whole month tell of its edges; a week in two months, with both of them, of more."""
    weeks = weeks_of(NOVEMBER)
    december = month_of(dt.date(2026, 12, 1))
    straddling = Period(dt.date(2026, 11, 30), dt.date(2026, 12, 6), PeriodKind.WEEK)

    assert {dt.date(2026, 11, 1), dt.date(2026, 11, 30)} in recoverable([*weeks, NOVEMBER])
    between = recoverable([*weeks, NOVEMBER, december, *weeks_of(december), straddling])
    assert any(dt.date(2026, 11, 1) in group and dt.date(2026, 12, 31) in group for group in between)


def _publish(parts, month) -> tuple[list[Period], dict[Period, Hiding]]:
    """What is shown of a skill's month, in order, and what is hidden."""
    shown: list[Period] = []
    hidden: dict[Period, Hiding] = {}
    for period in due(month, LATER):
        if why := decided(period, parts, shown):
            hidden[period] = why
        else:
            shown.append(period)
    return shown, hidden


def _tenants(parts, days) -> int:
    return len({tenant for day in days for tenant, uses in parts[day].items() if uses})
