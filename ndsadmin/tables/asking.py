"""What an address asks of a list, made into how its rows are read.

Lists, exports and bulk actions understand the same addresses.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Field, QuerySet
from django.http import QueryDict

from ndsadmin.tables.addresses import keyed
from ndsadmin.tables.conditions import Order, Reading, orders_of, reading
from ndsadmin.tables.filters import Narrowing, narrowing
from ndsadmin.tables.paging import Start, read_cursor
from ndsadmin.tables.search import found_by, searched
from security.columns.places import Stored
from security.modeladmin import TableAdmin

WORDS = 120  # characters of a search: as many of a name are in its index


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as somebody asks for it."""

    table: TableAdmin
    seen: list[Field[Any, Any]]  # columns that the reader may see
    masked: frozenset[str]  # those of them that he sees in part
    orders: list[str]
    searched: list[str]
    words: str
    narrowing: Narrowing
    reading: Reading

    @property
    def everything(self) -> QuerySet[Any]:
        return self.table.listed()

    @property
    def is_narrowed(self) -> bool:
        return self.narrowing.is_active or bool(self.words)

    @property
    def usual_order(self) -> Order:
        return _usual(self.table)

    @property
    def names(self) -> dict[str, str]:
        """What a cursor of this list is signed for."""
        return {"table": self.table.model._meta.db_table, "order": self.reading.order.name}


def asked_of(table: TableAdmin, query: QueryDict) -> Asked:
    """What ``query`` asks of ``table``. One query where tenants are offered, one where something is searched."""
    model, seen, masked = table.model, table.shown_fields(), table.masked()
    open_columns = [field for field in seen if field.column not in masked]
    narrowed = narrowing(model, open_columns, query)
    columns = searched(model, open_columns)
    words = query.get("q", "").strip()[:WORDS]
    conditions = [*narrowed.pinned, *narrowed.conditions]
    if words and columns:
        conditions.append(found_by(table.listed(), columns, words))
    names = {field.name for field in open_columns}
    orders = [name for name in orders_of(model) if name in names]
    order = _order(table, orders, query.get("sort", ""))
    how = reading(model, order, conditions, narrowed.spans)
    return Asked(table, seen, masked, orders, columns, words if columns else "", narrowed, how)


def start_of(asked: Asked, query: QueryDict) -> Start:
    """Where the page begins that ``query`` names. One query where it names a row.

    Raises:
        BadCursor: it names a place that no page of ours led to.
    """
    if after := query.get("after"):
        return Start(read_cursor(after, **asked.names))
    if before := query.get("before"):
        return Start(read_cursor(before, **asked.names), is_forward=False)
    if query.get("last"):
        return Start(is_forward=False)
    if key := query.get("at"):
        rows = asked.everything.filter(keyed(asked.table.model, key)).alias(place=asked.reading.order.place)
        place = rows.annotate(stored_place=Stored("place")).values_list("stored_place", flat=True).first()
        return Start(place, is_included=True)
    return Start()


def _order(table: TableAdmin, names: list[str], wanted: str) -> Order:
    """The order called ``wanted``; the table's own where there is no such order, or it is none of the reader's."""
    places = orders_of(table.model)
    name = wanted.removeprefix("-")
    if name in names:
        return Order(places[name], descending=wanted.startswith("-"))
    return _usual(table)


def _usual(table: TableAdmin) -> Order:
    return Order(next(iter(orders_of(table.model).values())), descending=True)
