"""What can be worked out of published periods, and random use to publish."""

import datetime as dt
import random
from collections.abc import Iterable
from fractions import Fraction

from content.kanon import Period


def random_parts(chance: random.Random, months: list[Period]) -> dict[dt.date, dict[str, int]]:
    """Few or many tenants, of whom each comes and goes; Sundays are quiet, some weeks nearly empty."""
    tenants = [f"t{number}" for number in range(chance.randrange(3, 12))]
    likely = {tenant: chance.choice([0.02, 0.1, 0.3, 0.8]) for tenant in tenants}
    size = {tenant: chance.choice([1, 2, 5, 30]) for tenant in tenants}
    parts = {}
    for day in sorted(set().union(*(month.days for month in months))):
        quiet = 0.2 if day.weekday() == 6 or day.isocalendar().week % 5 == 0 else 1.0
        used = {
            tenant: chance.randint(1, size[tenant]) for tenant in tenants if chance.random() < likely[tenant] * quiet
        }
        parts[day] = used
    return parts


def recoverable(published: Iterable[Period]) -> list[set[dt.date]]:
    """The groups of days whose sums follow from the published ones: Gauss and Jordan over the days.

    Sums over periods are rows of zeros and ones. Where what is left of them are again zeros and ones that do not
    overlap, every group that can be worked out is put together from these; anything else is told by what it holds.
    """
    published = list(published)
    days = sorted(set().union(*(period.days for period in published))) if published else []
    rows = [[Fraction(day in period.days) for day in days] for period in published]
    solved: list[list[Fraction]] = []
    for column in range(len(days)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [_less(row, pivot, column) for row in rows]
        solved = [_less(row, pivot, column) for row in solved] + [pivot]
    return [{day for day, value in zip(days, row, strict=True) if value} for row in solved]


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]
