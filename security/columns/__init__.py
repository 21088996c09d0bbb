"""The column types of the contract: what a value is in the database and in Python.

Rules (``contract/schema.yaml``, ``domain.md``):

- A column keeps the contract's type name (``TEXT``, ``JSON``, ``TIMESTAMP`` …), because SQLite takes a
  column's affinity from it: ``'5'`` in a ``JSON`` column is stored as the integer 5, in a ``text`` one not.
- What the pipeline wrote is always readable. A value that is not what its column promises (broken JSON, a
  time that is none) arrives as a value that says so and is written back unchanged.
- A column with a database default has the same default in Python, and never asks for it with ``RETURNING``:
  an insert that returns nothing can be queued, which is what a transaction on D1 needs.

    status = Text(choices=Status.choices, default=Status.ACTIVE, db_default=Status.ACTIVE, null=True)
"""

from security.columns.binary import Blob, Sealed, Vector
from security.columns.documents import BrokenJson, Json
from security.columns.keys import new_key
from security.columns.numbers import Bool, Int, Millis, Money, Rate, Real, Seconds, Tenants
from security.columns.texts import Hash, LongText, SealedText, Text
from security.columns.times import CurrentTimestamp, Date, Time, Unreadable, now

__all__ = [
    "Blob",
    "Bool",
    "BrokenJson",
    "CurrentTimestamp",
    "Date",
    "Hash",
    "Int",
    "Json",
    "LongText",
    "Millis",
    "Money",
    "Rate",
    "Real",
    "Sealed",
    "SealedText",
    "Seconds",
    "Tenants",
    "Text",
    "Time",
    "Unreadable",
    "Vector",
    "new_key",
    "now",
]
