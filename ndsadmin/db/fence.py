"""The second fence: what the live connection itself refuses, whoever holds it.

The engine confines what comes through Django's cursors. Code that takes the driver's connection instead meets SQLite's
authorizer, which knows whether a cursor of ours is at work: outside of one, and of a platform scope, no table is
reached, and none is changed in any scope, since no witness (`security.witness`) would see it. Statements that were
compiled before are not asked again: this is a fence, not the wall.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from security.scope import Reach, scope_or_none

HARMLESS = frozenset({
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
TRANSACTIONS = frozenset({sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT})
CHANGES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
ROWS = CHANGES | {sqlite3.SQLITE_READ}

FULL_TEXT = (sqlite3.SQLITE_PRAGMA, "data_version")  # what FTS5 asks when it is first used


class Fence:
    """The state of one connection, and what follows from it for each thing that a statement does."""

    def __init__(self) -> None:
        self._raw = self._confined = 0

    @contextmanager
    def raw(self) -> Iterator[None]:
        """The backend's own work: schema, keys, test databases."""
        self._raw += 1
        try:
            yield
        finally:
            self._raw -= 1

    @contextmanager
    def confined(self) -> Iterator[None]:
        """A cursor of ours sends a statement that the engine has let through."""
        self._confined += 1
        try:
            yield
        finally:
            self._confined -= 1

    @property
    def is_raw(self) -> bool:
        return self._raw > 0

    @property
    def is_open(self) -> bool:
        """Whether a statement that is sent now was let through, or is the backend's own."""
        return self._raw > 0 or self._confined > 0

    def judge(self, action: int, first: str | None, *_: str | None) -> int:
        """SQLite's question (https://www.sqlite.org/c3ref/set_authorizer.html)."""
        if action in TRANSACTIONS:  # ended by atomic() alone: else what was changed would be committed unseen
            is_begun = action == sqlite3.SQLITE_TRANSACTION and first == "BEGIN"  # the driver does, with autocommit off
            return sqlite3.SQLITE_OK if self._raw or is_begun else sqlite3.SQLITE_DENY
        if action in HARMLESS or self._raw or (self._confined and (action in ROWS or (action, first) == FULL_TEXT)):
            return sqlite3.SQLITE_OK
        scope = scope_or_none()
        is_open = scope is not None and scope.reach is Reach.PLATFORM and (self._confined or action not in CHANGES)
        return sqlite3.SQLITE_OK if is_open else sqlite3.SQLITE_DENY
