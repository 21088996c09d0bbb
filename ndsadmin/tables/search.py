"""Finding rows by how a name or a key begins.

Rules:

- What is searched has an index: names in any case, keys as they are written.
- What few rows begin with is found whole. Where there are more than `FEW`, the list is read in its order and each row
  asked, as for any other filter (`ndsadmin.tables.conditions`).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.functions import Lower

from ndsadmin.tables.conditions import Condition
from security.columns import Text
from security.columns.column import Column
from security.columns.places import LAST, Folded, Unindexed, fold
from security.contract import column_of
from security.orders import walks

FEW = 1_000  # matching rows that are found by their keys; more would be a longer list of keys than a statement takes


class Begins(Condition):
    """One of the searched columns begins with ``value``."""

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        condition = Q()
        for number, name in enumerate(self.field.split(",")):
            column, value = (Lower(F(name)), fold(self.value)) if is_name(rows.model, name) else (F(name), self.value)
            rows = rows.alias(**{f"searched_{number}": Unindexed(column)})
            condition |= Q(**{f"searched_{number}__gte": value, f"searched_{number}__lt": value + LAST})
        return rows.filter(condition)


def searched(model: type[Model], seen: list[Field[Any, Any]]) -> list[str]:
    """The columns that a search looks into, as far as ``seen`` says that its reader may: names, then keys."""
    if model._meta.pk is None or model._meta.is_composite_pk:
        return []
    names = dict.fromkeys(_searchable(model))
    return [name for name in names if column_of(model, name) in seen]


def found_by(rows: QuerySet[Any], columns: list[str], words: str) -> Condition:
    """The condition that one of ``columns`` begins with ``words``: the keys of the rows where they are few. One
    query, which reads at most `FEW` + 1 index entries."""
    keys = _keys(rows, columns, words, FEW + 1)
    if len(keys) <= FEW:
        return Condition(str(rows.model._meta.pk.attname), "in", list(dict.fromkeys(keys)))
    return Begins(",".join(columns), "begins", words)


def keys_of(rows: QuerySet[Any], columns: list[str], words: str, limit: int) -> list[Any]:
    """Keys of up to ``limit`` of ``rows`` one of whose ``columns`` begins with ``words``; one query."""
    return list(dict.fromkeys(_keys(rows, columns, words, limit * len(columns))))[:limit]


def _keys(rows: QuerySet[Any], columns: list[str], words: str, limit: int) -> list[Any]:
    """As `keys_of`, with a key once for each column that found it: only fewer than ``limit`` are all there are."""
    parts = [_beginning(rows, name, words) for name in columns]
    return list(parts[0].union(*parts[1:], all=True)[:limit] if len(parts) > 1 else parts[0][:limit])


def is_name(model: type[Model], name: str) -> bool:
    """Whether a column is searched in any case."""
    return any(walk.place.column == name and walk.place.part is Folded for walk in walks(model))


def _searchable(model: type[Model]) -> Iterator[str]:
    for walk in walks(model):
        if walk.place.part is Folded and not walk.within:
            yield walk.place.column
    yield str(model._meta.pk.name)
    for walk in walks(model):
        if len(walk.within) == 1 and _is_plain_text(model, walk.within[0]):
            yield walk.within[0]


def _is_plain_text(model: type[Model], name: str) -> bool:
    column = column_of(model, name)
    return isinstance(column, Text) and isinstance(column, Column) and not column.secret and not column.choices


def _beginning(rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
    keys: QuerySet[Any] = rows.order_by()
    model: type[Model] = rows.model
    if not is_name(model, name):
        return keys.filter(**{f"{name}__gte": words, f"{name}__lt": words + LAST}).values_list("pk", flat=True)
    place = next(w.place for w in walks(model) if w.place.column == name and not w.within)
    start = fold(words)
    keys = keys.alias(place=place).filter(place__gte=start, place__lt=start + LAST)
    return keys.values_list("pk", flat=True)
