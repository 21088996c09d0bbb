import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from ndsadmin.trail import histogram as module
from ndsadmin.trail.asking import asked_trail
from ndsadmin.trail.histogram import histogram, shown_days
from ndsadmin.trail.language import parse
from ndsadmin.trail.page import trail_page
from security.roles import Role
from security.services.upkeep import put_up_words
from tests.ndsadmin.trail.conftest import reading_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr(module, "now", lambda: dt.datetime(2026, 11, 17, 12, tzinfo=dt.UTC))


def numbers(text: str, role: Role = Role.AUDITOR, tenant: str | None = None) -> tuple[dict, str]:
    query = parse(text)
    with reading_as(role, tenant, "u-ada"):
        chart = histogram(asked_trail(query), query)
    done, refused = chart.series
    pairs = zip(chart.days, zip(done.values, refused.values, strict=True), strict=True)
    return {day.day: pair for day, pair in pairs if any(pair)}, chart.note


EACH = dict.fromkeys((10, 11, 13, 14, 15, 16), (1.0, 0.0)) | {12: (0.0, 1.0)}


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", [10, 11, 12, 13, 14, 15, 16]),
        ("tenant:t1", [10, 11, 14]),
        ("tenant:platform", [15, 16]),
        ("-tenant:t1", [12, 13, 15, 16]),
        ("action:create_post", [10, 13]),
        ("action:create_* action:login", [10, 12, 13]),
        ("-action:create_post", [11, 12, 14, 15, 16]),
        ("ok:false", [12]),
        ("ok:true", [10, 11, 13, 14, 15, 16]),
        ("after:2026-11-12 before:2026-11-14", [12, 13]),
    ],
)
def test_days_that_are_counted_already_are_read(query, days, world):
    """Dies where the counted days and the list disagree, or the list is counted instead."""
    with CaptureQueriesContext(connection) as captured:
        assert numbers(query) == ({day: EACH[day] for day in days}, "entries a day, UTC")

    assert not any('COUNT("audit_logs"' in one["sql"] for one in captured)


@pytest.mark.parametrize(
    ("query", "days"),
    [("actor:ada", [10, 11]), ("resource:post", [10, 13]), ("request:req-1", [13, 16]), ("month", [11]),
     ("after:2026-11-12T10:00:00", [12, 13, 14, 15, 16])],
)  # fmt: skip
def test_other_queries_are_counted_as_far_as_it_is_worth(query, days, world):
    found, note = numbers(query)

    assert found == {day: EACH[day] for day in days}
    assert note in {"of the newest 2,000 matches, by day, UTC", "of the newest 5,000 entries, by day, UTC"}


def test_what_words_find_has_a_picture_too(world, settings):
    settings.AUDIT_WORDS = True
    put_up_words()
    with reading_as(Role.AUDITOR):
        chart = trail_page(QueryDict("q=post")).chart

    assert {day.day for day, value in zip(chart.days, chart.series[0].values, strict=True) if value} == {10, 13}
    assert chart.note == "of the newest 2,000 matches, by day, UTC"


def test_a_tenant_sees_its_own_days(world):
    assert numbers("", Role.OWNER, "t1")[0] == {day: EACH[day] for day in (10, 11, 14)}


def test_a_member_sees_days_of_his_own(world):
    """Dies where the tenant's counted days are shown to who may read his own entries alone."""
    assert numbers("", Role.MEMBER, "t1")[0] == {day: EACH[day] for day in (10, 11)}


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", "2026-10-19", "2026-11-17"),
        ("before:2026-11-01", "2026-10-02", "2026-10-31"),
        ("before:2026-11-01T12:00", "2026-10-03", "2026-11-01"),
        ("after:2026-11-10", "2026-11-10", "2026-11-17"),
        ("after:2020-01-01", "2026-10-19", "2026-11-17"),
        ("before:2030-01-01", "2026-10-19", "2026-11-17"),
        ("after:2027-01-01", "2026-11-17", "2026-11-17"),
    ],
)
def test_the_days_end_where_the_query_does(query, first, last):
    days = shown_days(parse(query))

    assert (days[0].isoformat(), days[-1].isoformat()) == (first, last)


def test_a_bar_leads_to_its_day(world):
    query = parse("tenant:t1 after:7d")
    with reading_as(Role.AUDITOR):
        chart = histogram(asked_trail(query), query)

    assert chart.series[0].links[-1] == "/audit/?q=tenant%3At1+after%3A2026-11-17+before%3A2026-11-18"
