"""A row's place in an order, as one text that an index can hold.

Rules:

- A place is the ordering column, made comparable as text, and the key after it: no two rows share one.
- Times are compared in the first of the two forms that workers write (domain.md): ``…T10:00:00.123Z`` lies between
  ``… 10:00:00`` and ``… 10:00:01``.
- Of a long text the beginning orders, so that a place fits into an address; the key decides the rest.
- A row without a value comes before every row with one, so it is last where the newest are first.

    Place(Moment("published_at"), "post_id")   2026-11-20 10:00:00␟post_17

A place is one expression on purpose: SQLite seeks to ``place < ?`` in an index, also among a million rows of the
same second; of a row value whose first part is an expression it uses no part at all.
"""

from typing import Any

from django.db.models import BinaryField, ForeignKey, Func, TextField

LAST = "\U0010ffff"
"""Sorts after every other character: the end of a range of texts with the same beginning."""

SEPARATOR = "\x1f"
"""Between the parts of a place; sorts before all that occurs in a value."""


VALUED = " "
"""What every place of a row with a value is at least: the separator sorts before it."""


class _Part(Func):
    output_field = TextField()


class Moment(_Part):
    """A time, in whichever form it was written."""

    template = "IFNULL(REPLACE(SUBSTR(%(expressions)s, 1, 40), 'T', ' '), '')"


class Plain(_Part):
    """A day or another text that sorts as it stands."""

    template = "IFNULL(SUBSTR(%(expressions)s, 1, 120), '')"


def fold(words: str) -> str:
    """As SQLite's LOWER: the letters of ASCII alone."""
    return "".join(c.lower() if c.isascii() else c for c in words)


class Folded(_Part):
    """A name; ``a`` and ``A`` are the same letter."""

    LENGTH = 120  # characters that order
    template = f"IFNULL(LOWER(SUBSTR(%(expressions)s, 1, {LENGTH})), '')"


class Amount(_Part):
    """A number that is not negative, to the sixth decimal place."""

    template = "IFNULL(SUBSTR('000000000000000000' || CAST(ROUND(%(expressions)s * 1000000) AS INTEGER), -19), '')"


class Place(Func):
    """The place of a row: an ordering part, then what is left of the key."""

    template = "(%(expressions)s)"
    arg_joiner = " || CHAR(31) || "
    output_field = TextField()

    @property
    def column(self) -> str:
        """The name of the field that orders."""
        part: Any = self.get_source_expressions()[0]
        return str(part.get_source_expressions()[0].name)

    @property
    def part(self) -> "type[Func]":
        """How its values are made comparable."""
        return type(self.get_source_expressions()[0])


class Stored(Func):
    """A text byte for byte: what is no UTF-8 would come back as something else."""

    template = "CAST(%(expressions)s AS BLOB)"
    output_field = BinaryField()


class Restored(Func):
    """The text of the bytes that `Stored` gave.

    Joined to nothing, since a bare CAST has TEXT affinity: compared with one, no index on an expression is searched
    (https://www.sqlite.org/datatype3.html#affinity_of_expressions), and a page would be read from the list's start.
    """

    template = "(CAST(%(expressions)s AS TEXT) || '')"
    output_field = TextField()


class Unindexed(Func):
    """A column that no index may be searched for (https://www.sqlite.org/optoverview.html#uplus).

    The order has to come from its own index; SQLite would rather search for the column and sort all it finds.
    """

    template = "+%(expressions)s"

    def _resolve_output_field(self) -> Any:
        field = super()._resolve_output_field()  # type: ignore[misc]  # not in the stubs
        return field.target_field if isinstance(field, ForeignKey) else field
