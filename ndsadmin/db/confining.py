"""What both backends share: every statement is shaped to D1's limits and confined to the scope in force."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar

from ndsadmin.db.fence import Fence
from ndsadmin.db.shaping import shape
from security.exceptions import RowViolation
from security.rls.engine import Confined, Engine
from security.rls.registry import Registry
from security.rls.twin import Made
from security.rls.writes import VIOLATION

SCHEMA = """
SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@'
ORDER BY type <> 'table', rowid
"""
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")


class Confining:
    """A database wrapper whose cursors ask row-level security. ``fence`` guards what goes around them."""

    settings_dict: dict[str, Any]
    connection: Any
    _engines: ClassVar[dict[str, Engine]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fence = Fence()

    @property
    def engine(self) -> Engine:
        """Row-level security for this database; one for all its connections."""
        name = self.engine_key
        if name not in self._engines:
            self._engines.setdefault(name, Engine(Registry(), self.register))
        return self._engines[name]

    @staticmethod
    def register(connection: Any) -> None:
        """Add the SQL functions of the live database to a connection of SQLite's driver."""

    @property
    def engine_key(self) -> str:
        return str(self.settings_dict["NAME"])

    def live_schema(self) -> list[Made]:
        """What is in the database now, tables first."""
        self.ensure_connection()  # type: ignore[attr-defined]  # Django's
        with self.fence.raw():
            return [Made(*row) for row in self.schema_rows()]

    def schema_rows(self) -> list[Any]:
        return list(self.connection.execute(SCHEMA).fetchall())

    @contextmanager
    def raw(self) -> Iterator[Any]:
        """A cursor past the engine, for the backend's own work on the schema."""
        with self.fence.raw(), self.cursor() as cursor:  # type: ignore[attr-defined]  # Django's
            yield cursor

    def confined(self, query: str, params: Any) -> Confined:
        """``query``, with Django's placeholders where there are ``params``, as it may be sent.

        Raises:
            NoScope, Refused: see `Engine.confine`.
        """
        return self.engine.confine(*shaped(query, params), self.live_schema)


def shaped(query: str, params: Any) -> tuple[str, Any]:
    """``query`` with SQLite's placeholders, within D1's limits."""
    if params is None:
        return query, params
    if isinstance(params, Mapping):
        return marked(query), params
    return shape(marked(query), tuple(params))


@lru_cache(4096)
def marked(query: str) -> str:
    """``query`` with SQLite's placeholders in place of Django's."""
    return _PLACE.sub(lambda found: "%" if found[0] == "%%" else f":{found[1]}" if found[1] else "?", query)


def violation(error: Exception) -> RowViolation | None:
    """What the driver reports where a check of ours raised, as the error that it is."""
    return RowViolation("The row would be, or points at, another tenant's.") if VIOLATION in str(error) else None
