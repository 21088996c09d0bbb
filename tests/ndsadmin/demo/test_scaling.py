"""Millions of rows, here some thousands: on a file of their own, since indexes come and go."""

import re
import sqlite3

import pytest

from tests.processes import manage


@pytest.fixture(scope="module")
def scaled(tmp_path_factory):
    database = tmp_path_factory.mktemp("scaled") / "demo.sqlite3"
    assert manage(database, "migrate", "--verbosity", "0").returncode == 0
    small = ["--tenants", "2", "--days", "7"]
    done = manage(database, "demo", *small, "--rows", "audit_logs=20k", "--rows", "guard_results=9000")
    assert done.returncode == 0, done.stderr
    return database, done.stdout


def ask(database, sql: str):
    with sqlite3.connect(database) as opened:
        return opened.execute(sql).fetchall()


def copies(database) -> int:
    """Audit entries that were made by taking others again: their keys say so."""
    ((number,),) = ask(database, "SELECT COUNT(*) FROM audit_logs WHERE LENGTH(log_id) = 18")
    return number


def test_the_tables_have_the_rows_that_were_asked_for(scaled):
    database, _ = scaled

    assert ask(database, "SELECT COUNT(*) >= 20000 FROM audit_logs") == [(1,)]
    assert copies(database) > 15_000
    assert ask(database, "SELECT COUNT(*) FROM guard_results") == [(9_000,)]


def test_it_says_first_how_much_disk_it_needs(scaled):
    _, told = scaled

    assert "audit_logs: " in told
    assert "GB on disk" in told


def test_every_index_is_there_again(scaled, tmp_path):
    database, _ = scaled
    fresh = tmp_path / "fresh.sqlite3"
    assert manage(fresh, "migrate", "--verbosity", "0").returncode == 0
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"

    assert ask(database, indexes) == ask(fresh, indexes)
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert ask(database, "PRAGMA foreign_key_check") == []


def test_copies_lie_spread_over_years_and_keep_their_shares(scaled):
    database, _ = scaled
    sql = (
        "SELECT COUNT(DISTINCT SUBSTR(timestamp, 1, 10)), MIN(timestamp) < DATETIME('now', '-2 years') FROM audit_logs"
    )
    ((days, oldest),) = ask(database, sql)

    assert days > 1000
    assert oldest == 1
    assert len(ask(database, "SELECT DISTINCT action FROM audit_logs WHERE LENGTH(log_id) = 18")) > 3


def test_a_filled_database_is_refused_or_left_alone(scaled):
    database, _ = scaled
    before = copies(database)

    refused = manage(database, "demo")
    assert (refused.returncode, "only goes into an empty one" in refused.stderr) == (1, True)
    left = manage(database, "demo", "--unless-filled")
    assert (left.returncode, "operator@platform.example" in left.stdout) == (0, True)
    assert copies(database) == before


def test_a_filled_demo_can_be_filled_up_again(scaled):
    """Dies where keys start at the same number each time."""
    database, _ = scaled
    before = copies(database)

    done = manage(database, "demo", "--unless-filled", "--rows", "audit_logs=21000")

    assert (done.returncode, done.stderr) == (0, "")
    number = int(re.search(r"audit_logs: (\d+) rows more", done.stdout)[1])
    assert copies(database) == before + number
    assert 990 < number < 1_000  # what was there besides: an entry of each run


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--rows", "audit_logs=5", "--rows", "audit_logs=6"], "--rows: each table once."),
        (["--rows", "users=5"], "expected a table and a number such as audit_logs=10M, got 'users=5'"),
        (["--rows", "audit_logs=many"], "expected a table and a number such as audit_logs=10M"),
        (["--tenants", "0"], "expected a whole number, 1 or more, got '0'"),
        (["--days", "x"], "expected a whole number, 7 or more, got 'x'"),
    ],
)
def test_nonsense_is_told_with_what_is_expected(tmp_path, options, told):
    done = manage(tmp_path / "x.sqlite3", "demo", *options)

    assert done.returncode != 0
    assert told in done.stderr


def test_the_demo_has_known_passwords_and_is_refused_in_earnest(tmp_path):
    done = manage(tmp_path / "x.sqlite3", "demo", NDS_DEBUG="false", NDS_SECRET_KEY="s" * 50)

    assert (done.returncode, "only made with NDS_DEBUG on" in done.stderr) == (1, True)
