import random
import sqlite3

import pytest
import urllib3

from ndsadmin.db.d1 import sending
from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.errors import OutcomeUnknown
from ndsadmin.db.d1.sending import MARKS
from ndsadmin.db.d1.transport import Gateway, Secret
from tests.ndsadmin.db.d1.faults import FAULTS, PATIENCE, proxy

OPERATIONS = 500
TIMEOUT = urllib3.Timeout(connect=2, read=PATIENCE)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(sending, "WAITS", (0, 0.01, 0.05, 0.3))


def through(port: int, gateway) -> Connection:
    return Connection(Gateway(f"http://127.0.0.1:{port}/DB", Secret(gateway.secret), timeout=TIMEOUT))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_change_takes_effect_once(d1, gateway, impatient, fault):
    """Dies without the mark (doubled or lost changes), and without burning it (a late request comes true)."""
    d1.execute("CREATE TABLE done (n INTEGER, times INTEGER)")
    chance = random.Random(fault)
    share = 0.05 if fault == "timeout" else 0.15
    with proxy(gateway.port, lambda number: fault if chance.random() < share else None) as port:
        link = through(port, gateway)
        acknowledged = [number for number in range(OPERATIONS) if is_done(link, number)]

    assert len(acknowledged) > OPERATIONS * 0.98
    rows = d1.execute("SELECT n, count(*) FROM done GROUP BY n ORDER BY n").rows
    assert rows == [(number, 1) for number in acknowledged]


def is_done(link: Connection, number: int) -> bool:
    try:
        return link.execute("INSERT INTO done VALUES (?, 1)", [number]).changed == 1
    except sqlite3.OperationalError as error:
        if "nothing was done" not in str(error):
            raise
        return False


def test_transactions_take_effect_once(d1, gateway, impatient):
    """Lost, doubled and delayed at random: money is neither made nor lost."""
    d1.execute("CREATE TABLE purse (owner TEXT PRIMARY KEY, coins INTEGER)")
    d1.execute("INSERT INTO purse VALUES ('a', 500), ('b', 0)")
    chance = random.Random(7)
    with proxy(gateway.port, lambda number: chance.choice(FAULTS) if chance.random() < 0.2 else None) as port:
        link = through(port, gateway)
        for _ in range(100):
            link.begin()
            assert link.execute("UPDATE purse SET coins = coins - 1 WHERE owner = 'a'").changed == 1
            link.execute("UPDATE purse SET coins = coins + 1 WHERE owner = 'b'")
            link.commit()

    assert d1.execute("SELECT coins FROM purse ORDER BY owner").rows == [(400,), (100,)]


def test_who_cannot_find_out_says_so(d1, gateway, impatient):
    """Dies where a change is taken for made, or for not made, because no answer came."""
    d1.execute("CREATE TABLE t (n INTEGER)")
    with proxy(gateway.port, lambda number: "reply lost") as port:
        link = through(port, gateway)

        with pytest.raises(OutcomeUnknown, match=r"its mark is [0-9a-f]{32}"):
            link.execute("INSERT INTO t VALUES (1)")


def test_reads_are_asked_again(d1, gateway, impatient):
    with proxy(gateway.port, lambda number: "request lost" if number < 3 else None) as port:
        assert through(port, gateway).execute("SELECT 7").rows == [(7,)]


def test_a_refusal_is_not_repeated(d1):
    before = d1.road.requests

    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        d1.execute("SELECT * FROM nowhere")

    assert d1.road.requests == before + 1


def test_the_table_of_marks_is_made_when_it_is_missing(d1):
    d1.execute("CREATE TABLE t (n INTEGER)")
    d1.tables([f"DROP TABLE {MARKS}"])

    assert d1.execute("INSERT INTO t VALUES (1)").changed == 1


def test_old_marks_are_cleared_away(d1, monkeypatch):
    d1.execute("CREATE TABLE t (n INTEGER)")
    d1.tables([f"UPDATE {MARKS} SET made = 0"])
    monkeypatch.setattr(sending, "SWEEPS", 1)

    d1.execute("INSERT INTO t VALUES (1)")

    assert d1.execute(f"SELECT count(*) FROM {MARKS}").rows == [(1,)]


def test_rows_of_a_change_that_got_lost_are_told_as_lost(d1, gateway, impatient):
    d1.execute("CREATE TABLE t (n INTEGER)")
    with (
        proxy(gateway.port, lambda number: "reply lost" if number == 0 else None) as port,
        pytest.raises(sqlite3.OperationalError, match="The change was made, but the rows"),
    ):
        through(port, gateway).execute("INSERT INTO t VALUES (1) RETURNING n")

    assert d1.execute("SELECT count(*) FROM t").rows == [(1,)]
