"""From values to places, and the ticks that a person would choose."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

TICKS = 4  # steps of an axis: enough to read a value off, few enough to leave the page quiet
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
    if not math.isfinite(highest) or highest <= 0:
        highest = 1
    rough = highest / TICKS
    size = 10 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in STEPS if factor * size >= rough * 0.999)
    if whole:
        step = max(1, math.ceil(step))
    count = max(1, math.ceil(highest / step - 1e-9))
    return [round(step * number, 10) for number in range(count + 1)]


def day_ticks(days: Sequence[dt.date]) -> list[tuple[int, str]]:
    """Places among ``days`` with their labels: every day of a week, Mondays of a month, fortnights of a quarter."""
    if len(days) <= 10:
        return [(place, f"{day:%a %-d}") for place, day in enumerate(days)]
    mondays = [place for place, day in enumerate(days) if day.weekday() == 0]
    if len(days) > 200:
        return [(place, f"{day:%b}") for place, day in enumerate(days) if day.day == 1]
    every = 1 if len(days) <= 45 else 2
    return [(place, f"{days[place]:%-d %b}") for place in mondays[::every]]
