"""One value as a piece of HTML.

The column's class says what a value means: a rate is shown as percent, money in dollars, a time in the reader's
zone with UTC on hover, bytes as size and kind. What the pipeline stored against its column's promise is shown as
it is, marked. A secret's value never is.

Pieces are built here and not in templates: a list of 50 rows has 400 of them.
"""

import datetime as dt
from functools import singledispatch
from html import escape
from typing import Any

from django.db.models import Field, ForeignKey
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from content.kanon import K
from ndsadmin.tables.documents import summary
from security.columns import (
    Blob,
    Bool,
    Date,
    Hash,
    Int,
    Json,
    LongText,
    Millis,
    Money,
    Rate,
    Real,
    Sealed,
    SealedText,
    Seconds,
    Tenants,
    Text,
    Time,
    Vector,
)

WEB = ("https://", "http://")
CUT = 72  # characters of a text in a list: about a line; the whole is in the detail
EMPTY = mark_safe('<span class="empty" title="No value">–</span>')

# Colour of a badge by what the value says; what is not named here is neutral.
TONES = {
    "good": {"active", "published", "champion", "completed", "approved", "passed"},
    "warn": {"testing", "past_due", "expired", "experimental", "decrypt_only", "preference", "rate_limit"},
    "bad": {"failing", "failed", "suspended", "error", "revoked", "defect", "auth_error", "destroyed", "low"},
    "muted": {"retired", "deleted", "archived", "canceled", "cancelled"},
}


def markup(form: str, *values: Any) -> SafeString:
    """Django's ``format_html`` without its care for lazy texts, which takes half of a page's time."""
    return mark_safe(form.format(*(v if isinstance(v, SafeString) else escape(str(v)) for v in values)))  # noqa: S308


@singledispatch
def cell(field: Field[Any, Any], value: Any) -> SafeString:
    """``value`` of ``field`` as HTML; None has its own sign."""
    return markup("{}", value)


def cell_of(field: Field[Any, Any], value: Any) -> SafeString:
    return EMPTY if value is None or value == "" else cell(field, value)


@cell.register(Text)
def _text(field: Any, value: Any) -> SafeString:
    if field.choices:
        return badge(field, str(value))
    if str(value).startswith(WEB):
        return markup('<a href="{}" rel="noreferrer noopener">{}</a>', value, cut(str(value)))
    return markup('<span class="text">{}</span>', cut(str(value)))


@cell.register(LongText)
def _long_text(field: Any, value: Any) -> SafeString:
    return markup('<span class="text">{}</span>', cut(str(value)))


@cell.register(Hash)
@cell.register(SealedText)
@cell.register(Sealed)
def _secret(field: Any, value: Any) -> SafeString:
    kind = "hash" if isinstance(field, Hash) else "encrypted"
    size = f"{filesizeformat(len(value))}, {kind}" if isinstance(value, bytes | memoryview) else kind
    return markup('<span class="secret"><span aria-hidden="true">••••</span> {}</span>', size)


@cell.register(Vector)
def _vector(field: Any, value: Any) -> SafeString:
    if not isinstance(value, bytes | memoryview):
        return odd(value, "no bytes")
    fits = len(value) == 4 * field.dimensions
    kind = f"{field.dimensions} × float32" if fits else f"not {field.dimensions} × float32"
    return markup('<span class="bytes">{}, {}</span>', filesizeformat(len(value)), kind)


@cell.register(Blob)
def _blob(field: Any, value: Any) -> SafeString:
    if not isinstance(value, bytes | memoryview):
        return odd(value, "no bytes")
    return markup('<span class="bytes">{}, bytes</span>', filesizeformat(len(value)))


@cell.register(Bool)
def _bool(field: Any, value: Any) -> SafeString:
    if not isinstance(value, bool):
        return odd(value, "neither true nor false")
    word = "Yes" if value else "No"
    return markup('<span class="truth {}">{}</span>', word.lower(), word)


@cell.register(Int)
def _int(field: Any, value: Any) -> SafeString:
    return _number(value, "{:,}")


@cell.register(Tenants)
def _tenants(field: Any, value: Any) -> SafeString:
    if isinstance(value, int) and value < K:
        why = "Too few: people of tenants are not shown this"
        return markup('<span class="badge warn" title="{}">{}</span>', why, f"{value:,}")
    return _number(value, "{:,}")


@cell.register(Millis)
def _millis(field: Any, value: Any) -> SafeString:
    return _number(value, "{:,} ms")


@cell.register(Seconds)
def _seconds(field: Any, value: Any) -> SafeString:
    return _number(value, "{:,} s")


@cell.register(Real)
def _real(field: Any, value: Any) -> SafeString:
    return _number(value, "{:,.4g}")


@cell.register(Rate)
def _rate(field: Any, value: Any) -> SafeString:
    return _number(value, "{:.1%}")


@cell.register(Money)
def _money(field: Any, value: Any) -> SafeString:
    small = isinstance(value, float) and 0 < abs(value) < 1  # generations cost fractions of a cent
    return _number(value, "${:,.4f}" if small else "${:,.2f}")


@cell.register(Date)
def _date(field: Any, value: Any) -> SafeString:
    if not isinstance(value, dt.date):
        return odd(value, "no date")
    return markup('<time datetime="{}">{}</time>', value.isoformat(), f"{value:%-d %b %Y}")


@cell.register(Time)
def _time(field: Any, value: Any) -> SafeString:
    if not isinstance(value, dt.datetime):
        return odd(value, "no time")
    return moment(value)


@cell.register(Json)
def _json(field: Any, value: Any) -> SafeString:
    return summary(value)


@cell.register(ForeignKey)
def _reference(field: Any, value: Any) -> SafeString:
    return markup('<span class="key">{}</span>', value)


def moment(value: dt.datetime) -> SafeString:
    """A time in the reader's zone, UTC on hover."""
    try:
        local = timezone.localtime(value)
    except OverflowError:  # the first or last day of the calendar, moved over its edge by the zone
        local = value
    return markup(
        '<time datetime="{}" title="{} UTC">{}</time>',
        value.isoformat(),
        f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}",
        f"{local:%-d %b %Y, %H:%M}",
    )


def badge(field: Field[Any, Any], value: str) -> SafeString:
    """A known value by its label, an unknown one as it is."""
    labels = dict(field.flatchoices)
    tone = next((tone for tone, values in TONES.items() if value in values), "plain")
    if value not in labels:
        return markup('<span class="badge unknown" title="Not a known value">{}</span>', value)
    return markup('<span class="badge {}">{}</span>', tone, labels[value])


def odd(value: Any, what: str) -> SafeString:
    """A value that is not what its column promises."""
    return markup('<span class="odd" title="This is {}">{}</span>', what, cut(str(value)))


def cut(text: str) -> str:
    flat = " ".join(text[: CUT * 4].split())
    return flat if len(flat) <= CUT else f"{flat[: CUT - 1].rstrip()}…"


def _number(value: Any, form: str) -> SafeString:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return odd(value, "no number")
    return markup('<span class="number">{}</span>', form.format(value))
