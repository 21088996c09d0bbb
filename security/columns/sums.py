"""Numbers of columns in which workers may have stored anything.

SQLite keeps a text in a column of numbers, and an infinite number too: one such row must not stop what is computed of
all others.
"""

import math
from typing import Any

from django.db.models import FloatField, Func

MOST = 1e15  # what counts at most: beyond, a sum of a few could no longer be told from its largest part


class Known(Func):
    """The number in a column of numbers as a real one; NULL where it holds none, or one beyond `MOST`."""

    output_field = FloatField()
    otherwise = ""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        column, params = compiler.compile(self.get_source_expressions()[0])
        is_number = f"{column} > -{MOST} AND {column} < {MOST}"  # texts and blobs sort behind every number
        return f"CASE WHEN {is_number} THEN {column} + 0.0{self.otherwise} END", [*params, *params, *params]


class Number(Known):
    """The same; 0 where it holds none."""

    otherwise = " ELSE 0.0"


def number(value: Any) -> float:
    """``value`` as `Number` would read it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) and abs(value) < MOST else 0.0
