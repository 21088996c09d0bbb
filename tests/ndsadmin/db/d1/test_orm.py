"""The ORM on D1, as far as our own pages use it and Django's tests are not counted: functions, dates, many rows."""

import datetime as dt

import pytest
from django.db import NotSupportedError, models
from django.db.models import Avg, F, Q, StdDev, Value, Variance, functions

from tests.ndsadmin.db.d1.conftest import ALIAS

NOON = dt.datetime(2026, 11, 22, 12, 30, 15, 250_000, tzinfo=dt.UTC)


class Thing(models.Model):
    name = models.CharField(max_length=40, unique=True)
    number = models.IntegerField(null=True)
    share = models.FloatField(null=True)
    data = models.BinaryField(null=True)
    at = models.DateTimeField(null=True)
    took = models.DurationField(null=True)

    class Meta:
        app_label = "d1"
        db_table = "d1_thing"
        managed = False


@pytest.fixture
def things(wrapper):
    with wrapper.schema_editor() as editor:
        editor.create_model(Thing)
    rows = Thing.objects.using(ALIAS)
    rows.bulk_create([
        Thing(name="one", number=1, share=1.0, data=b"\0\xff", at=NOON, took=dt.timedelta(hours=1)),
        Thing(name="two", number=2, share=1 / 3, at=NOON + dt.timedelta(days=40)),
        Thing(name="zw\u00f6lf", number=2**62 + 1),
    ])  # fmt: skip
    return rows


def test_many_rows_come_back(things):
    assert list(things.order_by("pk").values_list("name", "number", "share")) == [
        ("one", 1, 1.0),
        ("two", 2, 1 / 3),
        ("zwölf", 2**62 + 1, None),
    ]
    assert bytes(things.get(name="one").data) == b"\0\xff"
    assert isinstance(things.get(name="one").share, float)


def test_rows_that_json_cannot_carry_go_one_by_one(things):
    things.bulk_create([Thing(name="a\0b"), Thing(name="c"), Thing(name=functions.Upper(Value("d")))])

    assert {"a\0b", "c", "D"} <= set(things.values_list("name", flat=True))


def test_conflicts_are_ignored_or_update(things):
    things.bulk_create([Thing(name="one", number=7), Thing(name="new")], ignore_conflicts=True)
    things.bulk_create(
        [Thing(name="one", number=8), Thing(name="two", number=9)],
        update_conflicts=True, unique_fields=["name"], update_fields=["number"],
    )  # fmt: skip

    assert dict(things.filter(name__in=["one", "two", "new"]).values_list("name", "number")) == {
        "one": 8,
        "two": 9,
        "new": None,
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (functions.LPad("name", 5, Value("ab")), "abone"),
        (functions.RPad("name", 5, Value("ab")), "oneab"),
        (functions.LPad("name", 2), "on"),
        (functions.Repeat("name", 2), "oneone"),
        (functions.Repeat("name", None), None),
        (functions.Reverse("name"), "eno"),
        (functions.Ceil(F("share") * 1.5), 2),
        (functions.Power("number", 3), 1),
        (F("number") ** 2, 1),
        (F("number").bitxor(3), 2),
        (F("number").bitor(6), 7),
        (functions.ExtractWeek("at"), 47),
        (functions.ExtractQuarter("at"), 4),
        (functions.ExtractHour("at", tzinfo=dt.timezone(dt.timedelta(hours=2))), 14),
        (functions.TruncMonth("at"), dt.datetime(2026, 11, 1, tzinfo=dt.UTC)),
        (functions.TruncDate("at"), dt.date(2026, 11, 22)),
        (functions.TruncTime("at"), dt.time(12, 30, 15, 250_000)),
        (functions.TruncHour("at"), dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)),
        (functions.TruncHour("at", output_field=models.TimeField()), dt.time(12)),
        (functions.ExtractMinute(functions.TruncTime("at")), 30),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_functions_give_what_sqlite_gives(things, expression, expected):
    assert things.annotate(found=expression).get(name="one").found == expected


def test_chance_is_between_nothing_and_one(things):
    assert 0 <= things.annotate(found=functions.Random()).first().found < 1
    assert functions.Cot is not None
    assert things.annotate(found=functions.Cot(Value(1.0))).first().found == pytest.approx(0.6420926)


def test_dates_reckon_with_durations(things):
    later = models.ExpressionWrapper(F("at") + F("took"), output_field=models.DateTimeField())
    apart = models.ExpressionWrapper(F("at") - Value(NOON), output_field=models.DurationField())
    row = things.annotate(later=later, apart=apart).get(name="one")

    assert (row.later, row.apart) == (NOON + dt.timedelta(hours=1), dt.timedelta())


def test_numbers_are_summed_up(things):
    found = things.exclude(number__gt=10).aggregate(
        mean=Avg("number"), spread=StdDev("number"), sample=Variance("number", sample=True),
        some=StdDev("number", filter=Q(name="one")),
    )  # fmt: skip

    assert found == {"mean": 1.5, "spread": 0.5, "sample": 0.5, "some": 0.0}


@pytest.mark.parametrize("ask", [{"name__regex": "^o"}, {"name__iregex": "^O"}])
def test_regular_expressions_are_refused_with_advice(things, ask):
    with pytest.raises(NotSupportedError, match="use contains, startswith"):
        things.filter(**ask).count()


def test_hashes_are_refused_with_advice(things):
    with pytest.raises(NotSupportedError, match="in Python"):
        things.annotate(found=functions.MD5("name")).first()


def test_rows_are_made_changed_and_deleted(things):
    made, is_new = things.get_or_create(name="three", defaults={"number": 3})
    again, is_new_again = things.get_or_create(name="three")
    changed, _ = things.update_or_create(name="three", defaults={"number": 33})

    assert (is_new, is_new_again, made.pk, changed.number) == (True, False, again.pk, 33)
    assert things.filter(name="three").update(number=F("number") + 1) == 1
    assert things.filter(name="three").delete()[0] == 1
    assert things.filter(pk__in=list(range(500))).count() == 3
    assert things.filter(number__gt=1).explain()


def test_what_was_asked_can_be_shown(things, wrapper):
    sql = wrapper.ops.last_executed_query(None, "SELECT %s, %s", ["it's", None])

    assert sql == "SELECT 'it''s', NULL"
    assert wrapper.ops.last_executed_query(None, "SELECT %(a)s", {"a": 1}) == "SELECT 1"


def test_all_tables_are_emptied_at_once(things, wrapper):
    from django.core.management.color import no_style  # noqa: PLC0415  # Django's habit

    with wrapper.schema_editor() as editor:
        editor.execute("CREATE TABLE hangs (id INTEGER REFERENCES d1_thing (id))")
    wrapper.ops.execute_sql_flush(
        wrapper.ops.sql_flush(no_style(), ["d1_thing"], reset_sequences=True, allow_cascade=True)
    )

    assert things.count() == 0
    assert wrapper.ops._references_graph("d1_thing") == ["d1_thing", "hangs"]
