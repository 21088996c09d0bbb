import datetime as dt

import pytest

from ndsadmin.charts.scales import Scale, day_ticks, nice_ticks

FIRST = dt.date(2026, 11, 2)  # a Monday


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (17, [0, 5, 10, 15, 20]),
        (65, [0, 20, 40, 60, 80]),
        (100, [0, 25, 50, 75, 100]),
        (9_999, [0, 2500, 5000, 7500, 10000]),
        (float("inf"), [0, 1]),
        (-3, [0, 1]),
    ],
)
def test_people_would_choose_these_ticks(highest, ticks):
    assert nice_ticks(highest) == ticks


def test_amounts_may_have_parts():
    assert nice_ticks(0.9, whole=False) == [0, 0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("highest", [0.3, 1, 4.1, 11, 99, 101, 12345, 5e9])
@pytest.mark.parametrize("whole", [True, False])
def test_every_value_lies_below_the_last_tick(highest, whole):
    ticks = nice_ticks(highest, whole=whole)

    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 6


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (7, ["Mon 2", "Tue 3", "Wed 4", "Thu 5", "Fri 6", "Sat 7", "Sun 8"]),
        (30, ["2 Nov", "9 Nov", "16 Nov", "23 Nov", "30 Nov"]),
        (90, ["2 Nov", "16 Nov", "30 Nov", "14 Dec", "28 Dec", "11 Jan", "25 Jan"]),
        (1, ["Mon 2"]),
        (0, []),
    ],
)
def test_days_are_named_as_often_as_there_is_room(days, labels):
    found = day_ticks([FIRST + dt.timedelta(days=n) for n in range(days)])

    assert [label for _, label in found] == labels


def test_a_year_is_named_by_its_months():
    found = day_ticks([dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)])

    assert [label for _, label in found][:3] == ["Jan", "Feb", "Mar"]


def test_a_scale_may_run_downwards():
    assert Scale(0, 10, 200, 0).at(2.5) == 150


def test_a_few_days_that_lie_apart_are_named_by_their_dates():
    """Weeks of a trend: four Mondays are not told apart by their weekday."""
    found = day_ticks([dt.date(2026, 11, 2) + dt.timedelta(weeks=n) for n in range(4)])

    assert found == [(0, "2 Nov"), (1, "9 Nov"), (2, "16 Nov"), (3, "23 Nov")]
    assert day_ticks([]) == []
