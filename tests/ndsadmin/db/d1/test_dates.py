"""Dates in SQL against Django's own functions in Python."""

import datetime as dt
import random
import sqlite3

import pytest
from django.db import connection as default
from django.db.backends.sqlite3._functions import register
from django.db.backends.sqlite3.operations import DatabaseOperations

from ndsadmin.db.d1 import dates

ZONES = (None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca",
         "Pacific/Apia", "Australia/Lord_Howe", "Etc/GMT+3")  # fmt: skip
PARTS = ("year", "quarter", "month", "week", "day", "week_day", "iso_week_day", "iso_year", "hour", "minute", "second")
STARTS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
MOMENTS = [
    "2026-11-22 10:30:00", "2026-03-29 00:59:59.999999", "2026-03-29 01:00:00", "2026-10-25 00:59:59.999500",
    "2026-10-25 01:00:00", "1969-12-31 23:59:59.500000", "2000-02-29 12:00:00", "2024-12-30 23:59:59.999999",
    "1901-05-05 05:05:05", "2099-12-31 23:59:59", "2011-12-30 09:59:59", "2011-12-30 10:00:00",
]  # fmt: skip
_chance = random.Random(5)
MOMENTS += [
    str(
        dt.datetime(1902, 1, 1)
        + dt.timedelta(seconds=_chance.randrange(6 * 10**9), microseconds=_chance.randrange(10**6))
    )
    for _ in range(60)
]


@pytest.fixture(scope="module")
def reference():
    own = sqlite3.connect(":memory:")
    register(own)
    yield own
    own.close()


def both(d1, reference, ours, theirs) -> None:
    """Each of `MOMENTS` through ``ours`` on D1 and ``theirs`` in Python."""
    sql, params = ours
    texts = [part.replace("%%", "%") for part in sql.replace("%s", "?").split("X")]
    expected_sql, expected_params = theirs
    expected_sql = expected_sql.replace("%s", "?")
    found = []
    for moment in MOMENTS:
        values = [moment if value == "X" else value for value in params]
        found.append(d1.execute(f"SELECT {texts[0]}", values).rows[0][0])
    right = [
        reference.execute(
            f"SELECT {expected_sql}", [moment if value == "X" else value for value in expected_params]
        ).fetchone()[0]
        for moment in MOMENTS
    ]
    assert dict(zip(MOMENTS, found, strict=True)) == dict(zip(MOMENTS, right, strict=True))


DJANGO = DatabaseOperations(default)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("lookup", PARTS)
def test_parts(d1, reference, lookup, zone):
    """Dies where SQLite rounds .9995 to the next second."""
    ours = dates.part(lookup, *dates.in_zone("%s", ["X"], zone, "UTC"))
    both(d1, reference, ours, DJANGO.datetime_extract_sql(lookup, "%s", ["X"], zone))


@pytest.mark.parametrize("zone", ZONES[:4])
@pytest.mark.parametrize("lookup", STARTS)
def test_starts(d1, reference, lookup, zone):
    ours = dates.start(lookup, *dates.in_zone("%s", ["X"], zone, "UTC"), time=" 00:00:00")
    both(d1, reference, ours, DJANGO.datetime_trunc_sql(lookup, "%s", ["X"], zone))


@pytest.mark.parametrize("zone", [*ZONES, "Europe/Berlin-03:30", "UTC+01:30"])
def test_times_of_the_day(d1, reference, zone):
    ours = dates.time_of(*dates.in_zone("%s", ["X"], zone, "UTC"))
    both(d1, reference, ours, DJANGO.datetime_cast_time_sql("%s", ["X"], zone))


@pytest.mark.parametrize("lookup", ["hour", "minute", "second"])
@pytest.mark.parametrize("time", ["23:59:59.999999", "00:00:00", "10:30:45.5"])
def test_times(d1, reference, lookup, time):
    for ours, theirs in (
        (dates.part(lookup, "%s", [time], of_time=True), DJANGO.time_extract_sql(lookup, "%s", [time])),
        (dates.start_of_time(lookup, "%s", [time]), DJANGO.time_trunc_sql(lookup, "%s", [time])),
    ):
        found = d1.execute(f"SELECT {ours[0]}".replace("%s", "?").replace("%%", "%"), ours[1]).rows
        assert found == reference.execute(f"SELECT {theirs[0]}".replace("%s", "?"), theirs[1]).fetchall()


@pytest.mark.parametrize("other", ["2011-09-24 12:59:59", "1992-10-25 04:59:59.999999"])
def test_differences(d1, reference, other):
    ours = dates.difference("DateTimeField", ("%s", ["X"]), ("%s", [other]))
    both(d1, reference, ours, DJANGO.subtract_temporals("DateTimeField", ("%s", ["X"]), ("%s", [other])))


@pytest.mark.parametrize("micros", [1, -1, 86_400_000_000, -3_600_000_001, 999_999])
@pytest.mark.parametrize("connector", ["+", "-"])
def test_durations(d1, reference, connector, micros):
    ours = (dates.with_duration(connector, "%s", "%s"), ["X", micros])
    both(d1, reference, ours, (DJANGO.combine_duration_expression(connector, ["%s", "%s"]), ["X", micros]))


def test_what_is_no_part_is_refused():
    with pytest.raises(dates.OperationalError, match="Unsupported lookup type"):
        dates.part("year') OR 1=1 --", "x", [])
