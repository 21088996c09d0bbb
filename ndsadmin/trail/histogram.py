"""Activity above the trail: entries a day.

What only asks for a tenant, actions or an outcome is read from the days that a trigger counts
(`security.triggers.COUNTING`), however many entries there are. For any other query the newest entries that match are
counted, and the picture says so.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Substr

from ndsadmin.charts import Chart, Kind, Series
from ndsadmin.tables.asking import Asked
from ndsadmin.tables.conditions import AnyOf, Condition, NoneOf
from ndsadmin.trail.language import Query, moment_of
from ndsadmin.trail.lines import trail_address
from security.columns import now
from security.columns.times import parse_day
from security.models import AuditDay, AuditLog

DAYS = 30  # that are shown
COUNTED = 2_000  # newest matches that are counted where days cannot be
TESTED = 5_000  # newest entries that are asked where no index knows the next match
HEIGHT = 130

Numbers = dict[dt.date, tuple[int, int]]
"""Entries that were done, and those that were refused, by day."""


def histogram(asked: Asked, query: Query, among: "QuerySet[Any] | None" = None) -> Chart:
    """The days around the end of what ``query`` asks for; of the entries ``among``, where they were found by their
    words. One query."""
    days = shown_days(query)
    is_counted = among is None and _is_counted(asked, query)
    numbers = _grouped(among) if among is not None else _counted_days(asked, days) if is_counted else _newest(asked)
    links = [trail_address(str(_on(query, day))) for day in days]
    done, refused = ([float(numbers.get(day, (0, 0))[place]) for day in days] for place in (0, 1))
    return Chart(
        "Activity",
        days,
        (Series("Done", done, links), Series("Refused or failed", refused, links)),
        Kind.STACKED,
        height=HEIGHT,
        note=_note(asked, is_counted=is_counted, is_found=among is not None),
    )


def _note(asked: Asked, *, is_counted: bool, is_found: bool) -> str:
    if is_counted:
        return "entries a day, UTC"
    among = f"{TESTED:,} entries" if asked.reading.is_bounded and not is_found else f"{COUNTED:,} matches"
    return f"of the newest {among}, by day, UTC"


def shown_days(query: Query) -> list[dt.date]:
    """`DAYS` days up to the last that ``query`` asks for; fewer where it asks for fewer."""
    low, high = (parse_day((moment_of(query.value(field)) or "")[:10]) for field in ("after", "before"))
    today = now().date()
    last = today
    if high is not None:
        is_day = (moment_of(query.value("before")) or "").endswith("00:00:00")
        last = min(today, high - dt.timedelta(days=is_day))
    first = last - dt.timedelta(days=DAYS - 1)
    if low is not None and low > first:
        first = min(low, last)
    return [first + dt.timedelta(days=place) for place in range((last - first).days + 1)]


def _on(query: Query, day: dt.date) -> Query:
    """``query`` of one day."""
    rest = query.without("after", "before")
    return rest.having("after", [day.isoformat()]).having("before", [(day + dt.timedelta(days=1)).isoformat()])


def _is_counted(asked: Asked, query: Query) -> bool:
    """Whether the counted days hold what is asked: whole days of tenants, actions, outcomes."""
    plain = {"tenant", "action", "success"}
    whole = all((moment_of(query.value(f)) or "00:00:00").endswith("00:00:00") for f in ("after", "before"))
    conditions = [*asked.reading.given, *asked.reading.asked]
    spans = [c for c in conditions if c.field == "timestamp"]
    return whole and not query.words and all(c.field in plain for c in conditions if c not in spans)


def _counted_days(asked: Asked, days: list[dt.date]) -> Numbers:
    rows = AuditDay.objects.filter(day__gte=days[0].isoformat(), day__lte=days[-1].isoformat())
    outcome: bool | None = None  # asked for what was done alone, or for what was not
    for condition in (*asked.reading.given, *asked.reading.asked):
        if condition.field == "success":
            outcome = _outcome(condition)
        else:
            rows = rows.filter(_of_days(condition))
    numbers: Numbers = {}
    for day, entries, refused in (
        rows.order_by().values("day").annotate(all=Sum("entries"), bad=Sum("refused")).values_list("day", "all", "bad")
    ):
        if found := parse_day(day):
            numbers[found] = (0 if outcome is False else entries - refused, 0 if outcome is True else refused)
    return numbers


def _outcome(condition: Condition) -> bool:
    return isinstance(condition, NoneOf)


def _of_days(condition: Condition) -> Q:
    """A condition on tenants or actions, on the counted days: the platform's tenant is empty there."""
    if isinstance(condition, AnyOf | NoneOf):
        tests = Q()
        for part in condition.value:
            tests |= _of_days(part)
        return ~tests if isinstance(condition, NoneOf) else tests
    name = "tenant_id" if condition.field == "tenant" else condition.field
    if condition.lookup == "isnull":
        return Q(**{name: ""})
    return Q(**{f"{name}__{condition.lookup}": condition.value})


def _newest(asked: Asked) -> Numbers:
    """Of the newest entries that match: those asked one by one end after `TESTED`."""
    reading = asked.reading
    rows: QuerySet[Any] = reading.rows(asked.everything).order_by("-place")
    if reading.is_bounded:
        return _grouped(reading.matching(AuditLog.objects.filter(pk__in=rows.values("log_id")[:TESTED])))
    return _grouped(AuditLog.objects.filter(pk__in=rows.values("log_id")[:COUNTED]))


def _grouped(rows: "QuerySet[Any]") -> Numbers:
    refused = Count(Case(When(success=False, then=Value(1)), output_field=IntegerField()))
    numbers: Numbers = defaultdict(lambda: (0, 0))
    days = rows.order_by().annotate(day=Substr("timestamp", 1, 10)).values("day").annotate(all=Count("pk"), bad=refused)
    for day, entries, bad in days.values_list("day", "all", "bad"):
        if found := parse_day(str(day)):
            numbers[found] = (entries - bad, bad)
    return numbers
