"""SQL as SQLite's own tokenizer sees it, as far as confinement needs it: words, names, brackets, parameters.

Whatever is not understood is refused; nothing here decides what a statement may reach (`twin` does).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from security.exceptions import Refused

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\n\f\r]+ | --[^\n]* | /\*.*?(?:\*/|\Z))
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
  | (?P<blob>[xX]'[0-9a-fA-F]*')
  | (?P<word>[A-Za-z_\u0080-\ufefe\uff00-\U0010ffff][A-Za-z0-9_$\u0080-\ufefe\uff00-\U0010ffff]*)
  | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![A-Za-z0-9_$\u0080-\U0010ffff]))
  | (?P<parameter>\?\d* | :[A-Za-z_][A-Za-z0-9_]*)
  | (?P<symbol>->>|->|\|\||<<|>>|<>|!=|==|<=|>=|[-+*/%&|~<>=(),.;])
    """,
    re.VERBOSE | re.DOTALL,
)
# SQLite folds ASCII alone, and takes U+FEFF for space in front of a token: here it is refused.
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is ``sql[start:end]``; ``depth`` counts the brackets around it (brackets themselves: around them)."""

    kind: str
    text: str
    depth: int
    start: int
    end: int

    @property
    def word(self) -> str:
        """The keyword, in capitals; empty for whatever cannot be one."""
        return self.text.upper() if self.kind == "word" and self.text.isascii() else ""

    @property
    def name(self) -> str | None:
        """The table or column that this may name, folded; SQLite takes strings for names too."""
        if self.kind == "word":
            return folded(self.text)
        if self.kind in {"quoted", "string"}:
            mark = self.text[-1]
            return folded(self.text[1:-1] if mark == "]" else self.text[1:-1].replace(mark * 2, mark))
        return None


def folded(name: str) -> str:
    """``name`` in small letters, as SQLite compares names."""
    return name.translate(_LOWER)


def quoted(name: str) -> str:
    """``name`` as an identifier."""
    return '"{}"'.format(name.replace('"', '""'))


def tokenize(sql: str) -> list[Token]:
    """The tokens of one statement, without space, comments and a semicolon at its end.

    Raises:
        Refused: a character that SQL has no use for, unbalanced brackets, or more than one statement.
    """
    found = list(tokens_of(sql))
    while found and found[-1].text == ";":
        found.pop()
    if any(token.text == ";" for token in found):
        raise Refused("More than one statement at once.")
    return found


def tokens_of(sql: str) -> Iterator[Token]:
    """The tokens of any number of statements, one by one.

    Raises:
        Refused: a character that SQL has no use for, or unbalanced brackets, when they are reached.
    """
    at = depth = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        if match is None or "\0" in match[0]:
            raise Refused(f"Not understood at character {at + 1} of the statement.")
        depth -= match[0] == ")"
        if depth < 0:
            raise Refused("A bracket is closed that was not opened.")
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match[0], depth, at, match.end())
        depth += match[0] == "("
        at = match.end()
    if depth:
        raise Refused("A bracket is not closed.")


def closing(tokens: list[Token], opening: int) -> int:
    """The place of the bracket that closes the one at ``opening``."""
    depth = tokens[opening].depth
    return next(i for i in range(opening + 1, len(tokens)) if tokens[i].text == ")" and tokens[i].depth == depth)
