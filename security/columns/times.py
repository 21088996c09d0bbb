"""Times and dates.

The workers write ``YYYY-MM-DD HH:MM:SS`` in UTC and sometimes ``YYYY-MM-DDTHH:MM:SS.sssZ``. Both are read;
the first is written, without microseconds (domain.md, Who writes what).
"""

import datetime as dt
from typing import Any, TypeVar

from django import forms
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from security.columns.column import Column

S = TypeVar("S")
G = TypeVar("G")


class Unreadable(str):
    """The text of a time or date that is none."""

    __slots__ = ()


def now() -> dt.datetime:
    """The present second in UTC: what ``CURRENT_TIMESTAMP`` would store."""
    return timezone.now().replace(microsecond=0)


def parse_time(text: str) -> dt.datetime | None:
    """The time that ``text`` names, in UTC unless it names an offset; None where it names none."""
    try:
        value = parse_datetime(text)
    except ValueError:  # well formed, but no such day or hour
        return None
    if value is None:
        return None
    aware = value if timezone.is_aware(value) else value.replace(tzinfo=dt.UTC)
    try:
        return aware.astimezone(dt.UTC)
    except OverflowError:  # year 1 or 9999 moved over the edge by its offset
        return None


def parse_day(text: str) -> dt.date | None:
    """The day that ``text`` names; None where it names none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def format_time(value: dt.datetime) -> str:
    """``value`` as the contract stores it."""
    utc = value if timezone.is_naive(value) else value.astimezone(dt.UTC)
    return utc.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")


class CurrentTimestamp(models.Func):
    """The contract's default. Django's ``Now()`` would write milliseconds on SQLite."""

    template = "CURRENT_TIMESTAMP"
    output_field: models.Field[Any, Any] = models.DateTimeField()
    allowed_default = True


class MomentField(forms.DateTimeField):
    """A moment as people edit it, in their zone; what is none, or leaves the calendar there, as it is stored."""

    def prepare_value(self, value: Any) -> Any:
        try:
            return super().prepare_value(value)
        except OverflowError:
            return format_time(value)


class Time(Column, models.DateTimeField[S, G]):
    """A moment, aware and in UTC."""

    sql_type = "TIMESTAMP"
    reads_raw = True

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        if value is None or isinstance(value, dt.datetime):
            return value
        parsed = parse_time(str(value))
        return Unreadable(value) if parsed is None else parsed

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": MomentField, **kwargs})

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Unreadable) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if isinstance(value, Unreadable) else super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return format_time(value) if isinstance(value, dt.datetime) else value


class Date(Column, models.DateField[S, G]):
    """A calendar day in UTC."""

    sql_type = "DATE"
    reads_raw = True

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        if value is None or isinstance(value, dt.date):
            return value
        parsed = parse_day(str(value))
        return Unreadable(value) if parsed is None else parsed

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Unreadable) else super().to_python(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return value.isoformat() if isinstance(value, dt.date) else value
