import sqlite3
import threading

import pytest

from ndsadmin.db.d1 import driver, echoes, unit
from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.errors import Conflict

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, n INTEGER DEFAULT 0)"


@pytest.fixture
def one(d1) -> Connection:
    d1.execute(TABLE)
    d1.execute("INSERT INTO t (name, n) VALUES ('a', 1), ('b', 2)")
    return d1


@pytest.fixture
def other(one) -> Connection:
    """Somebody else."""
    return Connection(one.road)


def rows(connection: Connection) -> list[tuple]:
    return connection.execute("SELECT name, n FROM t ORDER BY id").rows


class TestAtomic:
    def test_nothing_is_seen_before_the_commit(self, one, other):
        """Dies where a change is sent at once."""
        one.begin()
        assert one.execute("UPDATE t SET n = n + 10").changed == 2

        assert rows(one) == [("a", 11), ("b", 12)]
        assert rows(other) == [("a", 1), ("b", 2)]
        one.commit()
        assert rows(other) == [("a", 11), ("b", 12)]

    def test_a_rollback_leaves_nothing(self, one, other):
        one.begin()
        one.execute("DELETE FROM t")
        one.rollback()

        assert rows(other) == [("a", 1), ("b", 2)]

    def test_a_failing_change_is_not_queued(self, one, other):
        """Dies where an error leaves its statement behind."""
        one.begin()
        one.execute("UPDATE t SET n = 5 WHERE name = 'a'")
        with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: t\.name$"):
            one.execute("UPDATE t SET name = 'b' WHERE name = 'a'")
        one.commit()

        assert rows(other) == [("a", 5), ("b", 2)]

    def test_keys_that_sqlite_gives_are_known_and_come_true(self, one, other):
        one.begin()
        given = one.execute("INSERT INTO t (name) VALUES ('c')").inserted
        assert one.execute("SELECT id FROM t WHERE name = 'c'").rows == [(given,)]
        one.commit()

        assert other.execute("SELECT id FROM t WHERE name = 'c'").rows == [(given,)]

    def test_a_value_may_hold_what_we_answer_with(self, one):
        """Dies where the text of a row is taken for a sign of ours."""
        odd = "bad JSON path: 'd1:conflict';' UNIQUE constraint failed: d1_commits.mark internal error 'd1:x;'"
        one.begin()
        one.execute("INSERT INTO t (name) VALUES (?)", [odd])
        assert one.execute("SELECT name FROM t WHERE name = ?", [odd]).rows == [(odd,)]
        one.commit()

        assert one.execute("SELECT count(*) FROM t WHERE name = ?", [odd]).rows == [(1,)]
        with pytest.raises(sqlite3.IntegrityError):
            one.execute("INSERT INTO t (name) VALUES (?)", [odd])

    def test_long_answers_come_in_pages(self, one):
        text = "é'\n\\" * 50_000
        one.begin()
        one.execute("UPDATE t SET name = ? WHERE name = 'a'", [text])
        assert one.execute("SELECT name FROM t WHERE n = 1").rows == [(text,)]
        one.commit()

    def test_the_queue_has_an_end(self, one, monkeypatch):
        monkeypatch.setattr(unit, "MOST_STATEMENTS", 3)
        one.begin()
        for name in "cde":
            one.execute("INSERT INTO t (name) VALUES (?)", [name])

        with pytest.raises(sqlite3.OperationalError, match="at most 3 statements"):
            one.execute("INSERT INTO t (name) VALUES ('f')")

    def test_a_change_of_the_schema_commits_first(self, one, other):
        one.begin()
        one.execute("UPDATE t SET n = 9")
        one.execute("CREATE TABLE u (a)")

        assert rows(other) == [("a", 9), ("b", 9)]

    def test_rows_of_a_change_are_refused(self, one):
        one.begin()
        with pytest.raises(sqlite3.NotSupportedError, match="RETURNING"):
            one.execute("INSERT INTO t (name) VALUES ('c') RETURNING id")

    def test_statements_of_a_transaction_are_refused(self, one):
        with pytest.raises(sqlite3.OperationalError, match="use atomic"):
            one.execute("BEGIN")


class TestWaiting:
    """Plain INSERTs whose feedback nobody reads."""

    def test_they_cost_no_journey_of_their_own(self, one):
        """A change and its audit entry: two round trips. Dies where each INSERT is replayed."""
        one.begin()
        one.execute("UPDATE t SET n = 3 WHERE name = 'a'")
        one.rollback()  # whether messages come whole is known now
        before = one.road.requests
        one.begin()
        one.execute("UPDATE t SET n = 3 WHERE name = 'a'")
        one.execute("INSERT INTO t (name) VALUES ('entry')")
        one.commit()

        assert one.road.requests - before == 2

    def test_they_fail_at_the_end_of_their_savepoint(self, one):
        """Dies where a savepoint ends without a proof: get_or_create would not notice."""
        one.begin()
        one.unit.save("s")
        one.execute("INSERT INTO t (name) VALUES ('a')")
        with pytest.raises(sqlite3.IntegrityError):
            one.unit.release("s")
        one.unit.roll_back_to("s")
        one.execute("INSERT INTO t (name) VALUES ('c')")
        one.commit()

        assert [name for name, _ in rows(one)] == ["a", "b", "c"]

    def test_they_fail_at_the_commit_and_take_all_along(self, one):
        one.begin()
        one.execute("INSERT INTO t (name) VALUES ('c')")
        one.execute("INSERT INTO t (name) VALUES ('a')")
        with pytest.raises(sqlite3.IntegrityError):
            one.commit()

        assert [name for name, _ in rows(one)] == ["a", "b"]

    def test_where_one_wants_they_fail_at_once(self, one):
        eager = Connection(one.road, is_lazy=False)
        eager.begin()
        with pytest.raises(sqlite3.IntegrityError):
            eager.execute("INSERT INTO t (name) VALUES ('a')")

    def test_a_count_is_asked_for_late(self, one):
        one.begin()
        waiting = one.execute("INSERT INTO t (name) VALUES ('c'), ('d')")
        one.execute("INSERT INTO t (name) VALUES ('e')")

        assert waiting.changed == 2


class TestSavepoints:
    def test_they_nest(self, one):
        one.begin()
        one.execute("UPDATE t SET n = 10 WHERE name = 'a'")
        one.unit.save("outer")
        one.execute("UPDATE t SET n = 20 WHERE name = 'a'")
        one.unit.save("inner")
        one.execute("INSERT INTO t (name) VALUES ('c')")
        one.unit.roll_back_to("inner")
        one.unit.release("outer")
        one.commit()

        assert rows(one) == [("a", 20), ("b", 2)]

    @pytest.mark.parametrize("what", ["release", "roll_back_to"])
    def test_one_that_is_not_there_is_an_error(self, one, what):
        one.begin()
        with pytest.raises(sqlite3.OperationalError, match="no such savepoint: s"):
            getattr(one.unit, what)("s")


class TestConflicts:
    """What a commit rests on must still hold. Each dies without the guard or the comparison that it is about."""

    def test_a_lost_update(self, one, other):
        one.begin()
        (n,) = one.execute("SELECT n FROM t WHERE name = 'a'").rows[0]
        other.execute("UPDATE t SET n = 100 WHERE name = 'a'")
        one.execute("UPDATE t SET n = ? WHERE name = 'a'", [n + 1])

        with pytest.raises(Conflict):
            one.commit()
        assert rows(one) == [("a", 100), ("b", 2)]

    def test_write_skew(self, one, other):
        """Each leaves the last row that the other deletes."""
        for connection in (one, other):
            connection.begin()
            assert connection.execute("SELECT count(*) FROM t").rows == [(2,)]
        one.execute("DELETE FROM t WHERE name = 'a'")
        other.execute("DELETE FROM t WHERE name = 'b'")
        one.commit()

        with pytest.raises(Conflict):
            other.commit()
        assert rows(one) == [("b", 2)]

    def test_a_phantom(self, one, other):
        one.begin()
        assert one.execute("SELECT name FROM t WHERE n > 5").rows == []
        other.execute("INSERT INTO t (name, n) VALUES ('c', 9)")
        one.execute("INSERT INTO t (name) VALUES ('none above five')")

        with pytest.raises(Conflict):
            one.commit()

    def test_a_row_that_is_gone(self, one, other):
        one.begin()
        assert one.execute("UPDATE t SET n = 3 WHERE name = 'a'").changed == 1
        other.execute("DELETE FROM t WHERE name = 'a'")

        with pytest.raises(Conflict):
            one.commit()

    def test_a_key_that_another_took(self, one, other):
        one.begin()
        given = one.execute("INSERT INTO t (name) VALUES ('c')").inserted
        assert other.execute("INSERT INTO t (name) VALUES ('d')").inserted == given

        with pytest.raises(Conflict):
            one.commit()

    def test_a_unique_name_that_another_took(self, one, other):
        one.begin()
        one.execute("INSERT INTO t (name) VALUES ('c')")
        other.execute("INSERT INTO t (name) VALUES ('c')")

        with pytest.raises(sqlite3.IntegrityError):
            one.commit()

    def test_who_only_reads_meets_none(self, one, other):
        one.begin()
        rows(one)
        other.execute("DELETE FROM t")
        one.commit()

    def test_what_differs_each_time_is_not_compared(self, one):
        one.begin()
        one.execute("SELECT random()")
        one.execute("UPDATE t SET n = 3 WHERE name = 'a'")
        one.commit()

    def test_two_writers_lose_nothing(self, one):
        """Both add one, a hundred times; whoever meets the other begins anew."""

        def add() -> None:
            own = Connection(one.road)
            done = 0
            while done < 50:
                own.begin()
                (n,) = own.execute("SELECT n FROM t WHERE name = 'a'").rows[0]
                own.execute("UPDATE t SET n = ? WHERE name = 'a'", [n + 1])
                try:
                    own.commit()
                except Conflict:
                    continue
                done += 1

        threads = [threading.Thread(target=add) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert rows(one)[0] == ("a", 101)


class TestForeignKeys:
    def test_put_off_they_are_checked_at_the_commit(self, one):
        one.batch(["CREATE TABLE p (id TEXT PRIMARY KEY)", "CREATE TABLE c (p TEXT REFERENCES p (id))"])
        for parents, is_sound in ((["x"], True), (["y"], False)):
            one.begin()
            one.execute("PRAGMA defer_foreign_keys = ON")
            one.execute("INSERT INTO c VALUES (?)", ["x" if is_sound else "z"])
            one.execute("INSERT INTO p VALUES (?)", parents)
            if is_sound:
                one.commit()
            else:
                with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
                    one.commit()

        assert one.execute("SELECT p FROM c").rows == [("x",)]


class TestWithoutEchoes:
    """Where messages are cut on their way, changes wait unseen."""

    @pytest.fixture(autouse=True)
    def deaf(self, one, monkeypatch):
        monkeypatch.setitem(driver._echoing, one.road.url, False)

    def test_rows_are_counted_beforehand(self, one, other):
        one.begin()
        assert one.execute("UPDATE t SET n = n + ? WHERE n > ?", [1, 1]).changed == 1
        one.execute("INSERT INTO t (name) VALUES ('c')")
        one.commit()

        assert rows(other) == [("a", 1), ("b", 3), ("c", 0)]

    def test_what_was_changed_cannot_be_read_before_the_end(self, one):
        one.begin()
        one.execute("DELETE FROM t WHERE name = 'a'")
        with pytest.raises(sqlite3.NotSupportedError, match="t was changed in this transaction"):
            rows(one)
        with pytest.raises(sqlite3.NotSupportedError, match="t was changed in this transaction"):
            one.execute("UPDATE t SET n = 0")

    def test_other_tables_can(self, one):
        one.execute("CREATE TABLE u (a)")
        one.begin()
        one.execute("DELETE FROM t WHERE name = 'a'")
        assert one.execute("SELECT a FROM u").rows == []

    def test_a_key_cannot_be_known(self, one):
        one.begin()
        waiting = one.execute("INSERT INTO t (name) VALUES ('c')")
        with pytest.raises(sqlite3.NotSupportedError, match="cannot be known"):
            _ = waiting.inserted


def test_whether_messages_come_whole_is_found_out(one):
    assert echoes.echoes_whole(one.road)


class TestFoundByReview:
    """Each was reproduced against an earlier version."""

    def test_a_change_of_the_schema_that_cannot_commit_ends_the_transaction(self, one, other):
        """Dies where the queue is dropped and the rest is committed."""
        one.begin()
        one.execute("UPDATE t SET n = 42 WHERE name = 'b'")
        one.execute("INSERT INTO t (name) VALUES ('a')")  # a second 'a', which nobody notices yet
        with pytest.raises(sqlite3.IntegrityError):
            one.execute("CREATE TABLE u (a)")

        with pytest.raises(sqlite3.OperationalError, match="roll it back"):
            one.execute("INSERT INTO t (name) VALUES ('after')")
        with pytest.raises(sqlite3.OperationalError, match="roll it back"):
            one.commit()
        assert rows(other) == [("a", 1), ("b", 2)]

    def test_feedback_is_not_made_up_behind_the_end(self, one):
        one.begin()
        waiting = one.execute("INSERT INTO t (name) VALUES ('c')")
        one.commit()
        with pytest.raises(sqlite3.ProgrammingError, match="before its transaction is over"):
            _ = waiting.changed

    def test_who_fails_early_does_not_move_later_savepoints(self, one):
        one.begin()
        one.execute("INSERT INTO t (name) VALUES ('a')")
        with pytest.raises(sqlite3.IntegrityError):
            one.unit.save("s")

    def test_what_was_read_in_a_savepoint_that_was_rolled_back_counts(self, one, other):
        """Dies where reads are forgotten with the savepoint: a lost update."""
        one.begin()
        one.unit.save("s")
        (n,) = one.execute("SELECT n FROM t WHERE name = 'a'").rows[0]
        one.execute("UPDATE t SET n = 0")
        one.unit.roll_back_to("s")
        other.execute("UPDATE t SET n = 777 WHERE name = 'a'")
        one.execute("UPDATE t SET n = ? WHERE name = 'a'", [n + 1])

        with pytest.raises(Conflict):
            one.commit()

    def test_equal_statements_are_two(self, one):
        one.begin()
        first = one.execute("INSERT INTO t (n) SELECT n FROM t")
        second = one.execute("INSERT INTO t (n) SELECT n FROM t")

        assert (second.changed, first.changed) == (4, 2)
        one.commit()
        assert len(rows(one)) == 8

    def test_the_one_that_fails_is_blamed(self, one, other):
        """A waiting INSERT fails; the innocent statement behind it stays."""
        one.begin()
        one.execute("INSERT INTO t (name) VALUES ('a')")
        with pytest.raises(sqlite3.IntegrityError):
            one.execute("UPDATE t SET n = 3 WHERE name = 'b'")
        with pytest.raises(sqlite3.IntegrityError):
            one.commit()
        assert rows(other) == [("a", 1), ("b", 2)]

    def test_a_read_by_the_clock_is_compared(self, one, other):
        one.begin()
        (n,) = one.execute("SELECT n FROM t WHERE name = 'a' AND '9999' > datetime('now')").rows[0]
        other.execute("UPDATE t SET n = 110 WHERE name = 'a'")
        one.execute("UPDATE t SET n = ? WHERE name = 'a'", [n + 1])

        with pytest.raises(Conflict):
            one.commit()

    def test_several_reads_are_of_one_moment(self, one, other):
        one.begin()
        one.execute("SELECT n FROM t WHERE name = 'a'")
        other.execute("UPDATE t SET n = n + 1")
        one.execute("SELECT n FROM t WHERE name = 'b'")

        with pytest.raises(Conflict):
            one.commit()

    @pytest.mark.parametrize(
        "sql",
        [
            "PRAGMA table_info(t); DELETE FROM t",
            "ANALYZE; DELETE FROM t",
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; DELETE FROM t",
            "SELECT 1; DELETE FROM t",
        ],
    )
    def test_two_statements_are_none(self, one, sql):
        with pytest.raises(sqlite3.OperationalError, match="More than one statement"):
            one.execute(sql)
        assert len(rows(one)) == 2

    def test_a_trigger_is_one(self, one):
        one.execute("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END ; -- done")

    def test_large_keys_are_exact(self, one):
        assert one.execute("INSERT INTO t (id) VALUES (?)", [2**62 + 1]).inserted == 2**62 + 1

    def test_rows_of_a_change_come_as_they_were_asked_for(self, one):
        found = one.execute("INSERT INTO t (name) VALUES ('c') RETURNING name, 5 AS five, t.N")
        assert (list(found.columns), found.rows) == (["name", "five", "N"], [("c", 5, 0)])
        assert one.execute("UPDATE t SET n = 7 WHERE name = 'c' RETURNING *").rows == [(3, "c", 7)]
        nothing = one.execute("UPDATE t SET n = 0 WHERE n > 99 RETURNING id, name")
        assert (list(nothing.columns), nothing.rows) == (["id", "name"], [])

    @pytest.mark.parametrize("listed", ["n, n", "n, N", "n + 1", "rowid", "*, n", "n AS '1'", 'n AS "1"'])
    def test_rows_that_names_cannot_tell_are_refused_before_anything_is_done(self, one, listed):
        """Dies where the change is made and its rows are mixed up."""
        with pytest.raises(sqlite3.NotSupportedError, match="by names"):
            one.execute(f"UPDATE t SET n = 99 RETURNING {listed}")
        assert rows(one) == [("a", 1), ("b", 2)]

    def test_one_that_was_proved_is_not_dropped(self, one, other):
        """Dies where a savepoint's length is that of a queue which has grown shorter."""
        one.begin()
        first = one.execute("INSERT INTO t (name) VALUES ('m1')")
        one.unit.save("s")
        one.execute("INSERT INTO t (name) VALUES ('m2')")
        other.execute("INSERT INTO t (name) VALUES ('m1')")
        with pytest.raises(Conflict):
            _ = first.inserted
        one.unit.roll_back_to("s")
        with pytest.raises(sqlite3.IntegrityError):
            one.commit()
        assert [name for name, _ in rows(one)] == ["a", "b", "m1"]

    def test_what_is_forgotten_weighs_nothing(self, one):
        one.begin()
        before = one.unit.size
        one.unit.save("s")
        one.execute("INSERT INTO t (name) VALUES (?)", ["x" * 100_000])
        one.unit.roll_back_to("s")
        assert one.unit.size == before

    def test_a_clock_in_a_common_table_is_no_conflict(self, one):
        one.begin()
        one.execute("WITH x AS (SELECT strftime('%f', 'now') AS n) SELECT n FROM x")
        one.execute("SELECT name FROM t WHERE name <> 'random()'")
        one.execute("UPDATE t SET n = 3")
        one.commit()

    def test_a_path_in_sql_is_no_answer(self, one):
        one.begin()
        with pytest.raises(sqlite3.OperationalError, match="bad JSON path"):
            one.execute("UPDATE t SET n = json_extract('{}', 'd1:[999, 7];')")
        with pytest.raises(sqlite3.OperationalError, match="bad JSON path"):
            one.execute("UPDATE t SET n = json_extract('{}', 'd1:conflict')")

    def test_a_key_is_of_an_insert_alone(self, one, other):
        """Dies where the key that others were given last is a condition."""
        one.begin()
        _ = one.execute("UPDATE t SET n = 3 WHERE name = 'a'").inserted
        other.execute("INSERT INTO t (name) VALUES ('c')")
        one.commit()

    def test_a_table_may_be_called_as_one_likes(self, one):
        one.execute("CREATE TABLE q (x)")
        one.execute("INSERT INTO q VALUES (?)", [2**60])
        assert one.execute("SELECT x FROM q").rows == [(2**60,)]
        one.begin()
        assert one.execute("SELECT x FROM q").rows == [(2**60,)]

    def test_a_column_that_another_added_is_noticed(self, one, other):
        for number in range(2):
            one.begin()
            assert len(one.execute("SELECT * FROM t").rows[0]) == 3 + number
            one.rollback()
            if number == 0:
                other.tables(["ALTER TABLE t ADD COLUMN more"])
