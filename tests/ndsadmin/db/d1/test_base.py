"""Django's wrapper around the driver: what the ORM's own tests (`make conformance`) do not ask."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, NotSupportedError, models, transaction

from ndsadmin.db.d1 import local
from tests.arranging import arranging
from tests.conftest import without_scope
from tests.ndsadmin.db.d1.conftest import ALIAS
from tests.processes import ROOT


@pytest.fixture
def purse(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE purse (owner TEXT PRIMARY KEY, coins INTEGER)")
        cursor.execute("INSERT INTO purse VALUES ('a', 5), ('b', 0)")
    return wrapper


def coins(wrapper) -> list[tuple]:
    with wrapper.cursor() as cursor:
        return cursor.execute("SELECT owner, coins FROM purse ORDER BY owner").fetchall()


class TestTransactions:
    def test_an_error_in_the_middle_leaves_nothing(self, purse):
        def twice() -> None:
            with transaction.atomic(ALIAS), purse.cursor() as cursor:
                cursor.execute("UPDATE purse SET coins = 0 WHERE owner = 'a'")
                cursor.execute("INSERT INTO purse VALUES ('b', 5)")

        with pytest.raises(IntegrityError):
            twice()

        assert coins(purse) == [("a", 5), ("b", 0)]

    def test_a_commit_that_fails_with_autocommit_off_begins_anew(self, purse):
        """Dies where the connection falls back to committing each statement."""
        other = purse.road
        purse.set_autocommit(False)
        with purse.cursor() as cursor:
            (n,) = cursor.execute("SELECT coins FROM purse WHERE owner = 'a'").fetchone()
            other.ask("POST", other.url, {"batch": [{"sql": "UPDATE purse SET coins = 9", "params": []}]})
            cursor.execute("UPDATE purse SET coins = %s WHERE owner = 'a'", [n - 1])
            with pytest.raises(DatabaseError, match="could not serialize"):
                purse.commit()
            cursor.execute("INSERT INTO purse VALUES ('c', 1)")
        purse.rollback()
        purse.set_autocommit(True)

        assert coins(purse) == [("a", 9), ("b", 9)]

    def test_autocommit_that_cannot_be_switched_on_stays_off(self, purse):
        purse.set_autocommit(False)
        with purse.cursor() as cursor:
            cursor.execute("SELECT coins FROM purse").fetchall()
            purse.road.ask("POST", purse.road.url, {"batch": [{"sql": "UPDATE purse SET coins = 9", "params": []}]})
            cursor.execute("UPDATE purse SET coins = 1 WHERE owner = 'a'")
            with pytest.raises(DatabaseError, match="could not serialize"):
                purse.set_autocommit(True)
            cursor.execute("UPDATE purse SET coins = 77")
        purse.rollback()
        purse.set_autocommit(True)

        assert coins(purse) == [("a", 9), ("b", 9)]

    def test_hooks_run_behind_the_commit(self, purse):
        seen = []
        with transaction.atomic(ALIAS), purse.cursor() as cursor:
            cursor.execute("UPDATE purse SET coins = 7 WHERE owner = 'a'")
            transaction.on_commit(lambda: seen.append(coins(purse)), using=ALIAS)
            assert seen == []

        assert seen == [[("a", 7), ("b", 0)]]


class TestScopes:
    """Row-level security stands in front of D1 as it does in front of SQLite."""

    def test_without_scope_nothing_is_sent(self, purse):
        """Dies where a cursor does not ask the engine."""
        before = purse.road.requests

        with pytest.raises(Exception, match="No scope is open"):
            without_scope(lambda: purse.cursor().execute("SELECT * FROM purse"))
        assert purse.road.requests <= before + 1  # the engine may have read the schema

    def test_the_drivers_own_connection_is_fenced(self, purse):
        """Dies without `permit`."""
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            without_scope(lambda: purse.connection.execute("SELECT * FROM purse"))


class TestSchema:
    def test_an_operation_is_one_transaction(self, wrapper):
        """Dies where a table that is remade is dropped in a request of its own."""
        before = wrapper.road.requests
        with wrapper.schema_editor() as editor:
            editor.create_model(Parent)
        assert wrapper.road.requests - before <= 3  # the batch; on a new database the table of marks besides

    def test_a_parent_whose_children_would_go_is_not_remade(self, wrapper):
        """Dies without the check: DROP TABLE runs ON DELETE CASCADE."""
        with wrapper.schema_editor() as editor:
            editor.create_model(Parent)
            editor.execute(
                "CREATE TABLE child (id INTEGER, parent INTEGER REFERENCES d1_parent (id) ON DELETE CASCADE)"
            )
            editor.execute("INSERT INTO d1_parent (id, name) VALUES (1, 'x')")
            editor.execute("INSERT INTO child VALUES (1, 1)")
        field = models.CharField(max_length=9, null=True)
        field.set_attributes_from_name("name")

        with (
            pytest.raises(NotSupportedError, match="the rows of child that hang on it"),
            wrapper.schema_editor() as editor,
        ):
            editor.alter_field(Parent, Parent._meta.get_field("name"), field)
        with wrapper.cursor() as cursor:
            assert cursor.execute("SELECT * FROM child").fetchall() == [(1, 1)]

    def test_a_table_with_plain_children_is(self, wrapper):
        with wrapper.schema_editor() as editor:
            editor.create_model(Parent)
            editor.execute("CREATE TABLE child (id INTEGER, parent INTEGER REFERENCES d1_parent (id))")
            editor.execute("INSERT INTO d1_parent (id, name) VALUES (1, 'x')")
            editor.execute("INSERT INTO child VALUES (1, 1)")
        field = models.CharField(max_length=9, null=True)
        field.set_attributes_from_name("name")
        with wrapper.schema_editor() as editor:
            editor.alter_field(Parent, Parent._meta.get_field("name"), field)

        with wrapper.cursor() as cursor:
            assert cursor.execute("SELECT * FROM child").fetchall() == [(1, 1)]
            assert cursor.execute("SELECT id, name FROM d1_parent").fetchall() == [(1, "x")]
        wrapper.check_constraints()

    def test_an_orphan_is_named(self, wrapper):
        with wrapper.schema_editor() as editor:
            editor.create_model(Parent)
            editor.execute("CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES d1_parent (id))")

        def orphan() -> None:
            with transaction.atomic(ALIAS), wrapper.cursor() as cursor:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                cursor.execute("INSERT INTO child VALUES (4, 9)")
                wrapper.check_constraints(["child"])

        with pytest.raises(IntegrityError, match=r"primary key '4' .* child\.parent contains a value '9'"):
            orphan()


class TestTestDatabases:
    def test_the_configured_one_is_refused(self, wrapper):
        """Dies without the check: the tests of rivals have emptied production."""
        wrapper.settings_dict["TEST"] = {"NAME": "DB"}
        with pytest.raises(ImproperlyConfigured, match="TEST NAME is the configured database, DB"):
            wrapper.creation.create_test_db(verbosity=0, autoclobber=True)

    def test_a_gateway_needs_a_name(self, wrapper):
        wrapper.settings_dict["TEST"] = {"NAME": None}
        with pytest.raises(ImproperlyConfigured, match="expected TEST NAME, a further binding"):
            wrapper.creation.create_test_db(verbosity=0, autoclobber=True)

    def test_what_was_in_it_is_cleared_away(self, wrapper):
        wrapper.settings_dict["NAME"] = "TEST"
        with wrapper.cursor() as cursor:
            cursor.execute("CREATE TABLE left_over (a)")
        wrapper.settings_dict["NAME"] = "DB"
        wrapper.close()

        wrapper.creation._create_test_db(0, autoclobber=True)

        wrapper.settings_dict["NAME"] = "TEST"
        wrapper.close()
        assert "left_over" not in wrapper.introspection.table_names()
        wrapper.settings_dict["NAME"] = "DB"

    def test_through_the_api_one_is_made_and_deleted(self, wrapper, monkeypatch):
        wrapper.settings_dict.update(HOST="api.cloudflare.com", NAME="acc/key", TEST={"NAME": None})
        asked = []
        monkeypatch.setattr("ndsadmin.db.d1.transport.Rest.create", lambda self, name: asked.append(name) or "new")
        monkeypatch.setattr("ndsadmin.db.d1.transport.Rest.delete", lambda self, key: asked.append(key))

        name = wrapper.creation._get_test_db_name()
        wrapper.creation._destroy_test_db(name, 0)

        assert name == "acc/new"
        assert asked[0].startswith("test_")
        assert asked[1] == "new"


class Parent(models.Model):
    """For the schema editor alone; there is no such table anywhere else."""

    name = models.CharField(max_length=5, null=True)

    class Meta:
        app_label = "d1"
        db_table = "d1_parent"
        managed = False


def test_the_shell_is_wranglers(wrapper):
    with pytest.raises(ImproperlyConfigured, match="wrangler d1 execute"):
        wrapper.client.runshell([])


def test_a_failing_gateway_is_told(monkeypatch):
    monkeypatch.setattr(local.shutil, "which", lambda name: None)
    with pytest.raises(local.GatewayFailed, match="Node is not installed"):
        local.LocalGateway(["DB"]).__enter__()


def test_many_rows_are_confined_like_one(purse):
    """In lists where they are plain; by themselves else. Dies where many go around the engine."""
    with purse.cursor() as cursor:
        cursor.executemany("INSERT INTO purse (owner, coins) VALUES (%s, %s)", [("c", 1), ("d", 2)])
        assert cursor.rowcount == 2
        cursor.executemany("UPDATE purse SET coins = coins + %(more)s WHERE owner = %(who)s", [{"more": 1, "who": "c"}])
        assert cursor.rowcount == 1
    assert coins(purse) == [("a", 5), ("b", 0), ("c", 2), ("d", 2)]
    with pytest.raises(Exception, match="No scope is open"):
        without_scope(
            lambda: purse.cursor().executemany("INSERT INTO purse (owner, coins) VALUES (%s, %s)", [("e", 1)])
        )


def test_the_command_ends_as_the_other_does():
    call_command("d1", "gateway", "--port", "0", "--", "true")
    with pytest.raises(SystemExit) as ended:
        call_command("d1", "gateway", "--port", "0", "--", "false")
    assert ended.value.code == 1


def test_the_command_says_why_it_cannot(monkeypatch):
    monkeypatch.setattr(local.shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="Node is not installed"):
        call_command("d1", "gateway", "--port", "0")


def test_the_command_runs_another_beside_the_gateway():
    script = "import os; print(os.environ['DATABASE_URL'].partition(':')[0], len(os.environ['D1_TOKEN']) > 20)"
    done = subprocess.run(
        [sys.executable, "manage.py", "d1", "gateway", "--port", "0", "--", sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ, "NDS_DEBUG": "true"},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "d1 True\n")


def raw_batch(purse) -> None:
    with purse.fence.raw():
        purse.connection.batch(["DELETE FROM purse"])


def test_reading_ahead_is_one_journey(purse):
    """Dies where what was fetched is not found again, or given twice."""

    def count() -> list:
        with purse.cursor() as cursor:
            return cursor.execute("SELECT count(*) FROM purse").fetchall()

    with arranging():
        before = purse.road.requests
        with purse.rehearse([lambda: coins(purse), count]):
            assert purse.road.requests == before + 1
            assert (coins(purse), count()) == ([("a", 5), ("b", 0)], [(2,)])
            assert purse.road.requests == before + 1
            assert count() == [(2,)]
        assert purse.road.requests == before + 2
        for work in (
            lambda: _delete(purse),
            lambda: raw_batch(purse),
            purse.connection.begin,
        ):
            with pytest.raises((DatabaseError, sqlite3.Error), match="must only read"), purse.rehearse([work]):
                pass  # pragma: no cover
    assert coins(purse) == [("a", 5), ("b", 0)]


def test_what_was_read_ahead_does_not_outlive_a_change(purse):
    """Dies where the old answer is given behind a write of one's own."""
    with purse.rehearse([lambda: coins(purse), lambda: purse.cursor().execute("SELECT 1")]):
        with purse.cursor() as cursor:
            cursor.execute("UPDATE purse SET coins = 42 WHERE owner = 'a'")
        assert coins(purse)[0] == ("a", 42)


def test_the_fence_stands_while_something_is_rehearsed(purse):
    def past_the_cursor() -> None:
        purse.connection.tables(["SELECT * FROM purse"])

    def rehearsed() -> None:
        with purse.rehearse([past_the_cursor]):
            pass  # pragma: no cover

    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        without_scope(rehearsed)


def _delete(wrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("DELETE FROM purse")
