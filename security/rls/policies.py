"""What a model declares about whose rows it holds, and what follows from that for SQL.

    class Post(models.Model):
        rls = Direct("tenant_id")

    class Guard(models.Model):
        rls = Via("content_id", "generated_content", "content_id")

Predicates are SQL over a row called ``{t}``; ``?1`` is the tenant in force, `place` a physical table. One that is
NULL (a row without tenant) hides the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from security.rls.places import RESERVED, ROW, place
from security.rls.tokens import quoted

NOBODY = "?1 IS NULL"
"""The predicate that no row meets."""


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
        source, key = f"{place(self.parent)} AS {alias}", f"{alias}.{quoted(self.key)}"

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
