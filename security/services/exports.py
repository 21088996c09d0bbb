"""Rows leave the dashboard as a file: recorded before the first of them does, and again when the file has ended."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from security.audit import Action, record


@transaction.atomic
def begin_export(table: str, *, tenant_id: str | None, asked: Mapping[str, Any]) -> None:
    """Record that somebody is about to take rows of ``table`` along. Without this entry no row is sent."""
    _record(table, tenant_id, {"state": "begun", **asked})


@transaction.atomic
def end_export(table: str, *, tenant_id: str | None, asked: Mapping[str, Any], rows: int, is_whole: bool) -> None:
    """Record how many rows went; ``is_whole`` unless the reader left or the connection broke."""
    _record(table, tenant_id, {"state": "ended" if is_whole else "broken off", "rows": rows, **asked})


def _record(table: str, tenant_id: str | None, details: dict[str, Any]) -> None:
    record(Action.EXPORT_ROWS, resource_type=table, resource_id=None, tenant_id=tenant_id, details=details)
