"""What a statement changes, as its verb and its target say.

The first word decides what a statement is, behind WITH the first after its expressions, none of which can write: that
is SQLite's grammar (https://www.sqlite.org/lang.html). What is not understood counts as a change of an unknown table.
"""

from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from security.exceptions import Refused
from security.rls.statements import READS, TRANSACTION, WRITES, Statement
from security.rls.tokens import first_word

TEXTS = 4096  # statements whose change is remembered
HARMLESS = frozenset({"", "PRAGMA"})  # a PRAGMA writes no row: what it makes writable is written by name
SCHEMA = frozenset({"CREATE", "ALTER", "DROP", "REINDEX", "ANALYZE", "VACUUM", "ATTACH", "DETACH"})


class Kind(Enum):
    ROWS = auto()
    SCHEMA = auto()
    TRANSACTION = auto()


class Change(NamedTuple):
    """``table`` is empty where it is not understood."""

    kind: Kind
    table: str = ""


@lru_cache(TEXTS)
def change_of(text: str) -> Change | None:
    """What ``text``, one statement, changes; None where it only reads."""
    try:
        if first_word(text) in SCHEMA:
            return Change(Kind.SCHEMA)  # a trigger's body is left alone: it holds statements
        statement = Statement(text)
        if statement.verb == "WITH":
            statement.look_behind_with({})
    except Refused:
        return Change(Kind.ROWS)
    verb = statement.verb
    is_explained = statement.first > 0
    if is_explained or verb in READS | HARMLESS:
        return None
    if verb in TRANSACTION:
        return Change(Kind.TRANSACTION)
    return Change(Kind.ROWS, _target(statement) if verb in WRITES else "")


def _target(statement: Statement) -> str:
    """The table behind INSERT OR … INTO, REPLACE INTO, UPDATE OR … and DELETE FROM, without its schema's name."""
    tokens, at = statement.tokens, statement.main + 1
    words = [token.word for token in tokens]
    if words[at : at + 1] == ["OR"]:
        at += 2
    if words[at : at + 1] in (["INTO"], ["FROM"]):
        at += 1
    if len(tokens) > at + 2 and tokens[at + 1].text == ".":
        at += 2
    return tokens[at].name or "" if at < len(tokens) else ""
