"""The blind twin: an empty database with the live schema, in which SQLite itself judges statements.

On it every protected table stands under a random name alone, which only the policies and the target of a write are
given. A statement that compiles there cannot have reached a protected table in any other way: not by a schema's name,
a view, a string for a name, nor by syntax that nobody here thought of. What does not compile is refused.
"""

import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Container
from typing import NamedTuple

from security.exceptions import Refused, SchemaUnsafe
from security.rls.places import blind
from security.rls.tokens import folded, quoted

LISTS = ("json_each", "json_tree")  # the table-valued functions that statements may read
BAD_FUNCTIONS = frozenset({
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_dbpage", "zipfile", "fsdir",
})  # fmt: skip
SYSTEM = ("sqlite_", "pragma_")
PLAIN = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
TOUCHES = {getattr(sqlite3, f"SQLITE_{verb.upper()}"): verb for verb in ("read", "insert", "update", "delete")}

Register = Callable[[sqlite3.Connection], None]


class Made(NamedTuple):
    """An entry of ``sqlite_master``."""

    type: str
    name: str
    sql: str


class Twin:
    """Compiles statements; never runs one, and holds no row."""

    def __init__(
        self, schema: list[Made], protected: Container[str], triggers: Container[str], register: Register | None
    ) -> None:
        """The twin of ``schema`` (tables before what stands on them), with the tables ``protected`` hidden.

        ``triggers`` are declared and stay out; so do views, which SQLite would not confine. ``register`` adds the SQL
        functions of the live connection.

        Raises:
            SchemaUnsafe: a trigger that nobody declared, or a protected table with a constraint that replaces rows.
        """
        self.nonce = f"n{secrets.token_hex(12)}"
        self.columns: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self._allowed: frozenset[str] = frozenset()
        self._updated: set[str] = set()
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=0)
        if register:
            register(self._db)
        for made in schema:
            self._make(made, protected, triggers)
        self._hide(protected)
        modules = self._db.execute("SELECT name FROM pragma_module_list").fetchall()
        # What can be read without being an expression of the statement: tables, and modules that are one.
        self._present = frozenset(folded(name) for name in [*self._tables(), *(name for (name,) in modules)])
        for table in self.columns:  # a virtual table looks into its own ones when it is first named
            self._db.execute(f"SELECT 1 FROM {quoted(self.nonce + table)} LIMIT 0")
        for function in LISTS:  # making them known is not allowed later
            self._db.execute(f"SELECT * FROM {function}('[]')")
        self._db.set_authorizer(self._judge)

    def compile(self, sql: str, parameters: int, allowed: frozenset[str]) -> frozenset[str]:
        """Have SQLite compile ``sql``; the columns of protected tables that it updates.

        ``allowed`` is what it may touch beside protected tables: ``verb table`` or ``update table.column``.

        Raises:
            Refused: it does not, or the statement touches something else.
        """
        with self._lock:
            self._allowed, self._updated = allowed, set()
            try:
                self._db.execute(f"EXPLAIN {blind(sql, self.nonce)}", [None] * parameters).close()
            except (sqlite3.Error, ValueError) as error:
                raise Refused(str(error).replace(self.nonce, "")) from None
            return frozenset(self._updated)

    def _make(self, made: Made, protected: Container[str], triggers: Container[str]) -> None:
        name = folded(made.name)
        if made.type == "trigger" and name not in triggers:
            raise SchemaUnsafe(f"The trigger {made.name} is not declared: nothing confines what it does.")
        if made.type == "table" and name in protected and re.search(r"\bREPLACE\b", made.sql, re.IGNORECASE):
            raise SchemaUnsafe(f"{made.name}: a constraint that replaces rows could delete those of another tenant.")
        if made.type in {"table", "index"} and made.name not in self._tables():  # a full-text table has made its own
            self._db.execute(made.sql)

    def _tables(self) -> list[str]:
        return [name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]

    def _hide(self, protected: Container[str]) -> None:
        for name in self._tables():
            if (table := folded(name)) in protected:
                self.columns[table] = [row[1] for row in self._db.execute(f"PRAGMA table_info({quoted(name)})")]
                self._db.execute(f"ALTER TABLE {quoted(name)} RENAME TO {quoted(self.nonce + table)}")

    def _judge(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        """What SQLite asks about each thing that a statement would do."""
        if action in PLAIN:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_DENY if folded(second or "") in BAD_FUNCTIONS else sqlite3.SQLITE_OK
        verb, table = TOUCHES.get(action), folded(first or "")
        if verb is None:
            return sqlite3.SQLITE_DENY
        if table.startswith(self.nonce) and verb == "update":
            self._updated.add(folded(second or ""))
        if table.startswith(self.nonce) or (verb == "read" and table in LISTS):
            return sqlite3.SQLITE_OK
        if verb == "read" and second == "" and table not in self._present and not table.startswith(SYSTEM):
            return sqlite3.SQLITE_OK  # a common table expression, none of whose columns is read
        is_allowed = not self._allowed.isdisjoint({f"{verb} {table}", f"{verb} {table}.{folded(second or '')}"})
        return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY
