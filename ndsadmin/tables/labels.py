"""Names of the rows that other rows point at.

Never by a join: a row whose parent is missing would vanish from its own list, and D1 allows 100 columns a result.
One query a referred table instead, of key and name alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Field, ForeignKey

from ndsadmin.db.ahead import reading_ahead
from security.contract import ContractTable, column_of, is_there, referred
from security.roles import Role, Verb, hidden_columns, masked_columns, may

Labels = Mapping[type[ContractTable], Mapping[Any, str]]


def labels_for(
    rows: Iterable[Sequence[Any]], fields: Sequence[Field[Any, Any]], role: Role | None, known: Labels | None = None
) -> Labels:
    """Names by table and key of all that ``rows`` point at, as far as ``role`` sees them.

    A row holds the values of ``fields`` in their order. Tables that ``known`` names are not asked again. On D1 one
    round trip.
    """
    wanted: dict[type[ContractTable], set[Any]] = defaultdict(set)
    references = [(place, referred(field)) for place, field in enumerate(fields) if isinstance(field, ForeignKey)]
    for row in rows:
        for place, table in references:
            if row[place] is not None:
                wanted[table].add(row[place])
    asked = {model: keys for model, keys in wanted.items() if named(model) and not (known and model in known)}
    with reading_ahead(*(partial(names_of, model, keys, role) for model, keys in asked.items())):
        read = {model: names_of(model, keys, role) for model, keys in asked.items()}
    return {**read, **(known or {})}


def named(model: type[ContractTable]) -> bool:
    """Whether rows of ``model`` have a name other than their key."""
    return model.named_by not in {"pk", model._meta.pk.attname}


def names_of(model: type[ContractTable], keys: set[Any], role: Role | None) -> dict[Any, str]:
    """Names of the rows with ``keys``: one query; none where ``role`` may not see table or column."""
    table, column = model._meta.db_table, column_of(model, model.named_by).column
    if not (is_there(model) and may(role, Verb.VIEW, table)) or column in hidden_columns(role, table):
        return {}
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", model.named_by)
    masked = column in masked_columns(role, table)
    return {key: mask(name) if masked else name for key, name in rows if name}


def mask(address: str) -> str:
    """An e-mail address from the @ on; nothing of what is none."""
    return "…@" + address.rpartition("@")[2] if "@" in address else "…"
