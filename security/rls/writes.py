"""Writing a policy into INSERT, UPDATE and DELETE.

- UPDATE, DELETE: the policy stands before the condition, which goes in brackets.
- INSERT: the new rows pass through a sub-query that raises where one fails the policy's check. So do new values of
  columns that the policy or a foreign key stands on, and what an UPSERT would change.

A clause that is looked for in vain or in the wrong place is no SQL: SQLite says so, on the twin.
"""

from collections.abc import Iterable

from security.exceptions import Refused
from security.rls.places import NEW, place
from security.rls.rules import Rule
from security.rls.statements import READS, Statement
from security.rls.tokens import closing, folded, quoted

TAIL = frozenset({"RETURNING", "ORDER", "LIMIT"})
WAYS = frozenset({"INSERT", "UPDATE", "DELETE", "ABORT", "FAIL", "IGNORE"})  # REPLACE and ROLLBACK reach further
VIOLATION = "rls_violation"
"""What the error says that a refused row raises: JSON paths start with $, on SQLite and on D1."""


class Write:
    """INSERT, UPDATE or DELETE of a protected table, with its rule written in.

    Attributes:
        violation: SQL that raises.
        checked: guarded columns that the statement sets, each with its check. What the twin sees set beyond them was
            overlooked here.
    """

    def __init__(self, statement: Statement, rule: Rule, columns: Iterable[str], barrier: bool) -> None:
        """``columns`` of the table, in order.

        Raises:
            Refused: a form that could reach or leave a row out of the tenant's sight.
        """
        self.statement, self.tokens, self.find = statement, statement.tokens, statement.find
        self.rule, self.columns, self.barrier = rule, [folded(name) for name in columns], barrier
        self.violation = f"json_extract('[]', '{VIOLATION}:{rule.table}')"
        self.checked: set[str] = set()
        at, way = statement.target
        if way not in WAYS:
            raise Refused(f"{way} could reach rows of others.")
        at = self._name_target(at)
        {"UPDATE": self._update, "DELETE": self._guard}.get(statement.verb, self._insert)(at)

    def _name_target(self, at: int) -> int:
        """Put the physical name, also where RETURNING says table.column; the place behind the target."""
        has_alias = self.tokens[at + 1].word == "AS"
        self.alias = quoted((self.tokens[at + 2].name or "") if has_alias else self.rule.table)
        self.statement.put(at, at + 1, place(self.rule.table, "" if has_alias else "="))
        start = self.find({"RETURNING"}, at)
        is_flat = not any(token.word in READS for token in self.tokens[start:])
        for here, token in enumerate(self.tokens[start:-1], start):
            if self.tokens[here + 1].text == "." and token.name == self.rule.table and (is_flat or token.depth == 0):
                self.statement.put(here, here + 1, place(self.rule.table, "."))
        return at + 3 if has_alias else at + 1

    def _update(self, at: int) -> None:
        start = self.find({"SET"}, at) + 1
        stop = self.find({"FROM", "WHERE"} | TAIL, start)
        while (self.tokens[stop - 1].word, self.tokens[stop].word) == ("DISTINCT", "FROM"):
            stop = self.find({"FROM", "WHERE"} | TAIL, stop + 1)
        if self.barrier and self.tokens[stop].word == "FROM":
            raise Refused("Behind a barrier an UPDATE reads no other table: its functions could see rows first.")
        self._assign(start, stop)
        self._guard(start)

    def _guard(self, at: int, otherwise: str = "") -> None:
        """Put the policy before the condition. Behind a barrier, or to raise ``otherwise``, the condition sees no row
        before the policy has."""
        where, tail = self.find({"WHERE"}, at), self.find(TAIL, at)
        policy, where = self.rule.modify(self.alias), min(where, tail)
        condition = self.statement.body(where + 1, tail) if where < tail else "1"
        guarded = f"({policy}) AND ({condition})"
        if otherwise or (self.barrier and where < tail):
            guarded = f"CASE WHEN {policy} THEN ({condition}) ELSE {otherwise or 0} END"
        self.statement.put(where, tail, f"WHERE {guarded}")

    def _assign(self, start: int, stop: int) -> None:
        """Check the new values of columns that decide whose row it is, and of references: out of one sub-query, which
        holds and checks them, so that each is evaluated once."""
        hits, others = dict[str, str](), list[tuple[int, int]]()
        commas = [i for i in range(start, stop) if self.tokens[i].text == "," and self.tokens[i].depth == 0]
        for first, behind in zip([start, *(comma + 1 for comma in commas)], [*commas, stop], strict=True):
            name = self._assigned(first, behind)
            if name in hits:
                raise Refused(f"The column {name} is set twice.")
            if name in self.rule.guarded:
                hits[name] = self.statement.body(first + 2, behind)
            else:
                others.append((first, behind))
        if not hits:
            return
        self.checked |= hits.keys()
        names, (value, *rest) = ", ".join(map(quoted, hits)), [f"{NEW}.{quoted(name)}" for name in hits]
        kept = {name: f"{self.alias}.{quoted(name)}" for name in self.rule.policy.columns}
        row = ", ".join(f"({given}) AS {quoted(name)}" for name, given in (kept | hits).items())
        case = f"CASE WHEN {self.rule.check(NEW, hits)} THEN {value} ELSE {self.violation} END"
        checked = f"({names}) = (SELECT {', '.join([case, *rest])} FROM (SELECT {row}) AS {NEW})"
        self.statement.put(start, stop, ", ".join([checked, *(self.statement.body(*other) for other in others)]))

    def _assigned(self, first: int, behind: int) -> str:
        """The column that an assignment sets; none for a row of columns."""
        if self.tokens[first].text == "(":
            inside = self.tokens[first : closing(self.tokens, first)]
            if self.rule.guarded & {token.name for token in inside}:
                raise Refused("A column that decides whose row it is, set as part of a row.")
            return ""
        if behind - first < 3 or self.tokens[first + 1].text not in {"=", "=="}:
            raise Refused("The SET of the statement is not understood.")
        return self.tokens[first].name or ""

    def _insert(self, at: int) -> None:
        opening, columns = at, self.columns
        if self.tokens[at].text == "(":
            at = closing(self.tokens, at) + 1
            columns = [token.name or "" for token in self.tokens[opening + 1 : at - 1] if token.text != ","]
        if unknown := set(columns) - set(self.columns):
            raise Refused(f"There is no column {min(unknown)}; keys are set by their own names.")
        if len(set(columns)) < len(columns):
            raise Refused("A column is named twice.")
        if missing := set(self.rule.policy.columns) - set(columns):
            raise Refused(f"An INSERT must give {min(missing)}.")
        returning, listed = self.find({"RETURNING"}, at), ", ".join(map(quoted, columns))
        tops = (i for i in range(at, returning) if self.tokens[i].depth == 0 and self.tokens[i].word == "ON")
        conflict = next((i for i in tops if self.tokens[i + 1].word == "CONFLICT"), returning)
        # Materialised: what is checked is what is written, also where an expression gives another value each time.
        self.statement.put(opening, at, f"({listed}) WITH {NEW}({listed}) AS MATERIALIZED (")
        case = f"CASE WHEN {self.rule.check(NEW, columns)} THEN 1 ELSE {self.violation} END"
        self.statement.put(conflict, conflict, f") SELECT * FROM {NEW} WHERE {case}")
        if conflict < returning:
            self._upsert(conflict)

    def _upsert(self, conflict: int) -> None:
        does = [i for i, token in enumerate(self.tokens) if i > conflict and token.depth == 0 and token.word == "DO"]
        if len(does) != 1:
            raise Refused("Several ON CONFLICT clauses.")
        at = does[0] + 1
        if self.tokens[at].word == "UPDATE":
            self._assign(at + 2, self.find({"WHERE", "RETURNING"}, at + 2))
            # An error, as PostgreSQL has it: silence would pass for a row that was written.
            self._guard(at + 2, otherwise=self.violation)
