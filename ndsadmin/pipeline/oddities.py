"""Values that are not as they should be, and stay readable all the same (domain.md, Who writes what)."""

from typing import Any

from django.db.models import Field

from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, key_columns, key_of
from security.columns import Date, Json, Time
from security.columns.times import format_time, parse_time
from security.contract import ContractTable

_TIME_FORM = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]"  # GLOB: no repetition
_DATE_FORM = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


def settle_oddities(scratch: Scratch, report: Report) -> None:
    """Normalise times, and tell of broken JSON, unknown values, unreadable times and several numbers for a post."""
    for model in scratch.models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Time):
                _times(scratch, report, model, str(field.column))
            elif isinstance(field, Date):
                _tell(
                    scratch, report, model, f'"{field.column}" NOT GLOB ?', [_DATE_FORM], f"{field.column} is no date"
                )
            elif isinstance(field, Json):
                _broken(scratch, report, model, str(field.column))
            elif field.choices:
                _unknown(scratch, report, model, field)
    _several_numbers(scratch, report)


def _times(scratch: Scratch, report: Report, model: type[ContractTable], column: str) -> None:
    table = model._meta.db_table
    rows = scratch.rows(
        f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL '
        f'AND ("{column}" NOT GLOB ? OR datetime("{column}") IS NULL)',
        [_TIME_FORM],
    )
    for rowid, text in rows:
        key = key_of(scratch, model, rowid)
        moment = parse_time(text)
        if moment is None:
            report.note(table, f"{column} is no time", "kept as text", key)
        elif column in key_columns(model) and _is_taken(scratch, model, rowid, column, format_time(moment)):
            report.note(table, f"{column} in another form of a key that exists", "kept as text", key)
        else:
            scratch.connection.execute(
                f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?',
                [format_time(moment), rowid],
            )
            report.note(table, f"{column} written as {_form(text)}", "normalised", key)


def _form(text: str) -> str:
    return "ISO 8601 with T" if "T" in text else "another form"


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


def _broken(scratch: Scratch, report: Report, model: type[ContractTable], column: str) -> None:
    condition = f'typeof("{column}") = \'text\' AND NOT json_valid("{column}")'
    _tell(scratch, report, model, condition, [], f"{column} is no JSON")


def _unknown(scratch: Scratch, report: Report, model: type[ContractTable], field: Field[Any, Any]) -> None:
    table, known = model._meta.db_table, [str(value) for value, _ in field.flatchoices]
    rows = scratch.rows(
        f'SELECT rowid, "{field.column}" FROM "{table}" WHERE "{field.column}" NOT IN ({", ".join("?" * len(known))})',
        known,
    )
    for rowid, value in rows:
        report.note(table, f"{field.column} {value!r} is no known value", "kept", key_of(scratch, model, rowid))


def _several_numbers(scratch: Scratch, report: Report) -> None:
    rows = scratch.rows("SELECT post_id, COUNT(*) FROM post_analytics GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY 1")
    for post, number in rows:
        report.note("post_analytics", "several rows for one post", "kept; the newest counts", f"{post} ({number} rows)")


def _tell(
    scratch: Scratch, report: Report, model: type[ContractTable], condition: str, params: list[str], what: str
) -> None:
    table = model._meta.db_table
    for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {condition}', params):
        report.note(table, what, "kept as text", key_of(scratch, model, rowid))
