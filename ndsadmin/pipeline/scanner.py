"""Splitting a dump into its statements.

One pass, no matter what the file holds: each character is looked at once. Strings, quoted names and comments may
hold semicolons and line ends. Comments are dropped.

    statements([b"INSERT INTO t\\n", b"VALUES('a;b'); "]) -> Statement(1, "INSERT INTO t\\nVALUES('a;b')")
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from ndsadmin.pipeline.exceptions import ImportRefused

_TURN = re.compile(r"""['"`\[;]|--|/\*""")
_CLOSING = {"'": "'", '"': '"', "`": "`", "[": "]", "/*": "*/"}


@dataclass(frozen=True, slots=True)
class Statement:
    line: int  # where it begins, from 1
    text: str


def statements(lines: Iterable[bytes]) -> Iterator[Statement]:
    """The statements of a dump, without their semicolons.

    Raises:
        ImportRefused: a line is not UTF-8, or the file ends within a statement.
    """
    parts: list[str] = []
    began, opened, number = 0, "", 0
    for number, line in enumerate(map(_decoded, lines, count(1)), start=1):
        position = 0
        while position < len(line):
            if opened:
                taken, position, opened = _inside(line, position, opened)
                parts.append(taken)
                continue
            turn = _TURN.search(line, position)
            end = turn.start() if turn else len(line)
            parts.append(line[position:end])
            if not began and line[position:end].strip():
                began = number
            if turn is None:
                break
            if turn[0] == "--":
                parts.append("\n")
                break
            position = turn.end()
            if turn[0] == ";":
                if text := "".join(parts).strip():
                    yield Statement(began, text)
                parts, began = [], 0
            else:
                opened = turn[0]
                is_comment = opened == "/*"
                parts.append(" " if is_comment else opened)  # a comment parts words, as a space does
                began = began or (0 if is_comment else number)
    if opened or "".join(parts).strip():
        raise ImportRefused("the file ends within a statement: it is cut off.", line=began or number)


def _inside(line: str, position: int, opened: str) -> tuple[str, int, str]:
    """What of ``line`` still belongs to the string, name or comment that is open; where it goes on; what is open."""
    closing = _CLOSING[opened]
    end = line.find(closing, position)
    stop = len(line) if end < 0 else end + len(closing)
    taken = "" if opened == "/*" else line[position:stop]
    return taken, stop, opened if end < 0 else ""


def _decoded(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")  # some editors put a mark before the first line
    except UnicodeDecodeError as error:
        raise ImportRefused("expected UTF-8 text, found other bytes.", line=number) from error
