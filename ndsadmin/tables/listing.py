"""A page of a table, ready to be drawn."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ndsadmin.tables.addresses import key_fields, list_address, row_address
from ndsadmin.tables.cells import CUT, cell_of
from ndsadmin.tables.filters import Narrowing, narrowing
from ndsadmin.tables.labels import Labels, labels_for, mask
from ndsadmin.tables.names import about, heading, plural
from ndsadmin.tables.paging import page_of, stored
from security.columns import Int, Real
from security.contract import ContractTable, column_of, referred
from security.modeladmin import TableAdmin
from security.roles import Verb, may
from security.scope import current_scope

COUNTED = 10_000  # rows that a list counts; beyond it says "10,000+" (design, Decisions)


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Row:
    address: str
    cells: list[tuple[Column, SafeString]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a table."""

    title: str
    about: str
    columns: list[Column]
    rows: list[Row]
    count: str
    narrowing: Narrowing
    first: str | None
    before: str | None
    after: str | None
    filled_by: str
    add_address: str | None
    address: str


def listing(table: TableAdmin, asked: QueryDict, *, may_add: bool) -> Listing:
    """The page of ``table`` that ``asked`` names.

    At most eight queries: a bounded count, one or two for the rows, the tenants on offer, and one a table that the
    shown columns point at.

    Raises:
        BadCursor: ``asked`` names a place that no page of ours led to.
    """
    model, role = table.model, current_scope().role
    visible, masked = table.shown_fields(), table.masked()
    narrowed = narrowing((field for field in visible if field.column not in masked), asked)
    rows = model._default_manager.filter(narrowed.condition)
    shown = [field for name in table.list_display if (field := column_of(model, str(name))) in visible]
    order = [str(name).removeprefix("-") for name in table.ordering or ()]
    page = page_of(_only(rows, shown), order, after=asked.get("after"), before=asked.get("before"))
    # The order ends in the key, and paging reads it as the database holds it.
    key = [order.index(field.attname) for field in key_fields(model)]
    labels = labels_for(page.rows, shown, role)
    columns = [Column(heading(field), isinstance(field, Int | Real)) for field in shown]
    drawn = [
        Row(
            row_address(model, tuple(stored(row, place) for place in key)),
            list(zip(columns, [value_cell(field, row, labels, masked) for field in shown], strict=True)),
        )
        for row in page.rows
    ]
    address = list_address(model)
    return Listing(
        title=plural(model),
        about=about(model),
        columns=columns,
        rows=drawn,
        count=counted(rows),
        narrowing=narrowed,
        first=_link(asked) if asked.get("after") or asked.get("before") else None,
        before=_link(asked, before=page.before) if page.before else None,
        after=_link(asked, after=page.after) if page.after else None,
        filled_by=table.filled_by,
        add_address=f"{address}add/" if may_add else None,
        address=address,
    )


def counted(rows: QuerySet[Any]) -> str:
    """How many rows there are, as far as it is worth counting. Reads at most `COUNTED` + 1 rows."""
    key = rows.model._meta.concrete_fields[0].attname
    number = rows.order_by().values(key)[: COUNTED + 1].count()
    return at_most(number, COUNTED)


def at_most(number: int, limit: int) -> str:
    """``number`` as it is shown where nothing was counted beyond ``limit``."""
    return f"{limit:,}+" if number > limit else f"{number:,}"


def value_cell(field: Field[Any, Any], row: ContractTable, labels: Labels, masked: frozenset[str]) -> SafeString:
    """A column of ``row``; a reference by the name of what it points at, linked where its reader may follow."""
    value = getattr(row, field.attname)
    if value is not None and field.column in masked:
        return format_html('<span class="text">{}</span>', mask(str(value)))
    if isinstance(field, ForeignKey) and value is not None:
        return reference(field, value, labels)
    return cell_of(field, value)


def reference(field: ForeignKey[Any, Any], key: Any, labels: Labels) -> SafeString:
    target = referred(field)
    name = labels.get(target, {}).get(key)
    text = name or str(key)
    if not may(current_scope().role, Verb.VIEW, target._meta.db_table):
        return format_html('<span class="key">{}</span>', text)
    kind = "name" if name else "key"
    return format_html('<a class="{}" href="{}" title="{}">{}</a>', kind, row_address(target, key), key, text[:CUT])


def _only(rows: QuerySet[Any], shown: list[Field[Any, Any]]) -> QuerySet[Any]:
    """``rows`` with the shown columns and the key alone: embeddings and long texts of others stay in the database."""
    return rows.only(*(field.name for field in (*key_fields(rows.model), *shown)))


def _link(asked: QueryDict, **place: str) -> str:
    """The address of another page of the same narrowed list."""
    query = asked.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(place)
    return f"?{query.urlencode()}"
