"""What D1 says, as the errors that SQLite's driver raises."""

import re
import sqlite3

from ndsadmin.db.d1.transport import Lost, Rejected, Throttled

# What D1 puts behind SQLite's words; in front of it there may be what a row holds.
_CODE = re.compile(r"(?: at offset \d+)?(?:: SQLITE_([A-Z]+)(?: \(extended: \w+\))?)?$")
_KINDS = {
    "CONSTRAINT": sqlite3.IntegrityError,
    "MISMATCH": sqlite3.IntegrityError,
    "TOOBIG": sqlite3.DataError,
    "AUTH": sqlite3.DatabaseError,
}


class Conflict(sqlite3.OperationalError):
    """Somebody else changed what this transaction had read or changed; nothing of it was done. It may be repeated."""

    def __init__(self) -> None:
        super().__init__("could not serialize access: what this transaction saw was changed by another")


class OutcomeUnknown(sqlite3.OperationalError):
    """Whether a change was made is not known."""


def as_driver_error(error: Exception) -> sqlite3.Error:
    """The error of SQLite's driver for what a road raised."""
    if isinstance(error, Throttled):
        return sqlite3.OperationalError(f"D1 takes no more requests: {error}")
    if isinstance(error, Lost):
        return sqlite3.OperationalError(f"D1 did not answer: {error}")
    assert isinstance(error, Rejected)
    message = str(error)
    found = _CODE.search(message)
    assert found is not None
    text, code = message[: found.start()], found.group(1)
    if code is None:  # of D1's own, not SQLite's
        return (sqlite3.ProgrammingError if "parameter bindings" in message else sqlite3.OperationalError)(text)
    return _KINDS.get(code, sqlite3.OperationalError)(text)
