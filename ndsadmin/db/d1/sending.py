"""Sending statements so that each takes effect once, whatever the network does.

- Reads are asked again when no answer came.
- Each change goes with a **mark** in the same transaction: a row of ``d1_commits`` with a number of its own. When
  no answer came, the mark is *burnt*: put there as unused. Either it is there already, then the change was made, and
  the row tells how many rows it touched; or the change can never be made any more, because its mark is taken, and it
  is safe to send it anew under another.
"""

import random
import sqlite3
import time
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from ndsadmin.db.d1.errors import OutcomeUnknown, as_driver_error
from ndsadmin.db.d1.transport import Answer, Lost, Rejected, Road, Statement, Throttled

MARKS = "d1_commits"
KEPT = 86_400  # seconds that a mark is kept: far longer than any request can be under way
SWEEPS = 1 / 500  # of the changes also clear old marks away
WAITS = (0.05, 0.2, 0.8, 2.0)  # seconds in front of each further try

_MAKE = Statement(
    f"CREATE TABLE IF NOT EXISTS {MARKS} (mark TEXT PRIMARY KEY, made INTEGER NOT NULL DEFAULT (unixepoch()), "
    "burnt INTEGER NOT NULL DEFAULT 0, changed INTEGER, inserted INTEGER) WITHOUT ROWID"
)
_NO_MARKS, _TAKEN = f"no such table: {MARKS}", f"UNIQUE constraint failed: {MARKS}.mark"  # SQLite's words
_SWEEP = Statement(f"DELETE FROM {MARKS} WHERE made < unixepoch() - {KEPT}")


class Feedback(NamedTuple):
    """Of a change: rows that its last statement changed, and the key that SQLite gave last."""

    changed: int
    inserted: int


def read(road: Road, statements: Sequence[Statement]) -> list[Answer]:
    """What ``statements`` give, which change nothing.

    Raises:
        sqlite3.Error: see `as_driver_error`.
    """
    waits = list(WAITS)
    while True:
        try:
            return road.send(statements)
        except (Lost, Rejected, Throttled) as error:
            if not waits or not isinstance(error, Lost):
                raise as_driver_error(error) from None
        time.sleep(waits.pop(0))


def change(road: Road, statements: Sequence[Statement]) -> tuple[list[Answer] | None, Feedback]:
    """Have ``statements`` take effect once, all of them or none; what they give (None where that was lost), and what
    the last of them did.

    Raises:
        OutcomeUnknown: the database cannot be reached to find out.
        sqlite3.Error: nothing was done; see `as_driver_error`.
    """
    for _ in WAITS:
        mark = uuid.uuid4().hex
        try:
            answers = road.send([*statements, _marking(mark), *([_SWEEP] if random.random() < SWEEPS else [])])  # noqa: S311
            return answers[: len(statements)], _feedback(*answers[len(statements)].rows[0])
        except Throttled as error:
            raise as_driver_error(error) from None
        except Rejected as error:
            if str(error).startswith(_NO_MARKS):
                _make_marks(road)
                continue
            if not str(error).startswith(_TAKEN):
                raise as_driver_error(error) from None
        except Lost:
            pass
        if (feedback := _settle(road, mark)) is not None:
            return None, feedback
    raise sqlite3.OperationalError("D1 was asked several times and did not answer; nothing was done.")


def _marking(mark: str) -> Statement:
    row = f"INSERT INTO {MARKS} (mark, changed, inserted) VALUES ('{mark}', changes(), last_insert_rowid())"
    return Statement(f"{row} RETURNING changed, CAST(inserted AS TEXT) AS inserted")


def _make_marks(road: Road) -> None:
    read(road, [_MAKE])  # repeated, it does the same


def _settle(road: Road, mark: str) -> Feedback | None:
    """What the change under ``mark`` did; None when it was not made, and from now on cannot be.

    Raises:
        OutcomeUnknown: no answer either.
    """
    burn = Statement(f"INSERT INTO {MARKS} (mark, burnt) VALUES ('{mark}', 1) ON CONFLICT DO NOTHING")
    wanted = "burnt, changed, CAST(inserted AS TEXT) AS inserted"
    look = Statement(f"SELECT {wanted} FROM {MARKS} WHERE mark = '{mark}'")
    try:
        burnt, changed, inserted = read(road, [burn, look])[1].rows[0]
    except sqlite3.OperationalError as error:
        if str(error).startswith(_NO_MARKS):
            _make_marks(road)
            return _settle(road, mark)
        raise OutcomeUnknown(f"Whether a change was made is not known ({error}); its mark is {mark}.") from None
    return None if burnt else _feedback(changed, inserted)


def _feedback(changed: int, inserted: str) -> Feedback:
    """Keys come as text: numbers beyond 2**53 would be rounded."""
    return Feedback(changed, int(inserted))
