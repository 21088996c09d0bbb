"""Rows leave the dashboard as a file: recorded before the first of them does, and again when the file has ended.

An export of one tenant's rows is in that tenant's trail, one of several tenants in each of theirs, any other in the
platform's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from security.audit import Action, record
from security.services.repeating import repeatable


@repeatable
def begin_export(table: str, *, tenants: Sequence[str | None], asked: Mapping[str, Any]) -> None:
    """Record that somebody is about to take rows of ``table`` along. Without this entry no row is sent."""
    _record(table, tenants, {"state": "begun", **asked})


@repeatable
def end_export(
    table: str, *, tenants: Sequence[str | None], asked: Mapping[str, Any], rows: int, is_whole: bool
) -> None:
    """Record how many rows went; ``is_whole`` unless the reader left or the connection broke."""
    _record(table, tenants, {"state": "ended" if is_whole else "broken off", "rows": rows, **asked})


def _record(table: str, tenants: Sequence[str | None], details: dict[str, Any]) -> None:
    for tenant_id in tenants:
        record(Action.EXPORT_ROWS, resource_type=table, resource_id=None, tenant_id=tenant_id, details=details)
