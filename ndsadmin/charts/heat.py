"""Many series at a glance: a row each, a cell a day, darker for more."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.charts.chart import Series, linked, plain
from ndsadmin.charts.scales import day_ticks, drawable

CUT = 24  # characters of a label that its room holds
LEVELS = 5  # shades that an eye tells apart
WIDTH, LABELS, ROW, BOTTOM = 720, 150, 20, 22


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Series over the same days."""

    title: str
    days: Sequence[dt.date]
    series: tuple[Series, ...]
    links: tuple[str, ...] = ()  # of each series' sum
    shown: Callable[[float], str] = plain

    @property
    def is_empty(self) -> bool:
        return not any(drawable(value) for series in self.series for value in series.values)

    @property
    def rows(self) -> Iterator[tuple[str, str, str | None]]:
        """The sums as a table: a row a series."""
        for number, series in enumerate(self.series):
            link = self.links[number] if number < len(self.links) else None
            yield series.label, self.shown(sum(value or 0 for value in series.values)), link

    @property
    def svg(self) -> SafeString:
        """The picture; the table beside it sums it up."""
        height = len(self.series) * ROW + BOTTOM
        drawn = "".join(self._drawn())
        return mark_safe(  # noqa: S308  # every piece of text is escaped where it is put in
            f'<svg class="chart heat" viewBox="0 0 {WIDTH} {height}" aria-hidden="true">{drawn}</svg>'
        )

    def _drawn(self) -> Iterator[str]:
        width = (WIDTH - LABELS) / max(1, len(self.days))
        highest = max((drawable(value) or 0 for series in self.series for value in series.values), default=0)
        for row, series in enumerate(self.series):
            yield f'<g transform="translate({LABELS} {row * ROW + 1})">'
            name = series.label if len(series.label) <= CUT else f"{series.label[: CUT - 1]}…"
            tip = f"<title>{escape(series.label)}</title>"
            yield f'<text class="tick" x="-8" y="13" text-anchor="end">{escape(name)}{tip}</text>'
            for place, value in enumerate(series.values):
                left, right = round(place * width), round((place + 1) * width)
                shape = f'x="{left}" width="{max(1, right - left - 1)}" height="{ROW - 2}"'
                tip = f"{self.days[place]:%a %-d %b}: {self.shown(value or 0)}"
                link = series.link(place) if value else None
                yield linked(f'<rect class="heat-{level(drawable(value), highest)}" {shape}/>', link, tip)
            yield "</g>"
        for place, label in day_ticks(self.days):
            x = min(LABELS + (place + 0.5) * width, WIDTH - 16)
            y = len(self.series) * ROW + 15
            yield f'<text class="tick" x="{x:.0f}" y="{y}" text-anchor="middle">{escape(label)}</text>'


def level(value: float | None, highest: float) -> int:
    """0 for nothing, then 1 to `LEVELS` in equal steps up to ``highest``."""
    if not value or highest <= 0:
        return 0
    return min(LEVELS, 1 + int(value / highest * LEVELS))
