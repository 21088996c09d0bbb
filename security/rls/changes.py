"""What a statement changes, as its verb and its target say.

The first word decides what a statement is, behind WITH the first after its expressions, none of which can write: that
is SQLite's grammar (https://www.sqlite.org/lang.html). What is not understood is told apart, and refused.
"""

from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from security.exceptions import Refused
from security.rls.statements import READS, TRANSACTION, WRITES, Statement
from security.rls.tokens import tokens_of

TEXTS = 4096  # statements whose change is remembered
SCHEMA = frozenset({"CREATE", "ALTER", "DROP", "REINDEX", "ANALYZE", "VACUUM", "ATTACH", "DETACH"})
READING = frozenset({
    # PRAGMAs that only tell something; others change how the database works (https://www.sqlite.org/pragma.html)
    "data_version", "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo",
    "integrity_check", "quick_check", "table_info", "table_list", "table_xinfo",
})  # fmt: skip
ENDING = frozenset({"ROLLBACK", "FAIL"})  # ways out of a conflict that leave half of a statement, or end a transaction
KEPT = frozenset({"audit_logs"})  # whose rows nothing replaces: a volatile row number would get past its trigger


class Kind(Enum):
    ROWS = auto()
    SCHEMA = auto()
    TRANSACTION = auto()
    UNKNOWN = auto()  # not understood, or a form that nobody can answer for


class Change(NamedTuple):
    """``table`` is the target, for rows."""

    kind: Kind
    table: str = ""


@lru_cache(TEXTS)
def change_of(text: str) -> Change | None:
    """What ``text``, one statement, changes; None where it only reads."""
    try:
        if next((token.word for token in tokens_of(text)), "") in SCHEMA:
            return Change(Kind.SCHEMA)  # a trigger's body is left alone: it holds statements
        statement = Statement(text)
        if statement.verb == "WITH":
            statement.look_behind_with({})
    except Refused:
        return Change(Kind.UNKNOWN)
    return _changed(statement)


def _changed(statement: Statement) -> Change | None:
    verb, is_explained = statement.verb, statement.first > 0
    if is_explained or verb in READS or not verb:
        return None
    if verb in TRANSACTION:
        return Change(Kind.TRANSACTION)
    if verb == "PRAGMA":
        names = {token.name for token in statement.tokens[1:4]}
        return None if names & READING else Change(Kind.SCHEMA)
    return _rows(statement) if verb in WRITES else Change(Kind.UNKNOWN)


def _rows(statement: Statement) -> Change:
    """INSERT OR … INTO, REPLACE INTO, UPDATE OR … and DELETE FROM a table, perhaps with its schema's name."""
    tokens, (at, way) = statement.tokens, statement.target
    if tokens[at + 1].text == ".":
        at += 2
    table = tokens[at].name
    if not table or way in ENDING or (way == "REPLACE" and table in KEPT):
        return Change(Kind.UNKNOWN)
    return Change(Kind.SCHEMA) if table.startswith("sqlite_") else Change(Kind.ROWS, table)
