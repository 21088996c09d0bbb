"""Lines, bars, stacked bars and bands over days."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.charts.scales import Scale, day_ticks, drawable, nice_ticks, short

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 26
MARKS = 45  # points up to which each has a mark of its own


class Kind(StrEnum):
    LINE = "line"
    BAR = "bar"
    STACKED = "stacked"
    BAND = "band"  # two series: the lower and the upper edge; a third is the line in it


@dataclass(frozen=True, slots=True)
class Series:
    """One value a day, None where there is none; and where the rows behind each are."""

    label: str
    values: Sequence[float | None]
    links: Sequence[str | None] = ()

    def link(self, place: int) -> str | None:
        return self.links[place] if place < len(self.links) else None


def plain(value: float) -> str:
    return f"{value:,.0f}"


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over the same days."""

    title: str
    days: Sequence[dt.date]
    series: tuple[Series, ...]
    kind: Kind = Kind.LINE
    shown: Callable[[float], str] = plain
    whole: bool = True  # values are counts: no tick between two of them
    unit: str = ""  # before the numbers of the axis
    height: int = HEIGHT
    note: str = ""
    when: str = "Day"  # what each row of the numbers is of
    is_summed: bool = True  # sums of the values say something: of rates and means they do not

    @property
    def is_empty(self) -> bool:
        return not any(drawable(value) for series in self.series for value in series.values)

    @property
    def slug(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.title.lower())

    @property
    def legend(self) -> list[tuple[int, str]]:
        return [(number, series.label) for number, series in enumerate(self.series, 1)]

    @property
    def rows(self) -> Iterator[tuple[dt.date, list[tuple[str, str | None]]]]:
        """The numbers as a table, the newest day first."""
        for place in reversed(range(len(self.days))):
            cells = [(self._shown(series.values[place]), series.link(place)) for series in self.series]
            yield self.days[place], cells

    @property
    def numbers(self) -> SafeString:
        """The table's rows as HTML. Here and not in the template, which takes ten times as long for ninety cells."""
        rows = []
        for day, cells in self.rows:
            drawn = (f'<a href="{escape(link)}">{escape(text)}</a>' if link else escape(text) for text, link in cells)
            rows.append(
                f'<tr><th scope="row">{day:%a %-d %b %Y}</th>{"".join(f"<td>{cell}</td>" for cell in drawn)}</tr>'
            )
        return mark_safe("".join(rows))  # noqa: S308  # escaped cell by cell

    @property
    def totals(self) -> list[str]:
        return [self._shown(sum(value or 0 for value in series.values)) for series in self.series]

    @property
    def svg(self) -> SafeString:
        """The picture. The table beside it says the same, so it is hidden from screen readers."""
        ticks = self._ticks
        y = Scale(0, ticks[-1], self.height - BOTTOM, TOP)
        parts = [_hatching(self.slug), *self._axes(ticks, y), *self._drawn(y)]
        return mark_safe(  # noqa: S308  # every piece of text is escaped where it is put in
            f'<svg class="chart {self.kind}" viewBox="0 0 {WIDTH} {self.height}" aria-hidden="true">'
            f"{''.join(parts)}</svg>"
        )

    def _shown(self, value: float | None) -> str:
        return "–" if value is None else self.shown(value)

    @property
    def _ticks(self) -> list[float]:
        sums = [sum(drawable(v) or 0 for v in values) for values in zip(*(s.values for s in self.series), strict=True)]
        values = [drawable(value) or 0 for series in self.series for value in series.values]
        return nice_ticks(max((sums if self.kind is Kind.STACKED else values), default=0), whole=self.whole)

    def _x(self, place: int) -> float:
        """The middle of a day."""
        width = (WIDTH - LEFT - RIGHT) / max(1, len(self.days))
        return LEFT + width * (place + 0.5)

    def _axes(self, ticks: Sequence[float], y: Scale) -> Iterator[str]:
        for tick in ticks:
            at = y.at(tick)
            yield f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>'
            value = escape(f"{self.unit}{short(tick)}")
            yield f'<text class="tick" x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value}</text>'
        for place, label in day_ticks(self.days):
            at = min(max(self._x(place), LEFT + 14), WIDTH - RIGHT - 14)
            yield f'<text class="tick" x="{at:.1f}" y="{self.height - 8}" text-anchor="middle">{escape(label)}</text>'

    def _drawn(self, y: Scale) -> Iterator[str]:
        if self.is_empty:
            middle = f'x="{WIDTH / 2}" y="{self.height / 2}" text-anchor="middle"'
            yield f'<text class="nothing-here" {middle}>No data</text>'
        elif self.kind in {Kind.BAR, Kind.STACKED}:
            yield from self._bars(y)
        elif self.kind is Kind.BAND:
            yield self._band(y)
            yield from (self._line(number, series, y) for number, series in enumerate(self.series, 1) if number == 3)
        else:
            yield from (self._line(number, series, y) for number, series in enumerate(self.series, 1))

    def _bars(self, y: Scale) -> Iterator[str]:
        """Side by side, or each on top of the one before."""
        count = len(self.series)
        room = (WIDTH - LEFT - RIGHT) / max(1, len(self.days)) * 0.76
        width = min(room, 48) if self.kind is Kind.STACKED else min(room / count, 32)
        for place, day in enumerate(self.days):
            base = 0.0
            for number, series in enumerate(self.series, 1):
                value = drawable(series.values[place])
                if value:
                    offset = 0 if self.kind is Kind.STACKED else (number - 1 - (count - 1) / 2) * width
                    x, top = self._x(place) + offset - width / 2, y.at(base + value)
                    shape = f'x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(1.0, y.at(base) - top):.1f}"'
                    hatch = f'<rect fill="url(#{self.slug}-hatch-{number})" {shape}/>' if number > 1 else ""
                    bar = f'<rect class="fill-{number}" {shape}/>{hatch}'
                    yield linked(bar, series.link(place), self._tip(day, series, series.values[place]))
                if self.kind is Kind.STACKED:
                    base += value or 0

    def _line(self, number: int, series: Series, y: Scale) -> str:
        values = [drawable(value) for value in series.values]
        points = [(place, self._x(place), y.at(value)) for place, value in enumerate(values) if value is not None]
        path, last = "", None
        for place, x, at in points:
            path += f"{'L' if last == place - 1 else 'M'}{x:.1f} {at:.1f}"
            last = place
        marks = "".join(
            linked(_mark(number, x, at), series.link(place), self._tip(self.days[place], series, series.values[place]))
            for place, x, at in points
            if len(self.days) <= MARKS or len(points) == 1
        )
        return f'<path class="line-{number}" d="{path}"/>{marks}'

    def _band(self, y: Scale) -> str:
        low, high = ([drawable(value) for value in series.values] for series in self.series[:2])
        places = [p for p in range(len(self.days)) if low[p] is not None and high[p] is not None]
        upper = [f"{self._x(p):.1f} {y.at(high[p] or 0):.1f}" for p in places]
        lower = [f"{self._x(p):.1f} {y.at(low[p] or 0):.1f}" for p in reversed(places)]
        return f'<path class="band-1" d="M{"L".join([*upper, *lower])}Z"/>'

    def _tip(self, day: dt.date, series: Series, value: float | None) -> str:
        return f"{day:%a %-d %b %Y} · {series.label}: {self._shown(value)}"


def linked(shape: str, link: str | None, tip: str) -> str:
    """A shape that says what it shows, and leads to the rows behind it. The table holds the link for the keyboard."""
    drawn = f"<title>{escape(tip)}</title>{shape}"
    return f'<a href="{escape(link)}" tabindex="-1">{drawn}</a>' if link else f"<g>{drawn}</g>"


def _mark(number: int, x: float, y: float) -> str:
    """A circle, a square, a diamond: lines are told apart without colour."""
    if number % 3 == 1:
        return f'<circle class="mark-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if number % 3 == 0 else ""
    return f'<rect class="mark-{number}" x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"{turn}/>'


def _hatching(slug: str) -> str:
    """Patterns that tell the second series of a bar from the first, the third from both."""
    lines = "".join(
        f'<pattern id="{slug}-hatch-{number}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})"><path class="hatch-line" d="M0 0V6"/></pattern>'
        for number, turn in ((2, 45), (3, 135), (4, 0))
    )
    return f"<defs>{lines}</defs>"
