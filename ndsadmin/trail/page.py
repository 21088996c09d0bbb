"""A page of the trail, ready to be drawn."""

from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString

from ndsadmin.charts import Chart
from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.asking import Asked
from ndsadmin.tables.counts import counted_in_index
from ndsadmin.tables.listing import Links
from ndsadmin.tables.paging import WINDOW, Page, Start, cursor, page_of, read_cursor, value_of
from ndsadmin.trail.asking import Text, asked_trail
from ndsadmin.trail.histogram import COUNTED, histogram
from ndsadmin.trail.language import Query, QueryError, parse
from ndsadmin.trail.lines import COLUMNS, Line, body_of, lines_of
from ndsadmin.trail.words import count_of_words, is_indexed, match_of, newest_with, page_of_words
from security.models import AuditLog, AuditView
from security.queries.audit import views_of
from security.scope import Reach, current_scope

TABLE, ORDER, BY_WORDS = AuditLog._meta.db_table, "-timestamp", "words"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a query, and the part of it that is meant."""

    message: str
    before: str
    here: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """``text`` is the query as it was typed; with a ``mistake`` there are no lines."""

    text: str
    query: Query
    mistake: Mistake | None = None
    lines: list[Line] = field(default_factory=list)
    count: str | None = None
    searched_to: str | None = None
    links: Links = field(default_factory=lambda: Links(None, None, None, None, None))
    chart: Chart | None = None
    views: list[AuditView] = field(default_factory=list)
    is_in_words: bool = False

    @property
    def body(self) -> SafeString:
        return body_of(self.lines, with_tenant=self.has_tenants)

    @property
    def has_tenants(self) -> bool:
        return current_scope().reach is Reach.PLATFORM

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.terms)

    @property
    def window(self) -> str:
        return f"{WINDOW:,}"


def trail_page(given: QueryDict) -> TrailPage:
    """The page of the trail that an address asks for.

    At most seven queries: its lines, a bounded count, the histogram, saved views, and names of people and tenants. On
    D1 the first four are one round trip.

    Raises:
        BadCursor: the address names a place that no page of ours led to.
        PermissionDenied: who acts reads no trail.
    """
    text = given.get("q", "").strip()
    try:
        query = parse(text)
    except QueryError as error:
        mistake = Mistake(str(error), text[: error.start], text[error.start : error.end], text[error.end :])
        return TrailPage(text, Query(), mistake, views=list(views_of(current_scope())))
    in_words = bool(query.words) and is_indexed()
    try:
        asked = asked_trail(query, Text.LEFT if in_words else Text.ASKED)
    except QueryError as error:
        return TrailPage(text, Query(), Mistake(str(error), "", text, ""), views=list(views_of(current_scope())))
    if in_words:
        return _in_words(text, query, asked, given)
    with reading_ahead(partial(_parts, asked, query, given)):
        page, chart, views, count = _parts(asked, query, given)
    return TrailPage(
        text,
        query,
        lines=lines_of(page.rows),
        count=count,
        searched_to=value_of(page.searched_to) if page.searched_to is not None else None,
        links=_links(text, page, _start(given, ORDER), ORDER),
        chart=chart,
        views=views,
    )


def _parts(asked: Asked, query: Query, given: QueryDict) -> tuple[Page, Chart, list[AuditView], str | None]:
    start = _start(given, ORDER)
    page = page_of(asked.everything, asked.reading, list(COLUMNS), start)
    return page, histogram(asked, query), list(views_of(current_scope())), _count(asked)


def _count(asked: Asked) -> str | None:
    if asked.reading.is_bounded:
        return None
    return counted_in_index(asked.reading.rows(asked.everything))


def _in_words(text: str, query: Query, asked: Asked, given: QueryDict) -> TrailPage:
    """Free text, by the full-text table."""
    start = _start(given, BY_WORDS)
    match = match_of(query.words)
    page = page_of_words(asked, list(COLUMNS), start, match) if match else Page([], None, None)
    is_plain = not (asked.reading.given or asked.reading.asked or asked.reading.span)
    return TrailPage(
        text,
        query,
        lines=lines_of(page.rows),
        count=count_of_words(match) if match and is_plain and current_scope().reach is Reach.PLATFORM else None,
        searched_to="" if page.searched_to is not None else None,
        links=_links(text, page, start, BY_WORDS),
        chart=histogram(asked, query, newest_with(asked, match, COUNTED)) if match else None,
        views=list(views_of(current_scope())),
        is_in_words=True,
    )


def _start(given: QueryDict, order: str) -> Start:
    if after := given.get("after"):
        return Start(read_cursor(after, table=TABLE, order=order))
    if before := given.get("before"):
        return Start(read_cursor(before, table=TABLE, order=order), is_forward=False)
    return Start(is_forward=not given.get("last"))


def _links(text: str, page: Page, start: Start, order: str) -> Links:
    def address(**place: str) -> str:
        given = {"q": text} if text else {}
        return f"?{urlencode({**given, **place})}"

    is_first = start.place is None and start.is_forward
    before = address(before=cursor(page.before, table=TABLE, order=order)) if page.before is not None else None
    after = address(after=cursor(page.after, table=TABLE, order=order)) if page.after is not None else None
    return Links(
        first=None if is_first else address(),
        before=before,
        after=after,
        last=address(last="1") if after else None,
        onward=None if page.searched_to is None else after if start.is_forward else before,
    )
