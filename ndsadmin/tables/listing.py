"""A page of a table, ready to be drawn."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from django.db.models import Field
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.addresses import key_fields, list_address, quote_key
from ndsadmin.tables.asking import Asked, asked_of, start_of
from ndsadmin.tables.choosing import Choice, chosen_columns
from ndsadmin.tables.counts import counted
from ndsadmin.tables.filters import Narrowing
from ndsadmin.tables.labels import Labels, labels_for
from ndsadmin.tables.names import about, heading, plural
from ndsadmin.tables.paging import Page, Start, cursor, page_of, value_of
from ndsadmin.tables.references import unlinked_cell, value_cell
from security.columns import Date, Int, Real, Time
from security.columns.places import Stored
from security.modeladmin import Bulk, TableAdmin
from security.scope import current_scope
from tenants.models import Tenant

PLACES = ("after", "before", "last", "at")  # what an address says about which page of a list it is


@dataclass(frozen=True, slots=True)
class Column:
    """A heading: where it sorts, the address of the list in that order, and how it is sorted now."""

    name: str
    label: str
    is_number: bool
    sort: str | None
    sorted: str = ""  # ascending, descending


@dataclass(frozen=True, slots=True)
class Row:
    address: str
    key: str
    cells: list[SafeString]


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of other pages of the same list."""

    first: str | None
    before: str | None
    after: str | None
    last: str | None
    onward: str | None  # where reading ended early: from there on


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a table."""

    title: str
    about: str
    address: str
    columns: list[Column]
    rows: list[Row]
    count: str | None
    searched_to: str | None
    narrowing: Narrowing
    words: str
    is_searchable: bool
    is_narrowed: bool
    links: Links
    filled_by: str
    choice: Choice
    bulk: tuple[Bulk, ...]
    query: str
    sort: str
    here: str | None

    @property
    def body(self) -> SafeString:
        """The table's rows. Here and not in the template, which takes twenty times as long for 400 cells."""
        starts = [_cell_start(column) for column in self.columns]
        return mark_safe("".join(_drawn(row, starts, self) for row in self.rows))  # noqa: S308  # escaped bit by bit


def listing(table: TableAdmin, query: QueryDict, preferences: dict[str, Any]) -> Listing:
    """The page of ``table`` that ``query`` names, with the columns that its reader prefers.

    At most six queries: the tenants on offer, a bounded count, one or two for the rows, and one a table that the
    shown columns point at. On D1 all but the last are one round trip.

    Raises:
        BadCursor: ``query`` names a place that no page of ours led to.
    """
    with reading_ahead(partial(_read, table, query, preferences)):
        return _drawn_up(table, query, preferences)


def _read(table: TableAdmin, query: QueryDict, preferences: dict[str, Any]) -> None:
    """What the page asks whatever the answers are."""
    asked, start, fields, _ = _understood(table, query, preferences)
    if query.get("at") is None:
        _page(asked, fields, start)
    if not asked.reading.is_bounded:
        _counted(asked)


def _understood(
    table: TableAdmin, query: QueryDict, preferences: dict[str, Any]
) -> tuple[Asked, Start, list[Field[Any, Any]], Choice]:
    asked = asked_of(table, query)
    choice = chosen_columns(table, asked.seen, preferences)
    fields = [field for field in asked.seen if field.name in choice.shown]
    fields.sort(key=lambda field: choice.shown.index(field.name))
    return asked, start_of(asked, query), fields, choice


def _page(asked: Asked, fields: list[Field[Any, Any]], start: Start) -> Page:
    keys = [Stored(field.attname) for field in key_fields(asked.table.model)]
    return page_of(asked.everything, asked.reading, [*(field.attname for field in fields), *keys], start)


def _drawn_up(table: TableAdmin, query: QueryDict, preferences: dict[str, Any]) -> Listing:
    asked, start, fields, choice = _understood(table, query, preferences)
    page = _page(asked, fields, start)
    return Listing(
        title=plural(table.model),
        about=about(table.model),
        address=list_address(table.model),
        columns=[_column(field, asked, query) for field in fields],
        rows=_rows(asked, fields, page),
        count=_count(asked, page, start),
        searched_to=value_of(page.searched_to) if page.searched_to is not None else None,
        narrowing=asked.narrowing,
        words=asked.words,
        is_searchable=bool(asked.searched),
        is_narrowed=asked.is_narrowed,
        links=_links(asked, page, start, query),
        filled_by=table.filled_by,
        choice=choice,
        bulk=table.bulk_offered(),
        query=_address(query),
        sort=query.get("sort", ""),
        here=query.get("at"),
    )


def _rows(asked: Asked, fields: list[Field[Any, Any]], page: Page) -> list[Row]:
    known: Labels = {Tenant: asked.narrowing.tenants} if asked.narrowing.tenants is not None else {}
    labels = labels_for(page.rows, fields, current_scope().role, known)
    masked, address, width = asked.masked, list_address(asked.table.model), len(fields)
    draw = [unlinked_cell, *[value_cell] * (width - 1)]
    drawn: list[dict[Any, SafeString]] = [{} for _ in fields]  # most columns of a page say a few things many times
    rows = []
    for values in page.rows:
        cells = []
        for at, field in enumerate(fields):
            value = values[at]
            said = (type(value), value) if isinstance(value, Hashable) else id(value)
            if said not in drawn[at]:
                drawn[at][said] = draw[at](field, value, labels, masked)
            cells.append(drawn[at][said])
        key = quote_key(tuple(_text(part) for part in values[width:-1]))
        rows.append(Row(f"{address}{key}/", key, cells))
    return rows


def _text(stored: Any) -> str:
    return stored.decode("utf-8", "replace") if isinstance(stored, bytes) else str(stored)


def _cell_start(column: Column) -> str:
    kind = ' class="is-number"' if column.is_number else ""
    return f'<td data-label="{escape(column.label)}"{kind}>'


def _drawn(row: Row, starts: list[str], page: Listing) -> str:
    key, address = escape(row.key), escape(row.address)
    here = ' class="is-here" aria-current="true"' if page.here == row.key else ""
    box = (
        f'<td class="pick"><input type="checkbox" name="row" value="{key}" aria-label="Select {key}"></td>'
        if page.bulk
        else ""
    )
    first = f'{starts[0]}<a class="row-link" href="{address}">{row.cells[0]}</a></td>'
    others = "".join(f"{start}{cell}</td>" for start, cell in zip(starts[1:], row.cells[1:], strict=True))
    return f"<tr{here}>{box}{first}{others}</tr>"


def _column(field: Field[Any, Any], asked: Asked, query: QueryDict) -> Column:
    order = asked.reading.order
    state, sort = "", None
    if field.name in asked.orders:
        is_current = order.place.column == field.name
        state = ("descending" if order.descending else "ascending") if is_current else ""
        # Times and amounts start with the newest and the most, names with A.
        down = not order.descending if is_current else isinstance(field, Time | Date | Int | Real)
        sort = _address(query, sort=f"-{field.name}" if down else field.name)
    return Column(field.name, heading(field), isinstance(field, Int | Real), sort, state)


def _count(asked: Asked, page: Page, start: Start) -> str | None:
    """How many rows match; None where that would take reading on and on."""
    is_first = start.place is None and start.is_forward
    if is_first and page.after is None:
        return f"{len(page.rows):,}"
    if asked.reading.is_bounded and not (is_first and page.is_end_near):
        return None
    return _counted(asked)


def _counted(asked: Asked) -> str:
    column = next(iter(asked.reading.walk.fixed), key_fields(asked.table.model)[0].name)
    return counted(asked.reading.matching(asked.reading.rows(asked.everything)), column)


def _links(asked: Asked, page: Page, start: Start, query: QueryDict) -> Links:
    is_first = start.place is None and start.is_forward
    before = _address(query, before=cursor(page.before, **asked.names)) if page.before is not None else None
    after = _address(query, after=cursor(page.after, **asked.names)) if page.after is not None else None
    return Links(
        first=None if is_first else _address(query) or "?",
        before=before,
        after=after,
        last=_address(query, last="1") if after else None,
        onward=None if page.searched_to is None else after if start.is_forward else before,
    )


def _address(query: QueryDict, **place: str) -> str:
    """The query of another page, or another order, of the same narrowed list."""
    other = query.copy()
    for name in PLACES:
        other.pop(name, None)
    for name, value in place.items():
        other[name] = value
    for name in [name for name in other if not any(other.getlist(name))]:
        del other[name]
    return f"?{other.urlencode()}" if other else ""
