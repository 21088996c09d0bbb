"""Dates and times in SQL of SQLite's own, for what Django does with Python functions on an embedded database.

Text is ``YYYY-MM-DD HH:MM:SS[.ffffff]``. SQLite rounds to milliseconds, and .9996 up to the next second: it is given
whole seconds, and the digits behind are kept as text or counted apart. What is no date gives NULL. Outside of the years
in `YEARS` a zone keeps the shift that it has at their end.
"""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, OperationalError
from django.db.backends.utils import split_tzname_delta

Compiled = tuple[str, tuple[Any, ...]]

YEARS = range(1900, 2101)  # for which changes of the clocks are known
STEP = 7 * 86_400  # seconds; no zone has changed its clocks twice within

_PARTS = {
    "year": "Y",
    "month": "m",
    "day": "d",
    "hour": "H",
    "minute": "M",
    "second": "S",
    "week": "V",
    "iso_year": "G",
}
_PARTS["iso_week_day"] = "u"
_STARTS = {
    "year": "%Y-01-01",
    "month": "%Y-%m-01",
    "day": "%Y-%m-%d",
    "hour": "%Y-%m-%d %H:00:00",
    "minute": "%Y-%m-%d %H:%M:00",
    "second": "%Y-%m-%d %H:%M:%S",
}
_TIMES = {"hour": "%H:00:00", "minute": "%H:%M:00", "second": "%H:%M:%S"}


def part(lookup: str, text: str, params: Sequence[Any], *, of_time: bool = False) -> Compiled:
    """A part of a date or a time, as a whole number."""
    text = _whole_seconds(text, of_time=of_time)
    if lookup == "quarter":
        return f"(({_whole('m', text)} + 2) / 3)", tuple(params)
    if lookup == "week_day":
        return f"({_whole('w', text)} + 1)", tuple(params)
    return _whole(_known(_PARTS, lookup), text), tuple(params)


def start(lookup: str, text: str, params: Sequence[Any], *, time: str = "") -> Compiled:
    """Where the year, month … of a date begins; ``time`` is what stands behind a day."""
    text = _whole_seconds(text)
    if lookup in {"quarter", "week"}:
        first = {
            "quarter": "date(x, 'start of month', '-' || ((strftime('%m', x) - 1) % 3) || ' months')",
            "week": "date(x, '-' || ((strftime('%w', x) + 6) % 7) || ' days')",
        }[lookup]
        return _escaped(f"(SELECT {first} || '{time}' FROM (SELECT ") + f"{text} AS x))", tuple(params)
    form = _known(_STARTS, lookup) + ("" if lookup in _TIMES else time)
    return f"strftime('{_escaped(form)}', {text})", tuple(params)


def start_of_time(lookup: str, text: str, params: Sequence[Any]) -> Compiled:
    """Of a time, or of the time of a moment."""
    whole = "substr(x, 1, iif(substr(x, 3, 1) = ':', 8, 19))"
    form = _escaped(_known(_TIMES, lookup))
    return f"(SELECT strftime('{form}', {whole}) FROM (SELECT {text} AS x))", tuple(params)


def time_of(text: str, params: Sequence[Any]) -> Compiled:
    return _escaped(
        "(SELECT strftime('%H:%M:%S', substr(x, 1, 19)) || substr(x, 20) FROM (SELECT "
    ) + f"{text} AS x))", tuple(params)


def in_zone(text: str, params: Sequence[Any], zone: str | None, stored: str) -> Compiled:
    """A moment that is written in the zone ``stored``, as the clocks of ``zone`` show it."""
    if zone is None or zone == stored:
        return text, tuple(params)
    name, sign, offset = split_tzname_delta(zone)
    if offset:
        hours, minutes = offset.split(":")
        seconds = (int(hours) * 60 + int(minutes)) * 60
        moved = _moved(f"'{seconds if sign == '+' else -seconds} seconds'")
        text, params = f"{moved} FROM (SELECT {text} AS x))", tuple(params)
    if (name or stored) == stored:
        return text, tuple(params)
    return f"{_moved(_SHIFT)} FROM (SELECT {text} AS x))", (_shifts(name, stored), *params)


_SHIFT = (
    "(SELECT value ->> 1 FROM json_each(%s) WHERE value ->> 0 <= unixepoch(substr(x, 1, 19)) "
    "ORDER BY value ->> 0 DESC LIMIT 1) || ' seconds'"
)


def _moved(modifier: str) -> str:
    form = _escaped("'%Y-%m-%d %H:%M:%S'")
    return f"(SELECT strftime({form}, substr(x, 1, 19), {modifier}) || substr(x, 20)"


@lru_cache(64)
def _shifts(zone: str, stored: str) -> str:
    """From when on (seconds by the clocks of ``stored``) how many seconds ``zone`` is ahead of it; ascending."""
    one, other = _changes(zone), _changes(stored)
    found = [
        [moment + _at(other, moment), _at(one, moment) - _at(other, moment)]
        for moment in sorted({when for when, _ in (*one, *other)})
    ]
    found[0][0] = -(10**12)  # and before
    return json.dumps(found, separators=(",", ":"))


@lru_cache(64)
def _changes(zone: str) -> tuple[tuple[int, int], ...]:
    """From when on (UTC, in seconds) the clocks of ``zone`` are how many seconds ahead of UTC."""
    clock = ZoneInfo(zone)

    def ahead(moment: int) -> int:
        shift = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=moment)).astimezone(clock).utcoffset()
        return int(shift.total_seconds()) if shift is not None else 0

    ends = [int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp()) for year in (YEARS[0], YEARS[-1])]
    found = [(ends[0], ahead(ends[0]))]
    for before, behind in pairwise(range(ends[0], ends[1], STEP)):
        if ahead(before) != ahead(behind):
            moments = range(before + 1, behind + 1)
            moment = moments[bisect_right(moments, False, key=partial(_differs, ahead, ahead(before)))]
            found.append((moment, ahead(moment)))
    return tuple(found)


def _differs(ahead: Callable[[int], int], shift: int, moment: int) -> bool:
    return ahead(moment) != shift


def _at(changes: Sequence[tuple[int, int]], moment: int) -> int:
    return changes[max(0, bisect_right(changes, moment, key=lambda change: change[0]) - 1)][1]


def difference(kind: str, one: Compiled, other: Compiled) -> Compiled:
    """Microseconds from ``other`` to ``one``."""
    form = _TIME_MICROS if kind == "TimeField" else _MICROS
    (left, left_params), (right, right_params) = one, other
    text = f"(SELECT {form.format('a')} - {form.format('b')} FROM (SELECT {left} AS a, {right} AS b))"
    return text, (*left_params, *right_params)


def with_duration(connector: str, one: str, other: str) -> str:
    """Arithmetic of dates, durations (microseconds) and numbers. A date without time keeps none."""
    if connector not in {"+", "-", "*", "/"}:
        raise DatabaseError(f"Invalid connector for timedelta: {connector}.")
    if connector in {"*", "/"}:
        left = f"({one})" if connector == "*" else f"CAST({one} AS REAL)"
        return f"({left} {connector} ({other}))"
    micros = "CASE typeof({0}) WHEN 'text' THEN " + _MICROS + " ELSE {0} END"
    total = f"({micros.format('a')}) {connector} ({micros.format('b')})"
    parts = "((t % 1000000) + 1000000) % 1000000"
    moved = _escaped(
        "(SELECT CASE WHEN t IS NULL OR (typeof(a) <> 'text' AND typeof(b) <> 'text') THEN t "
        "WHEN 10 IN (iif(typeof(a) = 'text', length(a), 0), iif(typeof(b) = 'text', length(b), 0)) "
        "THEN strftime('%Y-%m-%d', (t - u) / 1000000, 'unixepoch') "
        "ELSE strftime('%Y-%m-%d %H:%M:%S', (t - u) / 1000000, 'unixepoch') "
        "|| iif(u = 0, '', printf('.%06d', u)) END "
        f"FROM (SELECT a, b, t, {parts} AS u FROM (SELECT a, b, {total} AS t FROM (SELECT "
    )
    return f"{moved}{one} AS a, {other} AS b))))"


_MICROS = "(unixepoch(substr({0}, 1, 19)) * 1000000 + CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER))"
_TIME_MICROS = (
    "(unixepoch('2000-01-01 ' || substr({0}, 1, 8)) * 1000000 "
    "+ CAST(substr(substr({0}, 10) || '000000', 1, 6) AS INTEGER))"
)


def _known(words: Mapping[str, str], lookup: str) -> str:
    if lookup not in words:
        raise OperationalError(f"Unsupported lookup type: {lookup!r}")
    return words[lookup]


def _whole(form: str, text: str) -> str:
    return f"CAST(strftime('%%{form}', {text}) AS INTEGER)"


def _whole_seconds(text: str, *, of_time: bool = False) -> str:
    return f"substr({text}, 1, {8 if of_time else 19})"


def _escaped(sql: str) -> str:
    """``sql`` for Django, to which a percent sign is the start of a placeholder."""
    return sql.replace("%", "%%")
