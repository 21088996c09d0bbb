"""Writing a policy into INSERT, UPDATE and DELETE.

- UPDATE, DELETE: the policy stands before the condition, which goes in brackets.
- INSERT: the new rows pass through a sub-query that raises where one fails the policy's check. So do new values of
  columns that the policy or a foreign key stands on, and what an UPSERT would change.
"""

from collections.abc import Mapping

from security.exceptions import Refused
from security.rls.policies import NEW, Physical, Rule, Sql
from security.rls.statements import READS, Statement
from security.rls.tokens import closing, folded, quoted

TAIL = frozenset({"RETURNING", "ORDER", "LIMIT"})
WAYS = frozenset({"", "ABORT", "FAIL", "IGNORE"})  # REPLACE deletes others' rows, ROLLBACK undoes what is around
VIOLATION = "rls_violation"
"""What the error says that a refused row raises: JSON paths start with $, on SQLite and on D1."""


class Write:
    """INSERT, UPDATE or DELETE of a protected table."""

    def __init__(self, statement: Statement, columns: Mapping[str, list[str]], barrier: bool) -> None:
        """``columns`` of each protected table, in order.

        Attributes:
            checked: guarded columns that the statement sets, each with its check. What the twin sees set beyond them
                was overlooked here.
        """
        self.statement, self.columns, self.barrier = statement, columns, barrier
        self.tokens = statement.tokens
        self.checked: set[str] = set()

    def confine(self, rules: Mapping[str, Rule]) -> bool:
        """Write the policy of the target into the statement; whether it has one.

        Raises:
            Refused: a form that could reach or leave a row out of the tenant's sight.
        """
        at, verb, way = self.statement.main + 1, self.statement.verb, ""
        if self._word(at) == "OR":
            way, at = self._word(at + 1), at + 2
        way = "REPLACE" if verb == "REPLACE" else way
        between = {"INSERT": "INTO", "REPLACE": "INTO", "DELETE": "FROM"}.get(verb)
        if between is not None:
            self._expect(at, between)
            at += 1
        if self._text(at + 1) == ".":
            raise Refused("The table to write to is named with its schema.")
        target = self.tokens[at].name if at < len(self.tokens) else None
        if target not in rules:
            return False
        if way not in WAYS:
            raise Refused(f"{way} could reach rows of others.")
        self.rule = rules[str(target)]
        at = self._name_target(at)
        self._name_returned(at)
        if verb == "UPDATE":
            self._update(at)
        elif verb == "DELETE":
            self._guard(at, barrier=self.barrier)
        else:
            self._insert(at)
        return True

    def _name_target(self, at: int) -> int:
        """Put the physical name; where the rest of the statement starts."""
        token, table = self.tokens[at], self.rule.table
        has_alias = self._word(at + 1) == "AS" and at + 2 < len(self.tokens)
        self.alias = quoted(self.tokens[at + 2].name or "") if has_alias else quoted(table)
        # `UPDATE"users"SET` is SQL, `UPDATEmain."users"SET` is not.
        around = [" " * (not character.isspace()) for character in self.statement.around(token)]
        name = Physical(table, "table" if has_alias else "target")
        self.statement.write(token.start, token.end, [around[0], name, around[1]])
        return at + 3 if has_alias else at + 1

    def _name_returned(self, at: int) -> None:
        """RETURNING may say table.column: the twin's table has another name."""
        start = self._find({"RETURNING"}, at)
        if start is None:
            return
        is_flat = not any(token.word in READS for token in self.tokens[start:])
        for here, token in enumerate(self.tokens[start:-1], start):
            if self._text(here + 1) == "." and token.name == self.rule.table and (is_flat or token.depth == 0):
                self.statement.write(token.start, token.end, [Physical(self.rule.table, "bare")])

    def _update(self, at: int) -> None:
        start = self._find({"SET"}, at)
        if start is None:
            raise Refused("The UPDATE is not understood.")
        stop = self._find({"FROM", "WHERE"} | TAIL, start + 1)
        while stop is not None and self._word(stop) == "FROM" and self._word(stop - 1) == "DISTINCT":
            stop = self._find({"FROM", "WHERE"} | TAIL, stop + 1)  # IS DISTINCT FROM
        if self.barrier and stop is not None and self._word(stop) == "FROM":
            raise Refused("Behind a barrier an UPDATE reads no other table: its functions could see rows first.")
        self._assign(start + 1, stop)
        self._guard(start + 1, barrier=self.barrier)

    def _guard(self, at: int, *, barrier: bool = False, otherwise: str = "0") -> None:
        """Put the policy before the condition. With ``barrier`` the condition sees no row before the policy has."""
        where, tail = self._find({"WHERE"}, at), self._find(TAIL, at)
        if where is not None and tail is not None and tail < where:
            raise Refused("The clauses stand in an unknown order.")
        policy, write = self.rule.modify(self.alias), self.statement.write
        end = self.tokens[(tail if tail is not None else len(self.tokens)) - 1].end
        if where is None:
            one: Sql = [" WHERE CASE WHEN ", *policy, f" THEN 1 ELSE {otherwise} END "]
            write(end, end, one if otherwise != "0" else [" WHERE (", *policy, ") "])
        elif barrier:
            write(self.tokens[where].end, self.tokens[where].end, [" CASE WHEN ", *policy, " THEN ("])
            write(end, end, [f") ELSE {otherwise} END "])
        else:
            write(self.tokens[where].end, self.tokens[where].end, [" (", *policy, ") AND ("])
            write(end, end, [") "])

    def _assign(self, start: int, stop: int | None) -> None:
        """Check the new values of columns that decide whose row it is, and of references."""
        end = len(self.tokens) if stop is None else stop
        parts = self._split(start, end)
        hits: dict[str, tuple[int, int]] = {}
        for first, behind in parts:
            name = self._assigned(first, behind)
            if name in hits:
                raise Refused(f"The column {name} is set twice.")
            if name in self.rule.guarded:
                hits[str(name)] = first + 2, behind
        if not hits:
            return
        self.checked |= hits.keys()
        others = [(first, behind) for first, behind in parts if (first + 2, behind) not in hits.values()]
        written = self._checked_row(hits)
        for first, behind in others:
            written += [", ", *self._text_between(first, behind)]
        begin, finish = self.tokens[start].start, self.tokens[end - 1].end
        self.statement.edits = [e for e in self.statement.edits if not begin <= e.start < e.end <= finish]
        self.statement.write(begin, finish, [*written, " "])

    def _assigned(self, first: int, behind: int) -> str | None:
        """The column that an assignment sets; None for a row of columns."""
        if self._text(first) == "(":
            inside = self.tokens[first + 1 : closing(self.tokens, first)]
            if self.rule.guarded & {token.name for token in inside}:
                raise Refused("A column that decides whose row it is, set as part of a row.")
            return None
        if behind - first < 3 or self._text(first + 1) not in {"=", "=="}:
            raise Refused("The SET of the statement is not understood.")
        return self.tokens[first].name

    def _checked_row(self, hits: dict[str, tuple[int, int]]) -> Sql:
        """All guarded values out of one sub-query, which holds and checks them: each is evaluated once."""
        row: Sql = []
        for name, (first, behind) in hits.items():
            row += ["(", *self._text_between(first, behind), f") AS {quoted(name)}, "]
        kept = [name for name in self.rule.policy.columns if name not in hits]
        row += [f"{self.alias}.{quoted(name)} AS {quoted(name)}, " for name in kept]
        row[-1] = str(row[-1]).removesuffix(", ")
        names, values = ", ".join(map(quoted, hits)), [f"{NEW}.{quoted(name)}" for name in hits]
        check, rest = self.rule.check(NEW, frozenset(hits)), "".join(f", {value}" for value in values[1:])
        case: Sql = ["CASE WHEN ", *check, f" THEN {values[0]} ELSE {self._raise} END"]
        return [f"({names}) = (SELECT ", *case, f"{rest} FROM (SELECT ", *row, f") AS {NEW})"]

    def _text_between(self, first: int, behind: int) -> Sql:
        return self.statement.body(self.tokens[first].start, self.tokens[behind - 1].end)

    def _insert(self, at: int) -> None:
        columns, at = self._columns(at)
        if at >= len(self.tokens):
            raise Refused("The INSERT has no rows.")
        if self._word(at) == "DEFAULT":
            raise Refused(f"An INSERT of defaults names no {', '.join(self.rule.policy.columns)}.")
        if len(set(columns)) != len(columns):
            raise Refused("A column is named twice.")
        if not set(self.rule.policy.columns) <= set(columns):
            raise Refused(f"An INSERT must give {', '.join(self.rule.policy.columns)}.")
        returning = self._find({"RETURNING"}, at)
        conflict = self._conflict(at, returning)
        end = self._end(conflict if conflict is not None else returning)
        start, listed = self.tokens[at].start, ", ".join(map(quoted, columns))
        check = self.rule.check(NEW, frozenset(columns))
        # Materialised: what is checked is what is written, also where an expression gives another value each time.
        self.statement.write(start, start, [f"({listed}) WITH {NEW}({listed}) AS MATERIALIZED ("])
        case: Sql = [" WHERE CASE WHEN ", *check, f" THEN 1 ELSE {self._raise} END "]
        self.statement.write(end, end, [f") SELECT * FROM {NEW}", *case])
        if conflict is not None:
            self._upsert(conflict)

    def _columns(self, at: int) -> tuple[list[str], int]:
        """The columns of an INSERT, all of them where it names none, and where its rows start. The list is written
        anew: what is inserted is what was read."""
        if self._text(at) != "(":
            return [folded(name) for name in self.columns[self.rule.table]], at
        end = closing(self.tokens, at)
        inside = self.tokens[at + 1 : end]
        names = [token.name for token in inside[::2]]
        if None in names or any(token.text != "," for token in inside[1::2]) or len(inside) % 2 == 0:
            raise Refused("The columns of the INSERT are not understood.")
        if unknown := set(map(str, names)) - set(map(folded, self.columns[self.rule.table])):
            raise Refused(f"There is no column {min(unknown)}; keys are set by their own names.")
        self.statement.write(self.tokens[at].start, self.tokens[end].end, [""])
        return [str(name) for name in names], end + 1

    def _conflict(self, at: int, returning: int | None) -> int | None:
        stop = len(self.tokens) if returning is None else returning
        tops = (i for i in range(at, stop - 1) if self.tokens[i].depth == 0)
        return next((i for i in tops if self._word(i) == "ON" and self._word(i + 1) == "CONFLICT"), None)

    def _upsert(self, conflict: int) -> None:
        does = [i for i in range(conflict, len(self.tokens)) if self.tokens[i].depth == 0 and self._word(i) == "DO"]
        if len(does) != 1:
            raise Refused("Several ON CONFLICT clauses.")
        at = does[0] + 1
        if self._word(at) == "NOTHING":
            return
        self._expect(at, "UPDATE")
        self._expect(at + 1, "SET")
        self._assign(at + 2, self._find({"WHERE", "RETURNING"}, at + 2))
        # An error, as PostgreSQL has it: silence would pass for a row that was written.
        self._guard(at + 2, barrier=True, otherwise=self._raise)

    @property
    def _raise(self) -> str:
        return f"json_extract('[]', '{VIOLATION}:{self.rule.table}')"

    def _split(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Assignments between ``start`` and ``stop``, parted by commas."""
        commas = [i for i in range(start, stop) if self.tokens[i].text == "," and self.tokens[i].depth == 0]
        return list(zip([start, *(comma + 1 for comma in commas)], [*commas, stop], strict=True))

    def _find(self, words: "frozenset[str] | set[str]", start: int) -> int | None:
        """The first of ``words`` outside of brackets."""
        tops = (i for i in range(start, len(self.tokens)) if self.tokens[i].depth == 0)
        return next((i for i in tops if self._word(i) in words), None)

    def _end(self, at: int | None) -> int:
        return self.statement.end if at is None else self.tokens[at].start

    def _expect(self, at: int, word: str) -> None:
        if self._word(at) != word:
            raise Refused(f"{word} expected.")

    def _word(self, at: int) -> str:
        return self.tokens[at].word if at < len(self.tokens) else ""

    def _text(self, at: int) -> str:
        return self.tokens[at].text if at < len(self.tokens) else ""
