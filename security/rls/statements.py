"""Taking a statement apart, as far as confinement needs it.

Its text stays as it is, but for the numbers of its parameters (``?1`` is the tenant) and for what is written into it.
Whether all was found is not decided here: what was overlooked does not compile on the twin.
"""

from collections.abc import Mapping
from typing import NamedTuple

from security.exceptions import Refused
from security.rls.policies import Rule, Sql
from security.rls.tokens import Token, closing, tokenize

READS = frozenset({"SELECT", "VALUES"})
WRITES = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE"})
TRANSACTION = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"})
OUTER = frozenset({"LEFT", "RIGHT", "FULL"})


class Edit(NamedTuple):
    start: int
    end: int
    sql: Sql


class Statement:
    """A statement and what is to be written into it.

    Attributes:
        verb: what it does, in capitals; WITH is looked behind.
        head: EXPLAIN in front of it, as text.
        names: of its parameters in the order of their numbers, where they have names.
        parameters: how many it has.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.edits: list[Edit] = []
        self.names: list[str] = []
        self.parameters = 0
        self.first = self._after_explain() if self.tokens else 0
        if self.tokens and self.first >= len(self.tokens):
            raise Refused("Nothing follows EXPLAIN.")
        self.head = text[: self.tokens[self.first].start] if self.tokens else ""
        self.verb = self.tokens[self.first].word if self.tokens else ""
        self.main = self.first  # the token of the verb
        self.is_recursive = False
        self.has_with = False

    @property
    def is_transaction(self) -> bool:
        return not self.tokens or (self.verb in TRANSACTION and not self.head)

    @property
    def mentioned(self) -> frozenset[str]:
        """Every name in it: more than the tables that it reads, never fewer."""
        return frozenset(token.name for token in self.tokens if token.name is not None)

    @property
    def has_replace(self) -> bool:
        """REPLACE as a way to write, not as the function."""
        follow = zip(self.tokens, [*self.tokens[1:], None], strict=True)
        return any(token.word == "REPLACE" and (behind is None or behind.text != "(") for token, behind in follow)

    @property
    def has_outer_join(self) -> bool:
        return any(token.word in OUTER for token in self.tokens)

    @property
    def start(self) -> int:
        """Where the statement itself starts: behind EXPLAIN, and behind WITH where it has one."""
        behind = self.first + 1 + self.is_recursive if self.has_with else self.first
        return self.tokens[behind].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def _after_explain(self) -> int:
        words = [token.word for token in self.tokens[:3]]
        return 0 if words[0] != "EXPLAIN" else 3 if words[1:] == ["QUERY", "PLAN"] else 1

    def number_parameters(self) -> None:
        """Give every parameter its number, from 2 on: the tenant is the first.

        Raises:
            Refused: parameters that bring numbers of their own, or some with names and some without.
        """
        numbers: dict[str, int] = {}
        for token in self.tokens:
            if token.kind != "parameter":
                continue
            if token.text[0] == "?" and len(token.text) > 1:
                raise Refused("Parameters with numbers of their own.")
            if token.text == "?" or token.text not in numbers:
                self.parameters += 1
                self.names += [token.text[1:]] * (token.text != "?")
            number = numbers.setdefault(token.text, self.parameters) if token.text != "?" else self.parameters
            self.edits.append(Edit(token.start, token.end, [f"?{number + 1}"]))
        if self.names and len(self.names) != self.parameters:
            raise Refused("Parameters with and without names in one statement.")

    def look_behind_with(self, protected: Mapping[str, Rule]) -> None:
        """Find the verb behind WITH.

        Raises:
            Refused: an expression named like a protected table, which would stand for ours.
        """
        tokens, at = self.tokens, self.first + 1
        self.has_with = True
        if tokens[at].word == "RECURSIVE":
            self.is_recursive = True
            at += 1
        while True:
            if tokens[at].name in protected:
                raise Refused(f"An expression is named like the table {tokens[at].text}.")
            at = next((i for i in range(at, len(tokens)) if tokens[i].word == "AS" and tokens[i].depth == 0), 0) + 1
            while at < len(tokens) and tokens[at].word in {"NOT", "MATERIALIZED"}:
                at += 1
            if at == 1 or at >= len(tokens) or tokens[at].text != "(":
                raise Refused("The WITH of the statement is not understood.")
            at = closing(tokens, at) + 1
            if at >= len(tokens) or tokens[at].text != ",":
                break
            at += 1
        self.main, self.verb = at, tokens[at].word if at < len(tokens) else ""

    def body(self, start: int, end: int, edits: list[Edit] | None = None) -> Sql:
        """The text from ``start`` to ``end`` with what is written into it."""
        pieces: Sql = []
        at = start
        chosen = [edit for edit in (self.edits if edits is None else edits) if start <= edit.start and edit.end <= end]
        for edit in sorted(chosen, key=lambda edit: edit[:2]):
            pieces += [self.text[at : edit.start], *edit.sql]
            at = max(at, edit.end)
        return [*pieces, self.text[at:end]]

    def around(self, token: Token) -> tuple[str, str]:
        """The characters in front of and behind ``token``."""
        return self.text[token.start - 1 : token.start] or " ", self.text[token.end : token.end + 1] or " "

    def write(self, start: int, end: int, sql: Sql) -> None:
        self.edits.append(Edit(start, end, sql))
