"""What the platform's own work, which no person asked for row by row, leaves in the audit log: one entry a run."""

import datetime as dt
from typing import Any

from security.audit import Action, record
from security.services.repeating import repeatable


@repeatable
def record_roll_up(first: dt.date, last: dt.date, rows: dict[str, int]) -> None:
    """Record that the days from ``first`` to ``last`` were summed up; ``rows`` by table."""
    details = {"from": first.isoformat(), "to": last.isoformat(), "rows": rows}
    _record(Action.ROLL_UP_METRICS, "tenant_metrics_daily", details)


@repeatable
def record_demo(tables: dict[str, dict[str, Any]]) -> None:
    """Record that demo data was made: by table, how many rows, and the first and last of their keys."""
    _record(Action.CREATE_DEMO, "database", {"tables": tables})


@repeatable
def record_filling(table: str, rows: int, first: str, last: str) -> None:
    """Record that a table of the demo was filled up by ``rows``, from the first to the last key."""
    _record(Action.CREATE_DEMO, table, {"rows": rows, "first": first, "last": last})


@repeatable
def record_loading(files: list[str]) -> None:
    """Record that rows were loaded from fixtures."""
    _record(Action.LOAD_FIXTURES, "database", {"files": files})


@repeatable
def record_normalising(columns: dict[str, int]) -> None:
    """Record how many times of which columns were written anew."""
    _record(Action.NORMALISE_TIMES, "database", {"columns": columns})


def _record(action: Action, what: str, details: dict[str, Any]) -> None:
    record(action, resource_type=what, resource_id=None, tenant_id=None, details=details)
