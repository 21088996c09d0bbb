"""DB-API (PEP 249) over a road to D1. Errors are those of SQLite's own driver."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ndsadmin.db.d1.bulk import as_lists
from ndsadmin.db.d1.echoes import echoes_whole
from ndsadmin.db.d1.results import Result, Row
from ndsadmin.db.d1.sending import change, read
from ndsadmin.db.d1.statements import Kind, Parsed, parse
from ndsadmin.db.d1.transport import Road, Statement
from ndsadmin.db.d1.unit import Unit
from ndsadmin.db.d1.values import in_exact_form, plain, read_exact
from security.exceptions import Refused
from security.rls.tokens import folded

Names = tuple[str, ...]

MOST_TOLD = 512
_told: dict[tuple[str, str], Names] = {}  # columns that only the database can tell, by its address and the statement
_SECOND = re.compile(r":\d+$")
_OTHER_COLUMNS = re.compile(r"table d1:read has \d+ values for \d+ columns$")


class Connection:
    """A connection; for one thread at a time. Outside of a transaction each statement takes effect by itself."""

    def __init__(self, road: Road, *, is_lazy: bool = True, permit: Callable[[bool], bool] = lambda _: True) -> None:
        """``is_lazy``: plain INSERTs wait for the next replay (`Unit`). ``permit`` is asked before anything is sent,
        and told whether it changes something."""
        self.road, self.is_lazy, self._permit = road, is_lazy, permit
        self.unit: Unit | None = None
        self._asked: list[tuple[Parsed, Statement]] | None = None  # while something is rehearsed
        self._known: dict[str, Result] = {}

    @contextmanager
    def rehearsed(self, works: Iterable[Callable[[], Any]]) -> Iterator[None]:
        """Inside, the reads that ``works`` would send are answered from one round trip, each once."""
        if self._asked is not None:  # the outer rehearsal takes it in
            yield
            return
        asked: list[tuple[Parsed, Statement]] = []
        self._asked = asked
        try:
            for work in works:
                work()
        finally:
            self._asked = None
        before = self._known
        try:
            self._known = self._fetched([one for one in asked if one[0].columns])
            yield
        finally:
            self._known = before

    def _fetched(self, asked: "list[tuple[Parsed, Statement]]") -> "dict[str, Result]":
        if len(asked) < 2:
            return {}
        forms = [Statement(in_exact_form(one.sql, parsed.columns or ()), one.params) for parsed, one in asked]
        return {
            repr(one): Result(parsed.columns or (), [read_exact(row[0]) for row in answer.rows])
            for (parsed, one), answer in zip(asked, read(self.road, forms), strict=True)
        }

    def cursor(self, factory: "type[Cursor] | None" = None) -> "Cursor":
        return (factory or Cursor)(self)

    def begin(self) -> None:
        self._must_not_rehearse()
        self.unit = Unit(self.road, self._echoes, self.is_lazy)

    def commit(self) -> None:
        """End the transaction; nothing where there is none.

        Raises:
            Conflict: another changed what it rests on.
            sqlite3.Error: a change fails, or the outcome is not known.
        """
        unit, self.unit = self.unit, None
        if unit is not None:
            unit.commit()

    def rollback(self) -> None:
        if self.unit is not None:
            self.unit.is_over = True
        self.unit = None

    def close(self) -> None:
        self.rollback()

    def batch(self, statements: Iterable[str]) -> None:
        """Have all of ``statements``, which take no parameters, take effect, or none; what is queued is before them."""
        self._check(changes=True)
        self._must_not_rehearse()
        self._flush()
        change(self.road, [parse(sql).bind(()) for sql in statements])

    def tables(self, statements: Iterable[str]) -> list[list[Row]]:
        """The rows that each of ``statements`` (PRAGMA and the like) gives, in one request."""
        self._check()
        return [plain(answer.rows)[0] for answer in read(self.road, [Statement(sql) for sql in statements])]

    def execute(self, sql: str, parameters: "Sequence[Any] | Mapping[str, Any]" = ()) -> Result:
        try:
            parsed = parse(sql)
        except Refused as error:
            raise sqlite3.OperationalError(str(error)) from None
        if parsed.kind is Kind.NOTHING:
            return Result()
        if parsed.kind is Kind.TRANSACTION:
            raise sqlite3.OperationalError("D1 has no statements for transactions: use atomic().")
        is_read = parsed.kind in {Kind.READ, Kind.OTHER_READ}
        self._check(changes=not is_read)
        statement = parsed.bind(parameters)
        if not is_read:
            self._must_not_rehearse()
        if parsed.kind is Kind.SCHEMA:
            return self._change_schema(statement)
        if is_read:
            return self._read(parsed, statement)
        return self._change(parsed, statement)

    def _must_not_rehearse(self) -> None:
        """In front of whatever is no read: nothing that was read ahead holds behind it."""
        if self._asked is not None:
            raise sqlite3.ProgrammingError("What is rehearsed must only read.")
        self._known.clear()

    def _check(self, *, changes: bool = False) -> None:
        if not self._permit(changes):
            raise sqlite3.DatabaseError("not authorized")

    def _change_schema(self, statement: Statement) -> Result:
        """The schema cannot be changed in a transaction: what is queued is committed first, as on MySQL."""
        self._flush()
        change(self.road, [statement])
        return Result()

    def _flush(self) -> None:
        _told.clear()
        if self.unit is not None:
            over = self.unit
            over.commit()  # where it fails, nothing can be done any more but to roll back
            self.unit = Unit(
                self.road, self._echoes, self.is_lazy, over.defers_keys, marks=dict.fromkeys(over.marks, 0)
            )

    def _change(self, parsed: Parsed, statement: Statement) -> Result:
        if self.unit is not None:
            if parsed.returns:
                raise sqlite3.NotSupportedError(
                    "D1 cannot answer RETURNING inside of a transaction: read the rows again."
                )
            return Result(queued=(self.unit, self.unit.change(parsed, statement)))
        if parsed.returned is None:
            raise sqlite3.NotSupportedError(
                "D1 answers RETURNING by names: expected *, or columns and expressions with an alias, none twice."
            )
        answers, feedback = change(self.road, [statement])
        if not parsed.returns:
            return Result(changed=feedback.changed, inserted=feedback.inserted)
        if answers is None:
            raise sqlite3.OperationalError("The change was made, but the rows that it returned were lost on their way.")
        columns = parsed.returned or tuple(answers[0].columns)
        found, is_rounded = plain(_in_order(columns, *answers[0]))
        if is_rounded:
            raise sqlite3.OperationalError(
                "The change was made; a number that it returned is too large for D1's answer."
            )
        return Result(columns, found, changed=feedback.changed, inserted=feedback.inserted)

    def _read(self, parsed: Parsed, statement: Statement) -> Result:
        if self.unit is not None and parsed.kind is Kind.OTHER_READ and self._deferred(parsed.sql):
            return Result()
        if self._asked is not None:
            self._asked.append((parsed, statement))
            return Result(parsed.columns or ("",))
        if self.unit is None and self._known and (known := self._known.pop(repr(statement), None)):
            return known
        if self.unit is not None and parsed.kind is Kind.READ:
            return self._read_in(self.unit, parsed, statement)
        (answer,) = read(self.road, [statement])
        rows, is_rounded = plain(answer.rows)
        if is_rounded and parsed.kind is Kind.READ:
            sql = in_exact_form(statement.sql, answer.columns)
            (again,) = read(self.road, [Statement(sql, statement.params)])
            rows = [read_exact(row[0]) for row in again.rows]
        return Result(answer.columns, rows)

    def _read_in(self, unit: Unit, parsed: Parsed, statement: Statement) -> Result:
        columns = parsed.columns or self._told_columns(parsed, statement)
        try:
            rows = unit.read(parsed, statement, columns)
        except sqlite3.OperationalError as error:
            if parsed.columns or not _OTHER_COLUMNS.match(str(error)):
                raise
            _told.pop((self.road.url, parsed.sql), None)  # somebody has changed the table
            columns = self._told_columns(parsed, statement)
            rows = unit.read(parsed, statement, columns)
        return Result(columns, list(map(read_exact, rows)))

    def _deferred(self, sql: str) -> bool:
        """Whether ``sql`` puts foreign keys off to the commit, as far as D1 can."""
        words = sql.replace("=", " ").upper().split()
        if words[:2] == ["PRAGMA", "DEFER_FOREIGN_KEYS"] and len(words) == 3 and self.unit is not None:
            self.unit.defers_keys = words[2] in {"ON", "1", "TRUE"}
            return True
        return False

    def _told_columns(self, parsed: Parsed, statement: Statement) -> Names:
        key = (self.road.url, parsed.sql)
        if key not in _told:
            (answer,) = read(self.road, [Statement(f"SELECT * FROM ({statement.sql}) LIMIT 0", statement.params)])
            if len(_told) >= MOST_TOLD:
                _told.clear()
            # Of two columns with one name, the second comes as name:1.
            bare = [_SECOND.sub("", name) for name in answer.columns]
            given = set(answer.columns)
            _told[key] = tuple(b if b in given else name for b, name in zip(bare, answer.columns, strict=True))
        return _told[key]

    def _echoes(self) -> bool:
        known = _echoing.get(self.road.url)
        if known is None:
            known = _echoing[self.road.url] = echoes_whole(self.road)
        return known


_echoing: dict[str, bool] = {}  # by address


def _in_order(wanted: Names, columns: list[str], rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of a batch, whose columns come in an order of their own, as they were asked for."""
    known = [folded(name) for name in columns]
    places = [known.index(folded(name)) for name in wanted] if rows else []
    return [[row[place] for place in places] for row in rows]


class Cursor:
    """A cursor; its rows are in memory."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._result, self._next = Result(), 0
        self._many: list[Result] | None = None  # of executemany

    def execute(self, sql: str, parameters: "Sequence[Any] | Mapping[str, Any] | None" = None) -> "Cursor":
        self._result, self._next, self._many = Result(), 0, None
        self._result = self.connection.execute(sql, () if parameters is None else parameters)
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> "Cursor":
        """Rows of a plain INSERT travel as lists, many in one statement."""
        results = []
        for statement, parameters in as_lists(sql, rows):
            self.execute(statement, parameters)
            results.append(self._result)
        self._many = results
        return self

    @property
    def description(self) -> "list[tuple[Any, ...]] | None":
        return [(name, *[None] * 6) for name in self._result.columns] or None

    @property
    def rowcount(self) -> int:
        """Rows changed; inside of a transaction it may cost a round trip."""
        return self._result.changed if self._many is None else sum(max(one.changed, 0) for one in self._many)

    @property
    def lastrowid(self) -> int | None:
        return self._result.inserted

    def fetchone(self) -> Row | None:
        if self._next >= len(self._result.rows):
            return None
        self._next += 1
        return self._result.rows[self._next - 1]

    def fetchmany(self, size: int | None = None) -> list[Row]:
        start, self._next = self._next, self._next + (size or self.arraysize)
        return list(self._result.rows[start : self._next])

    def fetchall(self) -> list[Row]:
        return self.fetchmany(max(1, len(self._result.rows)))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.fetchone, None)

    def close(self) -> None:
        self._result = Result()
