"""Policies as they are written into statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from security.rls.places import REFERRED, ROW, place
from security.rls.policies import Policy
from security.rls.tokens import quoted


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of a table by the column ``key``, as far as ``read`` holds."""

    table: str
    key: str
    read: str

    def holds(self, value: str) -> str:
        """The predicate that the row with the key ``value`` is there."""
        is_row = f"{REFERRED}.{quoted(self.key)} = +{value} COLLATE BINARY"
        read = self.read.replace("{t}", REFERRED)
        return f"EXISTS (SELECT 1 FROM {place(self.table)} AS {REFERRED} WHERE {is_row} AND {read})"


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy for one table, ready to be written into statements, with what keeps references inside of a tenant.

    Attributes:
        references: what our columns point at.
        children: what points at our columns: rows that belong to whom our row belongs to.
    """

    table: str
    policy: Policy
    references: Mapping[str, Reference] = field(default_factory=dict)
    children: tuple[tuple[str, Reference], ...] = ()

    @property
    def guarded(self) -> frozenset[str]:
        """Columns whose new values are checked."""
        return frozenset({*self.policy.columns, *self.references, *(key for key, _ in self.children)})

    def modify(self, alias: str) -> str:
        return (self.policy.modify or self.policy.read).replace("{t}", alias)

    def check(self, alias: str, given: Collection[str]) -> str:
        """The predicate that a new row called ``alias`` meets, of which the columns ``given`` are new."""
        tests = [(self.policy.check or self.policy.modify or self.policy.read).replace("{t}", alias)]
        for column in sorted(self.references.keys() & given):
            value = f"{alias}.{quoted(column)}"
            tests.append(f"({value} IS NULL OR {self.references[column].holds(value)})")
        for key, rows in self.children:
            if key in given:  # rows that a parent left behind are nobody's: no new parent may take them in
                value, own = f"{alias}.{quoted(key)}", Reference(self.table, key, self.policy.read)
                tests.append(f"(NOT {rows.holds(value)} OR {own.holds(value)})")
        return " AND ".join(tests)

    def view(self, has_outer_join: bool, barrier: bool) -> str:
        """The common table expression that stands for the table: its rows as the tenant reads them.

        Not materialised: mentioned twice, it would be read whole. With ``barrier`` it must be.
        """
        hidden = {name: place(name, ".") if name == self.table else quoted(name) for name in self.policy.exposed}
        columns = "".join(f", {ROW}.{column} AS {quoted(name)}" for name, column in hidden.items())
        where = f" WHERE {self.policy.read.replace('{t}', ROW)}"
        rest = self.policy.join if self.policy.join and not has_outer_join else where
        way = "MATERIALIZED" if barrier else "NOT MATERIALIZED"
        return f"{quoted(self.table)} AS {way} (SELECT {ROW}.*{columns} FROM {place(self.table)} AS {ROW}{rest})"
