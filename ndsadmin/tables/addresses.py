"""Where a table and a row are found.

A row's address ends in its key, quoted as Django's admin quotes it. The parts of a composite key are quoted one
by one and joined by a comma, which quoting leaves in no part.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.db import models
from django.db.models import Q
from django.urls import get_script_prefix, reverse

from security.columns import Date, Int, Time, Unreadable
from security.columns.times import format_time
from security.contract import ContractTable

Model = type[ContractTable]

# What an address means by itself: the form for a new row, what is done to a list, this folder, the one above. A key
# of that name gets a "_" in front, which quoting leaves before none of these.
RESERVED = frozenset({"add", "bulk", "columns", "export", "complete", "review", "views", "verify", ".", ".."})
MAX_INT = 2**63  # what SQLite's integers end below


def list_address(model: Model) -> str:
    return _list_address(model, get_script_prefix())


@cache
def _list_address(model: Model, prefix: str) -> str:
    """Found once for each place that the dashboard is served under: a page has hundreds of addresses."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_address(model: Model, key: Any) -> str:
    return f"{list_address(model)}{quote_key(key)}/"


def quote_key(key: Any) -> str:
    """``key``, a value or the tuple of a composite key, as the last part of an address."""
    parts = key if isinstance(key, tuple) else (key,)
    quoted = ",".join(quote(_text(part)) for part in parts)
    return f"_{quoted}" if quoted in RESERVED else quoted


def keyed(model: Model, quoted: str) -> Q:
    """The condition that finds the row behind the last part of an address; it finds nothing for nonsense."""
    plain = quoted[1:] if quoted[1:] in RESERVED and quoted.startswith("_") else quoted
    parts = [unquote(part) for part in plain.split(",")]
    fields = key_fields(model)
    if len(parts) != len(fields):
        return Q(pk__in=[])
    condition = Q()
    for field, part in zip(fields, parts, strict=True):
        value = _stored(field, part)
        if value is None:
            return Q(pk__in=[])
        condition &= Q(**{field.attname: value})
    return condition


def _stored(field: Any, part: str) -> Any:
    """``part`` of an address as the database holds it; None where the column can hold no such thing.

    Times and dates are compared as texts: an address names the row, in whichever form a worker wrote it.
    """
    if isinstance(field, Int):
        fits = re.fullmatch(r"-?[0-9]{1,19}", part) is not None and -MAX_INT <= int(part) < MAX_INT
        return int(part) if fits else None
    return Unreadable(part) if isinstance(field, Time | Date) else part


def key_fields(model: type[models.Model]) -> Sequence[Any]:
    """The columns of the primary key, in order."""
    return getattr(model._meta, "pk_fields", None) or [model._meta.pk]


def _text(part: Any) -> str:
    return format_time(part) if isinstance(part, dt.datetime) else str(part)
