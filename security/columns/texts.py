"""Text columns."""

from typing import TypeVar

from django.db import models

from security.columns.column import Column

S = TypeVar("S")
G = TypeVar("G")


class Text(Column, models.CharField[S, G]):
    """One line of text. Choices name the known values; an unknown one is shown as it is."""

    sql_type = "TEXT"


class LongText(Column, models.TextField[S, G]):
    """Text of many lines."""

    sql_type = "TEXT"


class Hash(Text[S, G]):
    """A password or key hash: enough to guess against offline, so never shown."""

    secret = True


class SealedText(Text[S, G]):
    """Text that is stored encrypted under the tenant's key."""

    secret = True
