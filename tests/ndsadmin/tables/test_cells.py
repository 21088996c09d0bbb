import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone

from content.models import GeneratedContent
from ndsadmin.tables.cells import cell_of, cut
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
    Text,
    Time,
    Unreadable,
    Vector,
)

MOMENT = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (Int(), 12345, '<span class="number">12,345</span>'),
        (Millis(), 6340, '<span class="number">6,340 ms</span>'),
        (Seconds(), 5, '<span class="number">5 s</span>'),
        (Real(), 0.19834, '<span class="number">0.1983</span>'),
        (Rate(), 0.04094, '<span class="number">4.1%</span>'),
        (Money(), 1234.5, '<span class="number">$1,234.50</span>'),
        (Money(), 0.0937, '<span class="number">$0.0937</span>'),
        (Bool(), True, '<span class="truth yes">Yes</span>'),
        (Bool(), False, '<span class="truth no">No</span>'),
        (Date(), dt.date(2026, 11, 2), '<time datetime="2026-11-02">2 Nov 2026</time>'),
        (Text(), "<b>", '<span class="text">&lt;b&gt;</span>'),
        (LongText(), "a\nb", '<span class="text">a b</span>'),
        (Text(choices=[("a", "A label")]), "a", '<span class="badge plain">A label</span>'),
        (Json(), {"a": "<"}, '<code class="json">{&quot;a&quot;: &quot;&lt;&quot;}</code>'),
        (Blob(), b"123", '<span class="bytes">3\xa0bytes, bytes</span>'),
        (Vector(dimensions=2), bytes(8), '<span class="bytes">8\xa0bytes, 2 × float32</span>'),
        (Vector(dimensions=2), bytes(9), '<span class="bytes">9\xa0bytes, not 2 × float32</span>'),
    ],
)
def test_a_value_is_shown_as_its_column_means_it(field, value, shown):
    assert cell_of(field, value) == shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Text(choices=[("a", "A")]), "z"),
        (Int(), "many"),
        (Rate(), "high"),
        (Bool(), "yes"),
        (Time(), Unreadable("soon")),
        (Date(), Unreadable("someday")),
        (Vector(dimensions=2), 7),
        (Blob(), "text"),
    ],
)
def test_what_is_not_what_its_column_promises_is_shown_and_marked(field, value):
    shown = cell_of(field, value)

    assert str(value) in shown
    assert 'title="This is n' in shown or "Not a known value" in shown


@pytest.mark.parametrize("field", [Hash(), SealedText(), Sealed()])
@pytest.mark.parametrize("value", ["$2b$10$secret", b"secret", 7])
def test_a_secret_is_never_shown(field, value):
    """Dies where a secret column falls back to the plain cell."""
    shown = cell_of(field, value)

    assert "secret" not in shown.replace('class="secret"', "")
    assert "••••" in shown


@pytest.mark.parametrize("value", [None, ""])
def test_no_value_has_a_sign_of_its_own(value):
    assert "No value" in cell_of(Text(), value)


def test_a_time_is_in_the_readers_zone_with_utc_on_hover():
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        shown = cell_of(Time(), MOMENT)

    assert shown == (
        '<time datetime="2026-11-20T23:30:00+00:00" title="2026-11-20 23:30:00 UTC">21 Nov 2026, 00:30</time>'
    )


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("America/New_York", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
        ("Asia/Tokyo", dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)),
    ],
)
def test_the_edges_of_the_calendar_are_shown_in_utc(zone, moment):
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        assert "UTC" in cell_of(Time(), moment)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_only_web_addresses_become_links(address):
    assert "href" not in cell_of(GeneratedContent._meta.get_field("image_url"), address)
    assert 'href="https://assets.example/x"' in cell_of(Text(), "https://assets.example/x")


def test_a_long_text_is_cut_with_a_sign():
    assert cut("x" * 100) == "x" * 71 + "…"
    assert cut("short") == "short"
