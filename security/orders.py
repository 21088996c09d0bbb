"""In which orders a table is read, and the index behind each.

Every order that a list offers is declared with the model and has an index: over all rows, and over those that share
a value (one tenant's, one account's). Lists, exports and their tests read it from here.

    indexes = [*orders("published_posts", Place(Moment("published_at"), "post_id"), ("tenant",), ("account",))]

makes ``nds_published_posts_by_published_at`` and the same within a tenant and within an account.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F, Model, Q
from django.db.models.expressions import OrderBy

from security.columns.places import Place
from security.contract import OWN_PREFIX, Index


@dataclass(frozen=True, slots=True)
class Walk:
    """An index that gives rows in an order: of those that agree in ``within``, or where ``where`` holds."""

    index: str
    place: Place
    within: tuple[str, ...]
    where: tuple[tuple[str, Any], ...]  # lookups and values of a partial index

    @property
    def fixed(self) -> frozenset[str]:
        """The fields for which a reader must name one value."""
        return frozenset(self.within) | {lookup.split("__")[0] for lookup, _ in self.where}


def orders(table: str, place: Place, *within: tuple[str, ...], where: dict[str, Q] | None = None) -> list[Index]:
    """Indexes that give the rows of ``table`` by ``place``: all of them, within each of ``within``, and where a
    rare condition holds, named by its key in ``where``."""
    name = f"{OWN_PREFIX}{table}_by_{place.column}"
    newest = place.desc()
    return [
        Index(newest, name=name),
        *(Index(*map(F, fields), newest, name=f"{name}_in_{'_'.join(fields)}") for fields in within),
        *(
            # The column comes first too: else SQLite would take the contract's index over the same rare rows, and sort.
            Index(F(_field(condition)), newest, name=f"{name}_{word}", condition=condition)
            for word, condition in (where or {}).items()
        ),
    ]


def _field(condition: Q) -> str:
    conditions: Any = condition.children
    return str(conditions[0][0]).split("__")[0]


@cache
def walks(model: type[Model]) -> tuple[Walk, ...]:
    """The orders of ``model``; the first is how its list starts, newest first. Read once: a page asks many times."""
    return tuple(_walks(model))


def _walks(model: type[Model]) -> Iterator[Walk]:
    for index in model._meta.indexes:
        *within, last = index.expressions or [None]
        place = last.expression if isinstance(last, OrderBy) else None
        if isinstance(place, Place):
            where: Any = tuple(index.condition.children) if index.condition else ()
            names = () if where else tuple(str(field.name) for field in within)
            yield Walk(index.name, place, names, where)
