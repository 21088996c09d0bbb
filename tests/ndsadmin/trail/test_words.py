import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ndsadmin.tables.paging import Start
from ndsadmin.trail import words
from ndsadmin.trail.asking import Text, asked_trail
from ndsadmin.trail.language import parse
from ndsadmin.trail.words import count_of_words, is_indexed, match_of, page_of_words
from security.roles import Role
from security.scope import tenant_scope
from security.services.upkeep import put_up_words, take_down_words
from security.triggers import WORDS
from tests.ndsadmin.trail.conftest import made_entry, reading_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]


@pytest.fixture
def indexed(db, settings):
    settings.AUDIT_WORDS = True
    put_up_words()


def found(text: str, start: Start | None = None, size: int = 50):
    query = parse(text)
    match = match_of(query.words)
    return page_of_words(asked_trail(query, Text.LEFT), ["log_id"], start or Start(), match, size) if match else None


def letters(text: str) -> str:
    page = found(text)
    return "".join(row[0] for row in page.rows) if page else ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("post", "da"),
        ("create_post", "da"),
        ("POST p1", "a"),
        ("month", "b"),
        ('"for a month"', "b"),
        ("month held", "b"),
        ("mon", ""),
        ("mon*", "b"),
        ("password wrong", "c"),
        ("lovelace", "ba"),
        ("ada@steel", "ba"),
        ("u-ada", "ba"),
        ("stone", "dc"),
        ("4711", "e"),
        ("metrics", "f"),
        ("t1", "e"),
        ("7431", ""),  # the tenant's digits are no words
        ("!!!", ""),
        ('"\' OR 1"', ""),
        ("actor AND", ""),
        ("post ok:true action:create_post actor:ada", "a"),
        ("post after:2026-11-12", "d"),
        ("post -actor:ada", "d"),
        ("post tenant:t1", "a"),
    ],
)
def test_words_find(query, expected, world):
    with reading_as(Role.AUDITOR):
        assert letters(query) == expected


def test_words_are_confined_as_the_entries_are(world):
    """Dies without the policy of the full-text table: the words of others would be found, or counted."""
    with reading_as(Role.OWNER, "t1", "u-ada"):
        assert (letters("post"), letters("password"), letters("stone"), letters("metrics")) == ("a", "", "", "")
        assert count_of_words(match_of(["post"])) == "1"
    with reading_as(Role.MEMBER, "t1", "somebody"):
        assert letters("post") == ""


def test_no_sql_of_a_tenant_reaches_the_words_of_another(world):
    with tenant_scope("t1"), connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {WORDS}")
        assert cursor.fetchone() == (3,)
        cursor.execute(f"SELECT COUNT(*) FROM {WORDS} WHERE {WORDS} MATCH 'password OR login'")
        assert cursor.fetchone() == (0,)


def test_pages_follow_each_other_both_ways(world):
    for number in range(7):
        made_entry(f"m{number}", action="many", resource_type="x")
    with reading_as(Role.AUDITOR):
        pages, start = [], Start()
        while True:
            page = found("many", start, size=3)
            pages.append([row[0] for row in page.rows])
            if page.after is None:
                break
            start = Start(page.after)
        back = found("many", Start(is_forward=False), size=3)
        before = found("many", Start(back.before, is_forward=False), size=3)

    assert pages == [["m6", "m5", "m4"], ["m3", "m2", "m1"], ["m0"]]
    assert [row[0] for row in back.rows] == ["m2", "m1", "m0"]
    assert [row[0] for row in before.rows] == ["m5", "m4", "m3"]


def test_reading_ends_after_a_window_and_goes_on_from_there(world, monkeypatch):
    """Dies where a word that is everywhere, with a filter that nothing meets, reads ten million entries."""
    monkeypatch.setattr(words, "PIECE", 2)
    monkeypatch.setattr(words, "WINDOW", 4)
    for number in range(7):
        made_entry(f"m{number}", action="many", resource_type="x", request_id="last" if number == 0 else None)
    with reading_as(Role.AUDITOR):
        first = found("many request:last")
        second = found("many request:last", Start(first.after))

    assert (first.rows, first.searched_to is not None) == ([], True)
    assert [row[0] for row in second.rows] == ["m0"]
    assert second.searched_to is None


def test_without_the_table_there_is_none():
    assert is_indexed()
    take_down_words()
    assert not is_indexed()


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("post actor:u-ada", 'actor : "uada"'),
        ("post action:create_post", 'action : "create_post"'),
        ("post tenant:t1", 'tenant : "7431"'),
        ("post actor:nobody", "post"),
        ("post action:create_*", "post"),
    ],
)
def test_one_actor_action_or_tenant_is_asked_of_the_words(query, match, world):
    """Dies where a common word and a rare actor are put together entry by entry."""
    with reading_as(Role.AUDITOR), CaptureQueriesContext(connection) as captured:
        found(query)

    (first, *_) = [one["sql"] for one in captured if "MATCH" in one["sql"]]
    assert match in first


def test_a_word_is_found_by_the_index_of_words(world):
    with reading_as(Role.AUDITOR), connection.cursor() as cursor:
        text = f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH 'a' AND rowid < 5 ORDER BY rowid DESC LIMIT 5"
        cursor.execute(f"EXPLAIN QUERY PLAN {text}")
        (step,) = [row[3] for row in cursor.fetchall()]
        assert "VIRTUAL TABLE INDEX" in step
        assert "TEMP B-TREE" not in step
