"""Pages of a list.

Rules:

- A page is found by the place of the row before it (`security.columns.places`), never by counting rows, so the last
  page costs what the first does, and rows that come meanwhile neither repeat nor hide one.
- The cursor is that place, byte for byte and signed: nobody asks for a place that we did not name.
- Rows without a value are last, whichever way round a list is read.
- Where rows have to be asked one after the other, reading ends after `WINDOW` of them; the page says so and leads on
  from there.

    WHERE tenant_id = ? AND place < ? ORDER BY place DESC LIMIT 51
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet, Value

from ndsadmin.tables.conditions import Reading, between
from security.columns.places import SEPARATOR, VALUED, Restored, Stored

PAGE = 50  # rows a page (design, Decisions)
WINDOW = 50_000  # rows that are asked one after the other (design, Decisions)
SALT = "ndsadmin.tables.paging"

Range = tuple[str | None, str | None]


class BadCursor(ValueError):
    """The cursor was not made by us for this list."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins: at an end of the list, or at a place."""

    place: bytes | None = None
    is_forward: bool = True
    is_included: bool = False  # the row at the place is on the page


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the places that the pages around them start from (None at either end).

    Each row is a tuple whose last value is its place. ``searched_to`` is the place where reading ended before the
    page was full; ``is_end_near`` where the list ends within a window of rows.
    """

    rows: list[tuple[Any, ...]]
    before: bytes | None
    after: bytes | None
    searched_to: bytes | None = None
    is_end_near: bool = False


def page_of(everything: QuerySet[Any], reading: Reading, columns: list[Any], start: Start, size: int = PAGE) -> Page:
    """The page of ``columns`` that begins at ``start``: one query, two where rows are asked one after the other,
    and one more on the page where the rows with a value end."""
    found, end = _read(everything, reading, columns, start, size + 1)
    rows = found[:size]
    stopped = end if len(found) <= size else None
    further = rows[-1][-1] if len(found) > size else end
    behind = rows[0][-1] if rows and start.place is not None else None
    if start.is_forward:
        return Page(rows, before=behind, after=further, searched_to=stopped, is_end_near=end is None)
    return Page(rows[::-1], before=further, after=behind, searched_to=stopped, is_end_near=end is None)


def cursor(place: bytes, *, table: str, order: str) -> str:
    return signing.Signer(salt=f"{SALT}.{table}.{order}").sign_object(place.hex())


def read_cursor(text: str, *, table: str, order: str) -> bytes:
    """The place that `cursor` signed for this list in this order.

    Raises:
        BadCursor: it did not.
    """
    try:
        return bytes.fromhex(signing.Signer(salt=f"{SALT}.{table}.{order}").unsign_object(text))
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor from error


def value_of(place: bytes) -> str:
    """The ordering value in a place, as people can read it."""
    return place.decode("utf-8", "replace").split(SEPARATOR)[0]


def beyond(rows: QuerySet[Any], place: bytes, *, descending: bool, included: bool = False) -> QuerySet[Any]:
    """Those of ``rows`` that come after ``place``."""
    lookup = ("lt" if descending else "gt") + ("e" if included else "")
    return rows.filter(**{f"place__{lookup}": Restored(Value(place))})


def ranges(reading: Reading, *, is_forward: bool) -> Iterator[tuple[Range, bool]]:
    """The parts of the list in reading order, each with whether its places descend."""
    descending = reading.order.descending
    parts: list[Range] = [(None, None)] if descending else [(VALUED, None), (None, VALUED)]
    for part in parts if is_forward else reversed(parts):
        yield part, descending == is_forward


def _read(
    everything: QuerySet[Any], reading: Reading, columns: list[Any], start: Start, size: int
) -> tuple[list[tuple[Any, ...]], bytes | None]:
    """Up to ``size`` rows from ``start`` on, and the place where reading ends early."""
    found: list[tuple[Any, ...]] = []
    place = start.place
    for part, descending in ranges(reading, is_forward=start.is_forward):
        rows = between(reading.rows(everything), *part)
        if place is not None:
            if not _holds(part, place):
                continue
            rows = beyond(rows, place, descending=descending, included=start.is_included)
            place = None
        end = _window_end(rows, descending=descending) if reading.is_bounded else None
        if end is not None:
            rows = beyond(rows, end, descending=not descending, included=True)
        ordered = reading.matching(rows).order_by("-place" if descending else "place")
        found += ordered.annotate(stored_place=Stored("place")).values_list(*columns, "stored_place")[
            : size - len(found)
        ]
        if len(found) >= size or end is not None:
            return found, end
    return found, None


def _holds(part: Range, place: bytes) -> bool:
    low, high = part
    return (low is None or low.encode() <= place) and (high is None or place < high.encode())


def _window_end(rows: QuerySet[Any], *, descending: bool) -> bytes | None:
    """The place of the last row that is still asked; None where fewer are left."""
    ordered = rows.order_by("-place" if descending else "place").annotate(stored_place=Stored("place"))
    places: list[bytes] = list(ordered.values_list("stored_place", flat=True)[WINDOW - 1 : WINDOW])
    return places[0] if places else None
