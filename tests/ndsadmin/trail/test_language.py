import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndsadmin.trail import language
from ndsadmin.trail.language import FIELDS, Query, QueryError, Term, moment_of, parse


def told(text: str) -> list[tuple[str, str, bool]]:
    return [(term.field, term.value, term.is_excluded) for term in parse(text).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  \t ", []),
        ("actor:ada", [("actor", "ada", False)]),
        ("ACTOR:Ada", [("actor", "Ada", False)]),
        ("-action:login action:x", [("action", "login", True), ("action", "x", False)]),
        ('actor:"Ada Lovelace"', [("actor", "Ada Lovelace", False)]),
        ('held "for a month"', [("", "held", False), ("", "for a month", False)]),
        ("resource:post/a:b", [("resource", "post/a:b", False)]),
        ("-held", [("", "-held", False)]),
        (r'actor:"a \" b\\"', [("actor", 'a " b\\', False)]),
        ("after:2026-11-20T10:00 before:7d", [("after", "2026-11-20T10:00", False), ("before", "7d", False)]),
        ("ok:FALSE", [("ok", "FALSE", False)]),
    ],
)
def test_a_query_is_taken_apart(text, terms):
    assert told(text) == terms


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("actor:ada foo:bar", "There is no field foo: expected one of actor, action", "foo:bar"),
        ("x actor:", "actor: expected who did it", "actor:"),
        ("ok:maybe", "ok: expected true or false, got 'maybe'", "ok:maybe"),
        ("a after:soon", "after: expected a day such as 2026-11-22, a time or 7d, got 'soon'", "after:soon"),
        ("after:2026-02-30", "after: expected a day", "after:2026-02-30"),
        ("-after:7d", "after: cannot be excluded", "-after:7d"),
        ("after:7d after:8d", "after: is said twice", "after:8d"),
        ('actor:"ada lo', "A quote is opened that is not closed", '"ada lo'),
        ('ab"c', "A quote is opened that is not closed", '"c'),
        ("resource:/", "resource: expected to what|resource: expected what it was done to", "resource:/"),
        ("x " * 21, "at most 20 words", "x"),
        ("a -", "Nothing follows the minus", "-"),
        ("a" * 501, "at most 500 characters", "a"),
    ],
)
def test_a_mistake_says_what_and_where(text, message, place):
    """Dies where the reader has to search for it."""
    with pytest.raises(QueryError, match=message) as found:
        parse(text)

    assert text[found.value.start : found.value.end] == place


@settings(max_examples=300)
@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_or_refused(text):
    mistake, query = None, Query()
    try:
        query = parse(text)
    except QueryError as error:
        mistake = error

    assert told(str(query)) == [(t.field, t.value, t.is_excluded) for t in query.terms]
    assert mistake is None or 0 <= mistake.start <= mistake.end <= len(text)


def test_a_moment_is_a_time_in_utc(monkeypatch):
    monkeypatch.setattr(language, "now", lambda: dt.datetime(2026, 11, 22, 15, 30, tzinfo=dt.UTC))

    assert {
        text: moment_of(text)
        for text in (
            "2026-11-20",
            "2026-11-20T10:00+02:00",
            "today",
            "yesterday",
            "24h",
            "7d",
            "2w",
            "9999w",
            "0001-01-01",
            "9999-12-31",
            "now",
        )
    } == {
        "2026-11-20": "2026-11-20 00:00:00",
        "2026-11-20T10:00+02:00": "2026-11-20 08:00:00",
        "today": "2026-11-22 00:00:00",
        "yesterday": "2026-11-21 00:00:00",
        "24h": "2026-11-21 15:30:00",
        "7d": "2026-11-15 15:30:00",
        "2w": "2026-11-08 15:30:00",
        "9999w": None,
        "0001-01-01": None,
        "9999-12-31": None,
        "now": None,
    }


def test_a_field_is_replaced_and_taken_out():
    query = parse("actor:ada action:x -action:y word")

    assert str(query.having("action", ["a b", ""])) == 'actor:ada -action:y word action:"a b"'
    assert str(query.without("actor", "action")) == "word"
    assert (query.value("actor"), query.value("ip"), query.words) == ("ada", "", ["word"])
    assert str(Query((Term("", ""),))) == '""'


def test_every_field_is_explained():
    assert list(FIELDS) == ["actor", "action", "tenant", "resource", "ip", "request", "ok", "after", "before"]
    assert all(FIELDS.values())
