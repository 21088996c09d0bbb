"""The engine by itself: what is cached, what happens when the schema changes, what it refuses to work with."""

import sqlite3
import threading
from contextlib import suppress

import pytest
from django.db import connection

from security.exceptions import NoScope, Refused, SchemaUnsafe
from security.rls.engine import Engine
from security.rls.policies import Closed, Direct, Search, Shared, Via
from security.rls.registry import Registry
from security.rls.twin import Made
from security.scope import platform_scope, tenant_scope
from tests.conftest import without_scope

NOTES = Made("table", "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id TEXT, text TEXT)")
LINES = Made("table", "lines", "CREATE TABLE lines (id INTEGER PRIMARY KEY, note_id INTEGER, text TEXT)")
DECLARED = {"notes": Direct("tenant_id"), "lines": Via("note_id", "notes", "id"), "words": Shared(), "own": Closed()}


class Live:
    """A database, an engine for it, and what a tenant gets."""

    def __init__(self, *schema: Made, declared=None, triggers=frozenset()) -> None:
        self.schema = list(schema)
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        for made in schema:
            self.database.execute(made.sql)
        self.engine = Engine(Registry(DECLARED if declared is None else declared, triggers))
        self.engine._registry.__dict__["declared"] = DECLARED if declared is None else declared

    def add(self, made: Made) -> None:
        self.schema.append(made)
        self.database.execute(made.sql)

    def run(self, sql: str, parameters=(), tenant: str = "a", **more: bool) -> list[tuple]:
        with tenant_scope(tenant, **more):
            confined = self.engine.confine(sql, list(parameters), lambda: list(self.schema))
        return self.database.execute(confined.sql, confined.parameters).fetchall()


@pytest.fixture
def live():
    made = Live(NOTES, LINES)
    made.database.execute("INSERT INTO notes VALUES (1, 'a', 'mine'), (2, 'b', 'theirs'), (3, NULL, 'nobodys')")
    made.database.execute("INSERT INTO lines VALUES (1, 1, 'my line'), (2, 2, 'their line')")
    return made


def test_one_parameter_more_is_sent(live):
    with tenant_scope("a"):
        confined = live.engine.confine("SELECT * FROM notes WHERE text = ? AND id < ?", ["x", 5], lambda: live.schema)

    assert confined.parameters == ["a", "x", 5]
    assert confined.sql.endswith("SELECT * FROM notes WHERE text = ?2 AND id < ?3")


def test_a_text_is_planned_once(live):
    for tenant in ("a", "b", "a"):
        live.run("SELECT * FROM notes", tenant=tenant)

    assert (live.engine.plan.cache_info().misses, live.engine.plan.cache_info().hits) == (1, 2)


def test_behind_a_barrier_it_is_another_plan(live):
    assert live.run("SELECT text FROM notes", barrier=True) == live.run("SELECT text FROM notes") == [("mine",)]
    assert live.engine.plan.cache_info().misses == 2


def test_a_column_that_came_later_is_found(live):
    """The schema is looked at again before something is refused."""
    live.run("SELECT * FROM notes")
    live.database.execute("ALTER TABLE notes ADD COLUMN mood TEXT")
    live.schema[0] = Made("table", "notes", NOTES.sql.replace("text TEXT", "text TEXT, mood TEXT"))

    assert live.run("SELECT mood FROM notes") == [(None,)]


def test_a_table_that_came_later_stays_closed_until_it_is_declared(live):
    live.run("SELECT * FROM notes")
    live.add(Made("table", "strangers", "CREATE TABLE strangers AS SELECT 1 AS a"))

    with pytest.raises(Refused):
        live.run("SELECT * FROM strangers")


def test_without_tables_it_refuses_and_does_not_break():
    empty = Live()

    with pytest.raises(Refused, match="no such table"):
        empty.run("SELECT * FROM notes")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (Made("trigger", "t", "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM lines; END"), "trigger t"),
        (Made("table", "own", "CREATE TABLE own (a UNIQUE ON CONFLICT REPLACE)"), "own: a constraint"),
    ],
)
def test_a_schema_that_cannot_be_answered_for_stops_everything(made, told):
    unsafe = Live(NOTES, LINES, declared={**DECLARED, "own": Direct("a")})
    unsafe.add(made)

    with pytest.raises(SchemaUnsafe, match=told):
        unsafe.run("SELECT * FROM notes")


def test_a_declared_trigger_stays_out_of_the_twin():
    made = Live(NOTES, LINES, triggers=frozenset({"kept"}))
    made.add(Made("trigger", "kept", "CREATE TRIGGER kept AFTER INSERT ON notes BEGIN SELECT 1; END"))

    assert made.run("SELECT * FROM notes") == []


def test_many_threads_share_one_engine(live):
    """Dies without the twin's lock: SQLite's connection is used by one thread at a time."""
    answers, errors = [], []

    def work(number: int) -> None:
        try:
            with tenant_scope("a"):
                for step in range(40):
                    sql = f"SELECT text, {number * 100 + step} FROM notes"
                    answers.append(live.engine.confine(sql, [], lambda: live.schema).parameters)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert answers == [["a"]] * 320


def test_a_parents_policy_is_a_join_or_an_exists_by_the_statement(live):
    """Dies where one form serves all: 350 times slower for a parent's children, or under an outer join."""
    with tenant_scope("a"):
        plain = live.engine.confine("SELECT * FROM lines", [], lambda: live.schema).sql
        outer = live.engine.confine("SELECT * FROM notes n LEFT JOIN lines l ON 1", [], lambda: live.schema).sql

    assert "JOIN main" in plain
    assert "EXISTS" not in plain
    assert "EXISTS" in outer


@pytest.mark.parametrize(
    "sql",
    [
        'UPDATE"notes"SET text = 1',
        'DELETE FROM"notes"WHERE id = 9',
        "INSERT INTO\"notes\"(id, tenant_id) VALUES (9, 'a')",
        "UPDATE notes SET text = 1, tenant_id = 'a'WHERE 1",
        "UPDATE notes SET text = 1 IS DISTINCT FROM 2, tenant_id = 'a'",
    ],
)
def test_whatever_stands_close_together_stays_apart(live, sql):
    live.run(sql)


def test_numbered_parameters_follow_the_tenants(live):
    """Shaping carries many values in one parameter, which it names by its number."""
    rows = live.run(
        "SELECT text FROM notes WHERE id IN (json_extract(?1, '$[0]'), json_extract(?1, '$[1]'), ?2)", ["[1,2]", 3]
    )

    assert rows == [("mine",)]


@pytest.mark.parametrize("sql", ["SELECT ?0 FROM notes", "SELECT ?99999999999 FROM notes", "SELECT :rls FROM notes"])
def test_a_parameter_is_not_named_past_its_place(live, sql):
    with pytest.raises(Refused, match="numbered from 1 on"):
        live.run(sql, [1])


@pytest.mark.parametrize(
    "sql", ["UPDATE lines SET text = 1", "DELETE FROM lines", "INSERT INTO lines (note_id) VALUES (1)"]
)
def test_a_write_to_a_table_that_came_later_finds_it(sql):
    """Dies where a table that was missing is an error of ours: nothing would look at the schema again."""
    late = Live(NOTES)
    late.run("SELECT * FROM notes")
    with pytest.raises(Refused):
        late.run(sql)

    late.add(LINES)
    late.database.execute("INSERT INTO notes VALUES (1, 'a', 'mine')")
    late.run(sql)


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\x85"])
def test_what_python_takes_for_a_space_is_a_letter_to_sqlite(live, space):
    live.run(f"DELETE FROM notes AS u{space}")

    assert live.database.execute("SELECT id FROM notes ORDER BY id").fetchall() == [(2,), (3,)]


def test_replace_may_be_a_name(live):
    assert live.run("SELECT text AS replace FROM notes") == [("mine",)]


def test_behind_a_barrier_a_write_without_condition_searches_its_index(live):
    with tenant_scope("a", barrier=True):
        assert "CASE" not in live.engine.confine("DELETE FROM notes", [], lambda: live.schema).sql


def test_rows_changed_are_counted_behind_a_with(live):
    with tenant_scope("a"):
        read = "UPDATE notes SET text = (SELECT COUNT(*) FROM lines)"
        assert live.engine.confine(read, [], lambda: live.schema).counts
        assert not live.engine.confine("UPDATE notes SET text = 'x'", [], lambda: live.schema).counts


def test_a_quote_in_a_tenants_id_is_a_value():
    made = Live(NOTES, LINES)
    made.database.execute("INSERT INTO notes VALUES (1, ?, 'mine'), (2, 'b', 'theirs')", ["a' OR '1' = '1"])

    assert made.run("SELECT text FROM notes", tenant="a' OR '1' = '1") == [("mine",)]


class TestFullText:
    """Search(): a full-text table whose first column is the tenant."""

    @pytest.fixture
    def words(self):
        sql = "CREATE VIRTUAL TABLE found USING fts5(tenant_id, text, tokenize=\"unicode61 tokenchars '_-'\")"
        made = Live(Made("table", "found", sql), declared={"found": Search("found", "tenant_id")})
        rows = [("a", "steel beams"), ("b", "steel secrets"), ('a" OR b', "odd steel")]
        made.database.executemany("INSERT INTO found VALUES (?, ?)", rows)
        made.schema = [Made(*row) for row in made.database.execute("SELECT type, name, sql FROM sqlite_master")]
        return made

    def test_a_search_finds_the_tenants_own(self, words):
        assert words.run("SELECT text FROM found WHERE found MATCH ?", ["steel"]) == [("steel beams",)]
        assert words.run("SELECT text FROM found WHERE found MATCH ? ORDER BY rank", ["steel"]) == [("steel beams",)]

    def test_a_tenants_id_is_no_query(self, words):
        """Dies without doubled quotes: an id could be a search for others."""
        found = words.run("SELECT text FROM found WHERE found MATCH 'steel'", tenant='a" OR b')
        assert ("steel secrets",) not in found

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT * FROM main.found", "SELECT * FROM found_content", "DELETE FROM found",
            "INSERT INTO found VALUES ('b', 'x')", "SELECT text FROM found WHERE found MATCH 'steel' OR 1",
        ],
    )  # fmt: skip
    def test_no_other_way_leads_to_others(self, words, sql):
        with suppress(Refused, sqlite3.Error):
            assert ("steel secrets",) not in [row[-1:] for row in words.run(sql)]
        assert words.database.execute("SELECT COUNT(*) FROM found").fetchone() == (3,)


@pytest.mark.django_db
class TestCursor:
    def test_without_scope_a_statement_without_tables_works(self):
        def work() -> object:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 + %s", [1])
                return cursor.fetchone()

        assert without_scope(work) == (2,)

    @pytest.mark.parametrize(
        "sql", ["SELECT * FROM users", "DELETE FROM users", "SELECT * FROM sqlite_master", "VACUUM"]
    )
    def test_without_scope_nothing_else_does(self, sql):
        def work() -> None:
            with connection.cursor() as cursor, pytest.raises(NoScope):
                cursor.execute(sql)

        without_scope(work)

    def test_what_is_shared_can_be_read_without_scope(self):
        """Django asks for applied migrations before anything is known."""

        def work() -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT COUNT(*) FROM django_migrations")
                return cursor.fetchone()[0]

        assert without_scope(work) > 5

    def test_a_platform_scope_sends_what_is_written(self):
        def work() -> list:
            with platform_scope(reason="Look at the schema"), connection.cursor() as cursor:
                cursor.execute("SELECT name FROM sqlite_master WHERE name = 'users'")
                return cursor.fetchall()

        assert without_scope(work) == [("users",)]
