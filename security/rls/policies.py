"""What a model declares about whose rows it holds, and what follows from that for SQL.

    class Post(models.Model):
        rls = Direct("tenant_id")

    class Guard(models.Model):
        rls = Via("content_id", "generated_content", "content_id")

Predicates are SQL over a row called ``{t}``; ``?1`` is the tenant in force, ``{{users}}`` the physical table. One that
is NULL (a row without tenant) hides the row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from security.rls.tokens import quoted

NOBODY = "?1 IS NULL"
"""The predicate that no row meets."""

RESERVED = "rls_"
"""What our aliases start with. No statement may use a name that does: it could stand for a row of ours."""
ROW, NEW, REFERRED = (quoted(f"{RESERVED}{name}") for name in ("row", "new", "referred"))


class Physical(NamedTuple):
    """The place of a table's physical name in SQL of ours; only here, so that the twin can have another name."""

    table: str
    form: str = "table"  # target: of a write; bare: in front of or as a column


Sql = list[str | Physical]
"""SQL in pieces: text that is final, and places for physical names."""

_MARK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rows a tenant reads, changes (``modify``: as they are before) and may leave behind (``check``).

    ``columns`` are those that the predicates read: an INSERT gives them, an UPDATE of one is checked. Foreign keys
    must point at rows that the tenant reads, but for the columns ``unchecked``. ``join`` finds the rows that ``read``
    does, behind ``FROM table AS rls_row``. ``exposed`` are hidden columns of a virtual table.
    """

    read: str
    columns: tuple[str, ...]
    modify: str | None = None
    check: str | None = None
    join: str | None = None
    unchecked: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()

    def resolved(self, declared: "Mapping[str, Declaration]") -> "Policy":
        return self


@dataclass(frozen=True, slots=True)
class Via:
    """Rows that belong to whom the row of ``parent`` belongs to that ``column`` points at (its key: ``key``).

    ``own`` asks for parents that the tenant may change: not what is merely shared with it.
    """

    column: str
    parent: str
    key: str
    own: bool = False
    unchecked: tuple[str, ...] = ()

    def resolved(self, declared: "Mapping[str, Declaration]") -> Policy:
        above = declared[self.parent]
        if isinstance(above, Shared | Closed):
            raise TypeError(f"{self.parent}: rows can hang on rows of tenants alone.")
        parent = above.resolved(declared)
        modify = parent.modify or parent.read
        read = modify if self.own else parent.read
        alias = quoted(f"{RESERVED}{self.parent}")  # another at each level of parents
        source, key = f"{{{{{self.parent}}}}} AS {alias}", f"{alias}.{quoted(self.key)}"

        def there(predicate: str) -> str:
            is_parent = f"{key} = +{{t}}.{quoted(self.column)} COLLATE BINARY"  # + takes off an affinity of its own
            return f"EXISTS (SELECT 1 FROM {source} WHERE {is_parent} AND {predicate.replace('{t}', alias)})"

        return Policy(
            read=there(read),
            columns=(self.column,),
            modify=there(modify),
            check=there(parent.check or modify),
            # As a join the planner may drive from either side. It is not flattened under an outer join: there EXISTS.
            join=f" JOIN {source} ON {key} = {ROW}.{quoted(self.column)} WHERE {read.replace('{t}', alias)}",
            unchecked=self.unchecked,
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """The same rows for every tenant; ``writable`` for what people of tenants write through Django itself."""

    writable: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The platform's alone: for a tenant the table is not there."""


Declaration = Policy | Via | Shared | Closed


def Direct(  # noqa: N802
    column: str, *, writable: bool = True, unchecked: tuple[str, ...] = (), exposed: tuple[str, ...] = ()
) -> Policy:
    """Rows whose ``column`` names the tenant; without ``writable`` they can be added and no more."""
    own = f"{{t}}.{quoted(column)} = ?1"
    return Policy(
        read=own,
        columns=(column,),
        modify=own if writable else NOBODY,
        check=of_text(column, own),
        unchecked=unchecked,
        exposed=exposed,
    )


def Search(table: str, column: str) -> Policy:  # noqa: N802
    """A full-text table (FTS5) whose first indexed column, ``column``, names the tenant; read-only.

    The tenant becomes a phrase of the query, so its quotes are doubled; phrases find longer ones and fold letters, so
    the comparison decides. Hidden columns are exposed by name: MATCH and rank would not be found behind the policy.
    """
    own = f"{{t}}.{quoted(column)}"
    return Policy(
        read=f"""({own} MATCH '"' || replace(?1, '"', '""') || '"' AND {own} = ?1)""",
        columns=(column,),
        modify=NOBODY,
        check=NOBODY,
        exposed=("rank", table),
    )


def Range(column: str) -> Policy:  # noqa: N802
    """Rows whose ``column`` is the tenant, a colon and a name without one: unique over all tenants."""
    name = f"{{t}}.{quoted(column)}"
    own = f"({name} >= ?1 || ':' AND {name} < ?1 || ';' AND instr(substr({name}, length(?1) + 2), ':') = 0)"
    return Policy(read=own, columns=(column,), check=of_text(column, own))


def of_text(column: str, predicate: str) -> str:
    """``predicate`` on a new value of ``column``. The value may come with a type or a collation of its own; what is
    stored has the column's, so neither counts."""
    name = f"{{t}}.{quoted(column)}"
    return f"(typeof({name}) = 'text' AND {predicate.replace(name, f'{name} COLLATE BINARY')})"


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of a table by their key, as far as a tenant reads them."""

    table: str
    key: str
    read: str

    def holds(self, value: str) -> str:
        """The predicate that the row with the key ``value`` is among them."""
        is_row = f"{REFERRED}.{quoted(self.key)} = +{value} COLLATE BINARY"
        read = self.read.replace("{t}", REFERRED)
        return f"EXISTS (SELECT 1 FROM {{{{{self.table}}}}} AS {REFERRED} WHERE {is_row} AND {read})"


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of ``table`` whose ``column`` holds our ``key`` belong to whom our row belongs to."""

    table: str
    column: str
    key: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy for one table, ready to be written into statements, with what keeps references inside of a tenant."""

    table: str
    policy: Policy
    references: Mapping[str, Reference] = field(default_factory=dict)  # by our column
    children: tuple[Child, ...] = ()

    @property
    def guarded(self) -> frozenset[str]:
        """Columns whose new values are checked."""
        return frozenset({*self.policy.columns, *self.references, *(child.key for child in self.children)})

    def modify(self, alias: str) -> Sql:
        return sql((self.policy.modify or self.policy.read).replace("{t}", alias))

    def check(self, alias: str, given: frozenset[str]) -> Sql:
        """The predicate that a new row called ``alias`` meets, of which the columns ``given`` are new."""
        tests = [(self.policy.check or self.policy.modify or self.policy.read).replace("{t}", alias)]
        for column in sorted(given & self.references.keys()):
            value = f"{alias}.{quoted(column)}"
            tests.append(f"({value} IS NULL OR {self.references[column].holds(value)})")
        for child in self.children:
            if child.key in given:  # rows that a parent left behind are nobody's: no new parent may take them in
                value = f"{alias}.{quoted(child.key)}"
                left = f"SELECT 1 FROM {{{{{child.table}}}}} WHERE {quoted(child.column)} = +{value} COLLATE BINARY"
                is_there = Reference(self.table, child.key, self.policy.read).holds(value)
                tests.append(f"(NOT EXISTS ({left}) OR {is_there})")
        return sql(" AND ".join(tests))

    def view(self, has_outer_join: bool, barrier: bool) -> Sql:
        """The common table expression that stands for the table: its rows as the tenant reads them.

        Not materialised: mentioned twice, it would be read whole. With ``barrier`` it must be.
        """
        pieces: Sql = [f"{quoted(self.table)} AS {'' if barrier else 'NOT '}MATERIALIZED (SELECT {ROW}.*"]
        for name in self.policy.exposed:
            column = Physical(name, "bare") if name == self.table else quoted(name)
            pieces += [f", {ROW}.", column, f" AS {quoted(name)}"]
        where = f" WHERE {self.policy.read.replace('{t}', ROW)}"
        rest = self.policy.join if self.policy.join and not has_outer_join else where
        return [*pieces, " FROM ", Physical(self.table), f" AS {ROW}", *sql(rest), ")"]


def sql(text: str) -> Sql:
    """``text`` of ours in pieces: ``{{table}}`` becomes the place of a physical name."""
    parts = _MARK.split(text)
    return [Physical(part) if at % 2 else part for at, part in enumerate(parts)]
