import datetime as dt

import pytest
from django.db import connection

from content.models import SkillMetricsDaily
from security.columns import Unreadable, now
from security.columns.times import format_time, parse_time
from tenants.models import Tenant
from tests.factories.content import skill_metrics
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2026, 11, 20, 6, 27, 21, tzinfo=dt.UTC)


def raw(sql: str, *params: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-20 06:27:21", MOMENT),
        ("2026-11-20T06:27:21.000Z", MOMENT),
        ("2026-11-20T07:27:21+01:00", MOMENT),
        ("yesterday", None),
        ("2026-02-30 00:00:00", None),
        ("", None),
        ("0001-01-01T00:00:00+10:00", None),
    ],
)
def test_both_forms_of_a_time_are_read(text, time):
    assert parse_time(text) == time


def test_a_time_is_written_in_the_contracts_form():
    row = tenant(created_at=MOMENT.astimezone(dt.timezone(dt.timedelta(hours=5))).replace(microsecond=999_999))

    assert raw("SELECT created_at FROM tenants WHERE tenant_id = %s", row.pk) == "2026-11-20 06:27:21"


@pytest.mark.parametrize("text", ["2026-11-20 06:27:21", "2026-11-20T06:27:21.000Z"])
def test_a_stored_time_arrives_in_utc(text):
    row = tenant()
    raw("UPDATE tenants SET created_at = %s", text)

    assert Tenant.objects.get(pk=row.pk).created_at == MOMENT


def test_an_unreadable_time_arrives_as_what_it_is_and_is_written_back():
    row = tenant()
    raw("UPDATE tenants SET created_at = 'soon'")

    row = Tenant.objects.get(pk=row.pk)
    row.save()

    assert isinstance(row.created_at, Unreadable)
    assert raw("SELECT created_at FROM tenants") == "soon"


def test_the_greatest_time_is_a_time():
    tenant(created_at=MOMENT)

    assert Tenant.objects.order_by("-created_at").values_list("created_at", flat=True).first() == MOMENT


def test_an_unreadable_date_arrives_as_what_it_is():
    skill_metrics()
    raw("UPDATE skill_metrics_daily SET date = 'someday'")

    assert SkillMetricsDaily.objects.values_list("date", flat=True).get() == "someday"
    assert isinstance(SkillMetricsDaily.objects.values_list("date", flat=True).get(), Unreadable)


def test_now_has_no_microseconds():
    assert now().microsecond == 0
    assert now().utcoffset() == dt.timedelta(0)


def test_a_naive_time_counts_as_utc():
    assert format_time(dt.datetime(2026, 1, 2, 3, 4, 5)) == "2026-01-02 03:04:05"
