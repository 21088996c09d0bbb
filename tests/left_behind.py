"""Putting the test database on D1 back to how the migrations left it.

A test's transaction is rolled back, as everywhere; but D1 commits it when the schema is changed. Commits are told by
their marks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.sending import MARKS

OWN = ("sqlite_", "_cf_", MARKS)


@dataclass
class State:
    url: str
    commits: int = 0
    schema: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    waits: bool = False


_state: State | None = None


def remember() -> None:
    """Take the database as it is now for how it should be."""
    global _state
    made = [(kind, name, sql) for kind, name, sql in reversed(_made()) if sql]  # triggers behind what they work on
    rows = []
    for kind, name, _ in made:
        if kind == "table":
            columns = [f'"{row[1]}"' for row in _ask(f'PRAGMA table_info("{name}")')]
            values = " || ', ' || ".join(f"quote({column})" for column in columns)
            rows += [
                f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES ({row[0]})'
                for row in _ask(f'SELECT {values} FROM "{name}"')
            ]
    _state = State(connection.road.url, _commits(), [sql for _, _, sql in made], rows)


def take_away() -> None:
    """Put the database back where anything was committed since."""
    if _state is None or _state.waits or connection.road.url != _state.url or _commits() == _state.commits:
        return
    drops = [f'DROP {kind} IF EXISTS "{name}"' for kind, name, _ in _made() if kind in {"table", "view", "trigger"}]
    defer = ["PRAGMA defer_foreign_keys = ON"]
    with connection.fence.raw():
        _open().batch([*defer, *drops, *_state.schema, *_state.rows, "PRAGMA defer_foreign_keys = OFF"])
    connection.engine.forget()
    _state.commits = _commits()


@contextmanager
def made_for_a_while() -> Iterator[None]:
    """What is stored inside is there for several tests. On D1 it is committed: a transaction is sent anew with each
    statement that reads."""
    if _state is None:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    _state.waits = True
    try:
        yield
    finally:
        _state.waits = False
        take_away()


def _open() -> Connection:
    return Connection(connection.road)


def _ask(sql: str) -> list[tuple]:
    return _open().tables([sql])[0]


def _made() -> list[tuple]:
    found = _ask("SELECT type, name, sql FROM sqlite_master ORDER BY type <> 'trigger', type <> 'index', rowid DESC")
    shadows = tuple(f"{name}_" for _, name, sql in found if sql and sql.startswith("CREATE VIRTUAL"))
    return [row for row in found if not row[1].startswith(OWN) and not row[1].startswith(shadows)]


def _commits() -> int:
    return _ask(f"SELECT count(*) FROM {MARKS}")[0][0]
