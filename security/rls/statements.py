"""Taking a statement apart, as far as confinement needs it.

Its text stays as it is, but for the numbers of its parameters (``?1`` is the tenant) and for what is written into it.
Whether all was found is not decided here: what was overlooked does not compile on the twin.
"""

from collections.abc import Container

from security.exceptions import Refused
from security.rls.tokens import Token, closing, tokenize

READS = frozenset({"SELECT", "VALUES"})
WRITES = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE"})
TRANSACTION = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"})
OUTER = frozenset({"LEFT", "RIGHT", "FULL"})


class Statement:
    """A statement and what is to be written into it. Places are numbers of tokens, ``end`` the one behind the last.

    Attributes:
        verb: what it does, in capitals; WITH is looked behind. ``main`` is its place.
        first: where it starts, behind EXPLAIN.
        head: what stands before that: EXPLAIN, or nothing but space and comments.
        start: behind WITH too, where it has one.
        parameters: how many it has.
    """

    def __init__(self, text: str) -> None:
        found = tokenize(text)
        size, self.end = (found[-1].end if found else 0), len(found)
        self.text, self.tokens = text, found + [Token("end", "", 0, size, size)] * 5  # one may look ahead
        self.edits: list[tuple[int, int, str]] = []
        self.parameters = 0
        words = [token.word for token in self.tokens[:3]]
        self.first = 0 if words[0] != "EXPLAIN" else 3 if words[1:] == ["QUERY", "PLAN"] else 1
        self.start = self.main = self.first
        self.head, self.verb = text[: self.tokens[self.first].start], self.tokens[self.first].word
        self.is_recursive = False

    @property
    def target(self) -> tuple[int, str]:
        """Of a write: the place of its table's name, and its way out of a conflict (its verb, where it names none)."""
        at, way = self.main + 1, self.verb
        if self.tokens[at].word == "OR":
            way, at = self.tokens[at + 1].word, at + 2
        return at + (self.tokens[at].word in {"INTO", "FROM"}), way

    @property
    def mentioned(self) -> frozenset[str]:
        """Every name in it: more than the tables that it reads, never fewer."""
        return frozenset(token.name for token in self.tokens if token.name is not None)

    @property
    def has_replace(self) -> bool:
        """REPLACE as a way to write, which deletes rows that it does not name; not as the function."""
        follow = zip(self.tokens, self.tokens[1:], strict=False)
        return any(token.word == "REPLACE" and behind.text != "(" for token, behind in follow)

    @property
    def has_with(self) -> bool:
        return self.start != self.first

    @property
    def has_outer_join(self) -> bool:
        return any(token.word in OUTER for token in self.tokens)

    def find(self, words: Container[str], at: int) -> int:
        """The first of ``words`` outside of brackets; `end` where there is none."""
        places = range(at, self.end)
        return next((i for i in places if self.tokens[i].depth == 0 and self.tokens[i].word in words), self.end)

    def number_parameters(self) -> None:
        """Give every parameter its number, from 2 on: the tenant is the first.

        Raises:
            Refused: parameters with names, or numbers that are none.
        """
        for token in self.tokens:
            if token.kind == "parameter":
                number = int(token.text[1:] or self.parameters + 1) if token.text[0] == "?" else 0
                if not 0 < number <= 32_000:  # SQLite knows some more, D1 far fewer
                    raise Refused("Parameters are question marks, or numbered from 1 on.")
                self.parameters = max(self.parameters, number)
                self.edits.append((token.start, token.end, f"?{number + 1}"))

    def look_behind_with(self, protected: Container[str | None]) -> None:
        """Find the verb behind WITH.

        Raises:
            Refused: an expression named like a protected table, which would stand for ours.
        """
        self.is_recursive = self.tokens[self.first + 1].word == "RECURSIVE"
        self.start = at = self.first + 1 + self.is_recursive
        while True:
            if self.tokens[at].name in protected:
                raise Refused(f"An expression is named like the table {self.tokens[at].text}.")
            at = self.find({"AS"}, at) + 1
            while self.tokens[at].word in {"NOT", "MATERIALIZED"}:
                at += 1
            if self.tokens[at].text != "(":
                raise Refused("The WITH of the statement is not understood.")
            at = closing(self.tokens, at) + 1
            if self.tokens[at].text != ",":
                break
            at += 1
        self.main, self.verb = at, self.tokens[at].word

    def body(self, at: int, stop: int) -> str:
        """The text of the tokens from ``at`` to ``stop``, with what is written into it."""
        begin, end = here, _ = self.tokens[at].start, self.tokens[stop - 1].end
        pieces = []
        for start, behind, sql in sorted(self.edits, key=lambda edit: edit[:2]):
            if begin <= start and behind <= end:
                pieces += [self.text[here:start], sql]
                here = behind
        return "".join(pieces) + self.text[here:end]

    def put(self, at: int, stop: int, sql: str) -> None:
        """Write ``sql`` in place of the tokens from ``at`` to ``stop``; behind the one before where these are none."""
        begin, end = (self.tokens[at].start, self.tokens[stop - 1].end) if stop > at else (self.tokens[at - 1].end,) * 2
        self.edits = [edit for edit in self.edits if not begin <= edit[0] < edit[1] <= end]
        # `UPDATE"users"SET` is SQL, `UPDATEmain."users"SET` is not. Other spaces than these are letters to SQLite.
        before, behind = (" " * (c not in " \t\n\f\r") for c in (self.text[begin - 1], f"{self.text} "[end]))
        self.edits.append((begin, end, before + sql + behind))
