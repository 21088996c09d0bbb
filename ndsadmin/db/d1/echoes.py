"""Answers by error message: the only way to see what statements do and to have it undone in the same request."""

import secrets
import sqlite3
from collections.abc import Sequence

from ndsadmin.db.d1.sending import read
from ndsadmin.db.d1.transport import Road, Statement

PAGE = 40_000  # characters of an answer that one message carries; quotes in it are doubled


def echo(road: Road, statements: Sequence[Statement], question: str, params: Sequence[object] = ()) -> str:
    """The text that ``question`` gives behind ``statements``, all of which is undone.

    Raises:
        sqlite3.Error: one of them fails.
    """
    nonce = secrets.token_hex(8)  # what a row holds, or a path in SQL, cannot pass for the answer
    probe = Statement(f"SELECT json_extract('{{}}', 'd1:{nonce}' || ({question}) || ';')", params)
    try:
        read(road, [*statements, probe])
    except sqlite3.OperationalError as error:
        head, _, answer = str(error).partition(nonce)
        if head != "bad JSON path: 'd1:":
            raise
        return answer.removesuffix(";'").replace("''", "'")
    raise sqlite3.InternalError("D1 ran a statement that cannot succeed.")


def echoes_whole(road: Road) -> bool:
    """Whether a message of D1 comes back whole, with all its characters: tried once a process."""
    text = "é'\\😀\n" * (PAGE // 8)
    return echo(road, [], "?1", [text]) == text
