"""Which columns of a list a person wants to see, and how dense."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.http import QueryDict

from ndsadmin.tables.hiding import METADATA, hidden_changes
from ndsadmin.tables.names import heading
from security.columns.column import Column
from security.modeladmin import TableAdmin
from security.scope import current_scope

DENSITY = "density"
COMPACT, ROOMY = "compact", "roomy"


@dataclass(frozen=True, slots=True)
class Choice:
    """``shown`` in their order; ``offered`` with name, heading and whether it is shown."""

    shown: tuple[str, ...]
    offered: tuple[tuple[str, str, bool], ...]
    density: str
    is_own: bool


def columns_preference(table: TableAdmin) -> str:
    """The name under which the columns of ``table`` are remembered."""
    return f"columns:{table.model._meta.db_table}"


def chosen_columns(table: TableAdmin, seen: Sequence[Field[Any, Any]], preferences: dict[str, Any]) -> Choice:
    """The columns that ``preferences`` name, as far as the reader may see them, or else the table's own."""
    names = {field.name for field in seen}
    usual = usual_columns(table, names)
    stored = preferences.get(columns_preference(table))
    wanted = stored if isinstance(stored, list) else []
    listed = {field.name for field in seen if is_offered(field)}
    own = tuple(dict.fromkeys(name for name in wanted if isinstance(name, str) and name in listed))
    shown = own or usual
    fields = [field for field in seen if is_offered(field)]
    return Choice(
        shown=shown,
        offered=tuple((field.name, heading(field), field.name in shown) for field in fields),
        density=COMPACT if preferences.get(DENSITY) == COMPACT else ROOMY,
        is_own=bool(own),
    )


def wanted_columns(table: TableAdmin, sent: QueryDict) -> list[str] | None:
    """The columns that a form names, the usual ones first and in their order; None for just those."""
    named = set(sent.getlist("column"))
    names = [field.name for field in table.shown_fields() if is_offered(field) and field.name in named]
    first = [str(name) for name in table.list_display if name in names]
    wanted = [*first, *(name for name in names if name not in first)]
    seen = {field.name for field in table.shown_fields()}
    return None if not wanted or wanted == list(usual_columns(table, seen)) else wanted


def usual_columns(table: TableAdmin, seen: set[str]) -> tuple[str, ...]:
    """The table's own columns, of those that the reader sees; without the tenant where it is the same in every row."""
    usual = tuple(str(name) for name in table.list_display if name in seen)
    is_one = current_scope().tenant_id is not None and usual[:1] != ("tenant",)
    return tuple(name for name in usual if name != "tenant") if is_one else usual


def is_offered(field: Field[Any, Any]) -> bool:
    """Whether a list can show ``field``: no secrets, nor the trail's details for who does not see all they tell."""
    is_hiding = field is METADATA and bool(hidden_changes())
    return not (isinstance(field, Column) and field.secret) and not is_hiding
