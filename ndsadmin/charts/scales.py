"""From values to places, and the ticks that a person would choose."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

TICKS = 4  # steps of an axis: enough to read a value off, few enough to leave the page quiet
HUGE = 1e15  # beyond it nothing that is counted here can lie
TINY = 1e-6  # below it there is nothing that anybody would read off an axis
STEPS = (1, 2, 2.5, 5, 10)  # what people count in


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` on pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def nice_ticks(highest: float, *, whole: bool = True) -> list[float]:
    """Round values from 0 to just above ``highest``, about `TICKS` steps apart; whole numbers where ``whole``."""
    if not TINY <= highest <= HUGE:
        highest = 1
    rough = highest / TICKS
    size = 10 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in STEPS if factor * size >= rough * 0.999)
    if whole:
        step = max(1, math.ceil(step))
    count = max(1, math.ceil(highest / step - 1e-9))
    return [round(step * number, 10) for number in range(count + 1)]


def drawable(value: float | None) -> float | None:
    """``value`` as an axis from 0 upwards can show it; None where it has no place at all."""
    return None if value is None or not math.isfinite(value) or value > HUGE else max(0.0, value)


def short(value: float) -> str:
    """A tick's number in a few characters: 950, 0.25, 25k, 1.5M."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= 10 * size or (value >= size and size > 1e3):
            return f"{value / size:g}{sign}"
    return f"{value:,g}"


WEEKLY = 10  # days up to which each is named by its weekday


def day_ticks(days: Sequence[dt.date]) -> list[tuple[int, str]]:
    """Places among ``days`` with their labels: every day of a week, Mondays of a month, fortnights of a quarter; each
    of a few that lie apart."""
    if len(days) <= WEEKLY:
        lie_apart = bool(days) and (days[-1] - days[0]).days >= WEEKLY
        return [(place, f"{day:%-d %b}" if lie_apart else f"{day:%a %-d}") for place, day in enumerate(days)]
    mondays = [place for place, day in enumerate(days) if day.weekday() == 0]
    if len(days) > 200:
        return [(place, f"{day:%b}") for place, day in enumerate(days) if day.day == 1]
    every = 1 if len(days) <= 45 else 2
    return [(place, f"{days[place]:%-d %b}") for place in mondays[::every]]
