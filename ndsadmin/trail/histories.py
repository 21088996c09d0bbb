"""What the trail knows of one object, as far as who acts may read it."""

from typing import Any

from django.db.models import QuerySet

from ndsadmin.trail.asking import may_read, own_conditions
from ndsadmin.trail.lines import COLUMNS
from ndsadmin.trail.speaking import names_of
from security.models import AuditLog
from security.queries.audit import history_of

SHOWN = 5


def history(kind: str, key: str) -> "QuerySet[AuditLog, Any]":
    """The entries about an object, the newest first."""
    rows: QuerySet[AuditLog, Any] = history_of(names_of(kind), key)
    for condition in own_conditions():
        rows = condition.among(rows)
    return rows


def newest_of(kind: str, key: str) -> list[tuple[Any, ...]]:
    """The newest entries about an object, as rows of `COLUMNS`, for its own page; none for who reads no trail. One
    query."""
    return list(history(kind, key).values_list(*COLUMNS)[:SHOWN]) if may_read() else []
