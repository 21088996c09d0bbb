"""Values that are not as they should be, and stay readable all the same (domain.md, Who writes what).

Python decides what is a time, a date and JSON, by the readers that the dashboard reads with: SQLite takes a 30th of
February for a date, and a document that is too deep for Python for JSON.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from django.db.models import Field

from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, key_columns, key_of
from security.columns import Bool, BrokenJson, Date, Json, Real, Time
from security.columns.documents import parse_document
from security.columns.times import format_time, parse_day, parse_time
from security.contract import ContractTable

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

CHECKS: dict[type[Field[Any, Any]], tuple[Callable[[Any], bool], str, str]] = {
    # column class: (is it sound?, what it is otherwise, what is done)
    Date: (lambda v: bool(_DAY.fullmatch(v)) and parse_day(v) is not None, "is no date", "kept as text"),
    Json: (lambda v: not isinstance(parse_document(v), BrokenJson), "is no JSON", "kept as text"),
    Bool: (lambda v: v in (0, 1), "is neither true nor false", "kept"),
    Real: (lambda v: not isinstance(v, float) or math.isfinite(v), "is no finite number", "kept"),
}


def settle_oddities(scratch: Scratch, report: Report) -> None:
    """Normalise times, and tell of broken JSON, unknown values, unreadable times and several numbers for a post."""
    for model in scratch.models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Time):
                _times(scratch, report, model, str(field.column))
            elif field.choices:
                _unknown(scratch, report, model, field)
            else:
                _unsound(scratch, report, model, field)
    _several_numbers(scratch, report)


def _is_sound_time(value: Any) -> bool:
    return bool(_TIME.fullmatch(value)) and parse_time(value) is not None


def _odd_rows(scratch: Scratch, table: str, column: str, is_sound: Callable[[Any], bool]) -> list[tuple[int, Any]]:
    scratch.connection.create_function("is_sound", 1, is_sound, deterministic=True)
    return scratch.rows(
        f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL AND NOT is_sound("{column}")'
    )


def _times(scratch: Scratch, report: Report, model: type[ContractTable], column: str) -> None:
    table = model._meta.db_table
    for rowid, text in _odd_rows(scratch, table, column, _is_sound_time):
        key = key_of(scratch, model, rowid)
        moment = parse_time(text)
        if moment is None:
            report.note(table, f"{column} is no time", "kept as text", key)
        elif column in key_columns(model) and _is_taken(scratch, model, rowid, column, format_time(moment)):
            report.note(table, f"{column} in another form of a key that exists", "kept as text", key)
        else:
            scratch.connection.execute(
                f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', [format_time(moment), rowid]
            )
            form = "ISO 8601 with T" if "T" in text else "another form"
            report.note(table, f"{column} written as {form}", "normalised", key)


def _is_taken(scratch: Scratch, model: type[ContractTable], rowid: int, column: str, value: str) -> bool:
    """Whether the row's key with ``value`` in ``column`` belongs to another row."""
    table = model._meta.db_table
    same = " AND ".join(f'other."{name}" = row."{name}"' for name in key_columns(model) if name != column)
    return bool(
        scratch.rows(
            f'SELECT 1 FROM "{table}" AS row JOIN "{table}" AS other ON {same or "TRUE"} '
            f'WHERE row.rowid = ? AND other.rowid <> row.rowid AND other."{column}" = ?',
            [rowid, value],
        )
    )


def _unsound(scratch: Scratch, report: Report, model: type[ContractTable], field: Field[Any, Any]) -> None:
    table = model._meta.db_table
    for kind, (is_sound, what, done) in CHECKS.items():
        if isinstance(field, kind):
            for rowid, _ in _odd_rows(scratch, table, str(field.column), is_sound):
                report.note(table, f"{field.column} {what}", done, key_of(scratch, model, rowid))


def _unknown(scratch: Scratch, report: Report, model: type[ContractTable], field: Field[Any, Any]) -> None:
    known = {str(value) for value, _ in field.flatchoices}
    for rowid, value in _odd_rows(scratch, model._meta.db_table, str(field.column), known.__contains__):
        what = f"{field.column} {value!r} is no known value"
        report.note(model._meta.db_table, what, "kept", key_of(scratch, model, rowid))


def _several_numbers(scratch: Scratch, report: Report) -> None:
    rows = scratch.rows("SELECT post_id, COUNT(*) FROM post_analytics GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY 1")
    for post, number in rows:
        report.note("post_analytics", "several rows for one post", "kept; the newest counts", f"{post} ({number} rows)")
