"""A transaction on D1, which has none that lasts longer than a request.

What is changed waits in a queue. Whoever asks what the changes give is shown a **replay**: the queue, the question,
and a last statement that fails on purpose; its failure undoes everything, and its message carries the answer out.
The commit sends the queue once, and between its statements the conditions under which it was made: each change must
touch as many rows as it did in the replay, each read must give what it gave. Otherwise all of it is undone, and the
transaction ends with `Conflict`: transactions are serialisable.

- A plain INSERT whose feedback nobody asks for is not replayed: it is proved with the next replay, at the end of a
  savepoint, or at the commit.
- A savepoint is a length of the queue; what was queued before it has been proved. What was read inside of one that
  is rolled back, behind a change of its own, is not compared at the commit, nor is why a statement failed.
- Where the message is cut on its way (`echoes`), changes wait unseen: how many rows they would touch is counted
  beforehand, and reading a table that they name is an error.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ndsadmin.db.d1.echoes import PAGE, echo
from ndsadmin.db.d1.errors import Conflict
from ndsadmin.db.d1.sending import Feedback, change, read
from ndsadmin.db.d1.statements import Kind, Parsed, counting
from ndsadmin.db.d1.transport import Road, Statement
from ndsadmin.db.d1.values import in_exact_form
from ndsadmin.db.shaping import LIMITS

PIECE = 15_000  # characters of an answer that stand in a statement to be compared
MOST_STATEMENTS, MOST_BYTES = 2_000, 30_000_000  # that wait for one commit; the gateway takes 32 MiB
MOST_READ = 1_000_000  # bytes that a commit compares, of each read
MOST_PARAMETERS = LIMITS["SQLITE_LIMIT_VARIABLE_NUMBER"]
_DEFER, _UNDEFER = Statement("PRAGMA defer_foreign_keys = ON"), Statement("PRAGMA defer_foreign_keys = OFF")
_KEYS = Statement(
    "SELECT iif((SELECT count(*) FROM pragma_foreign_key_check) = 0, 1, json_extract('{}', 'd1:foreign keys'))"
)


@dataclass(slots=True, eq=False)
class Entry:
    """A change that waits, or a read that must give the same again."""

    statement: Statement
    is_change: bool
    feedback: Feedback | None = None
    uses_key: bool = False  # whoever made it knows the key that SQLite gave
    inserts: bool = False
    expected: str = ""
    target: str = ""  # the table that it changes


@dataclass
class Unit:
    """One transaction; ``echoes`` tells whether messages come back whole."""

    road: Road
    echoes: Callable[[], bool]
    is_lazy: bool = True
    defers_keys: bool = False
    entries: list[Entry] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    unproved: int = 0  # changes at the end of the queue that no replay has run
    is_over: bool = False
    size: int = 0

    @property
    def changes(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_change]

    def change(self, parsed: Parsed, statement: Statement) -> Entry:
        """Queue ``statement``; unless it is a plain INSERT, it has been replayed.

        Raises:
            sqlite3.Error: it fails; it is not queued then.
        """
        self._check()
        self._grow(statement)
        entry = Entry(statement, is_change=True, inserts=parsed.inserts, target=parsed.target)
        if self.is_lazy and parsed.kind is Kind.BLIND:
            self.entries.append(entry)
            self.unproved += 1
        elif self.echoes():
            self.entries.append(entry)
            self.unproved += 1
            self.feedback(entry)
        else:
            entry.feedback = self._counted(statement, parsed.names)
            self.entries.append(entry)
        return entry

    def feedback(self, entry: Entry) -> Feedback:
        """What the change ``entry`` did, as far as this transaction goes.

        Raises:
            sqlite3.Error: it fails, and is not queued any more; or one fails that waited in front of it; or nobody
                asked before its transaction was over.
        """
        if entry.feedback is None:
            if self.is_over or entry not in self.entries:
                raise sqlite3.ProgrammingError("What a change did is to be asked before its transaction is over.")
            if not self.echoes():
                raise sqlite3.NotSupportedError("D1 cuts messages here: what a queued change did cannot be known.")
            entry.feedback = self._proved(entry)
        return entry.feedback

    def _proved(self, entry: Entry) -> Feedback:
        upto = self.entries.index(entry) + 1
        behind = sum(one.is_change for one in self.entries[upto:])
        waited = self.unproved - behind - 1  # in front of it
        try:
            told = self._replay(self.entries[:upto], "json_array(changes(), last_insert_rowid())")
        except sqlite3.Error:
            if waited < 0:
                raise Conflict from None  # it has been proved before: somebody else came between
            if waited > 0:
                self._replay(self.entries[: upto - 1], "1")  # raises where it was one of those
            self.entries.remove(entry)
            self.unproved = behind
            raise
        self.unproved = min(self.unproved, behind)
        return Feedback(*json.loads(told))

    def read(self, parsed: Parsed, statement: Statement, columns: Sequence[str]) -> list[str]:
        """The rows of ``statement`` in `exact` form, as this transaction sees them."""
        self._check()
        form = Statement(in_exact_form(statement.sql, columns), statement.params)
        if self.changes and self.echoes():
            text = self._replayed(form)
            self.unproved = 0
        else:
            self._refuse_touched(parsed.names)
            text = "\n".join(row[0] for row in read(self.road, [form])[0].rows)
        if parsed.is_steady_with(statement.params):
            self.entries.append(Entry(form, is_change=False, expected=text))
        return text.split("\n") if text else []

    def commit(self) -> None:
        """Have all of it take effect, or nothing.

        Raises:
            Conflict: another changed what it rests on.
            sqlite3.Error: a change fails, or the outcome is not known.
        """
        self._check()
        self.is_over = True
        nonce = secrets.token_hex(8)
        statements = [piece for entry in self.entries for piece in _guarded(entry, nonce)]
        if self.defers_keys:
            statements = [_DEFER, *statements, _KEYS, _UNDEFER]
        try:
            if self.changes:
                change(self.road, statements)
            elif len(self.entries) > 1:  # several reads are of one moment; one always is
                read(self.road, statements)
        except sqlite3.OperationalError as error:
            if str(error) == f"bad JSON path: 'd1:{nonce}'":
                raise Conflict from None
            if str(error) == "bad JSON path: 'd1:foreign keys'":
                raise sqlite3.IntegrityError("FOREIGN KEY constraint failed") from None
            raise

    def save(self, name: str) -> None:
        """Begin the savepoint ``name``.

        Raises:
            sqlite3.Error: an INSERT that waited fails.
        """
        self._prove_all()
        self.marks[name] = len(self.entries)

    def release(self, name: str) -> None:
        """End the savepoint ``name``; what was queued since is proved.

        Raises:
            sqlite3.Error: an INSERT that waited fails, or there is no such savepoint.
        """
        self._marked(name)
        self._prove_all()
        del self.marks[name]

    def roll_back_to(self, name: str) -> None:
        """Forget what was queued since, but for what was read before the first change of it."""
        start = self._marked(name)
        while start < len(self.entries) and not self.entries[start].is_change:
            start += 1
        del self.entries[start:]
        self.size = sum(map(_size, self.entries))
        self.unproved = 0  # what is in front of a savepoint is proved

    def _marked(self, name: str) -> int:
        self._check()
        if name not in self.marks:
            raise sqlite3.OperationalError(f"no such savepoint: {name}")
        return self.marks[name]

    def _prove_all(self) -> None:
        self._check()
        if self.unproved and self.echoes():
            self._replay(self.entries, "1")
            self.unproved = 0

    def _check(self) -> None:
        if self.is_over:
            raise sqlite3.OperationalError("The transaction failed when a change of the schema ended it: roll it back.")

    def _grow(self, statement: Statement) -> None:
        self.size += _size(Entry(statement, is_change=True))
        if self.size > MOST_BYTES or len(self.entries) >= MOST_STATEMENTS:
            raise sqlite3.OperationalError(
                f"A transaction on D1 holds at most {MOST_STATEMENTS:,} statements and {MOST_BYTES // 10**6} MB: "
                "write many rows with bulk_create, or in several transactions."
            )

    def _replay(self, entries: Sequence[Entry], question: str, params: Sequence[object] = ()) -> str:
        """The text that ``question`` gives behind ``entries``; nothing lasts."""
        lead = [_DEFER] if self.defers_keys else []
        changes = [entry.statement for entry in entries if entry.is_change]
        return echo(self.road, [*lead, *changes], question, params)

    def _replayed(self, form: Statement) -> str:
        """All of a read's text. Where it takes several replays, the last finds out whether they saw the same."""
        whole = f"SELECT coalesce(group_concat(r, char(10)), '') AS x FROM ({form.sql})"
        text, length = "", None
        while length is None or len(text) < length:
            question = f"SELECT length(x) || ':' || substr(x, {len(text) + 1}, {PAGE}) FROM ({whole})"
            number, _, page = self._replay(self.entries, question, form.params).partition(":")
            length, text = int(number), text + page
            if not page and text:
                raise Conflict
        if length > PAGE and len(form.params) < MOST_PARAMETERS:
            same = f"SELECT x = ?{len(form.params) + 1} FROM ({whole})"
            if self._replay(self.entries, same, [*form.params, text]) != "1":
                raise Conflict
        return text

    def _counted(self, statement: Statement, names: frozenset[str]) -> Feedback:
        """Rows that a change will touch, where messages are cut: as many as its condition finds now."""
        self._refuse_touched(names)
        told = read(self.road, [Statement(counting(statement.sql), statement.params)])
        return Feedback(int(told[0].rows[0][0]), 0)

    def _refuse_touched(self, names: frozenset[str]) -> None:
        for entry in self.entries:
            if entry.is_change and entry.target in names:
                raise sqlite3.NotSupportedError(
                    f"D1 cuts messages here: {entry.target} was changed in this transaction and is read before its end."
                )


def _size(entry: Entry) -> int:
    return len(entry.statement.sql) + sum(map(_weight, entry.statement.params))


def _weight(value: object) -> int:
    """Bytes of a parameter on its way, about: a byte of a blob is written as up to four characters."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    return 4 * len(value) if isinstance(value, list) else 20


def _guarded(entry: Entry, nonce: str) -> list[Statement]:
    """The statement of a change, and the condition that it did what it did; of a read, that it gives the same."""
    fail = f"json_extract('{{}}', 'd1:{nonce}')"
    if entry.is_change:
        if entry.feedback is None:
            return [entry.statement]
        key = f" AND last_insert_rowid() = {entry.feedback.inserted}" if entry.uses_key else ""
        return [entry.statement, Statement(f"SELECT iif(changes() = {entry.feedback.changed}{key}, 1, {fail})")]
    sql, params = entry.statement
    if len(entry.expected.encode()) > MOST_READ:
        raise sqlite3.OperationalError(
            f"A transaction on D1 that changes rows reads at most {MOST_READ:,} bytes at once: read before it."
        )
    if len(params) < MOST_PARAMETERS:
        found = f"coalesce((SELECT group_concat(r, char(10)) FROM ({sql})), '')"
        return [Statement(f"SELECT iif({found} = ?{len(params) + 1}, 1, {fail})", [*params, entry.expected])]
    return [Statement(f"SELECT iif({piece}, 1, {fail})", params) for piece in _pieces(entry.statement, entry.expected)]


def _pieces(form: Statement, text: str) -> list[str]:
    """Conditions that the rows of ``form`` give ``text``, each short enough for a statement."""
    found = f"coalesce((SELECT group_concat(r, char(10)) FROM ({form.sql})), '')"
    written = [(at, text[at : at + PIECE].replace("'", "''")) for at in range(0, max(1, len(text)), PIECE)]
    return [
        f"length({found}) = {len(text)}",
        *(f"substr({found}, {at + 1}, {PIECE}) = '{part}'" for at, part in written),
    ]
