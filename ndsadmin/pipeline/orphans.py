"""Rows that point at a row which is not there.

Where the contract declares the foreign key, our database could not hold them: they are left out, with what hangs
on them in turn, and kept as JSON beside the report. Where it declares none they are kept, and told.
"""

import base64
import math
from typing import Any

from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.references import Reference, references
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, key_of


def settle_orphans(scratch: Scratch, report: Report) -> None:
    """Move orphans of declared foreign keys out of ``scratch`` into the report, and tell of all others."""
    found = references(scratch.models())
    waiting = [reference for reference in found if reference.is_declared]
    while waiting:
        reference = waiting.pop()
        if _leave_out(reference, scratch, report):
            # Whatever points at that table may be an orphan now.
            waiting += [other for other in found if other.is_declared and other.parent is reference.child]
    for reference in found:
        if not reference.is_declared:
            _tell(reference, scratch, report)
    _tell_private_skills(scratch, report)


def as_json(scratch: Scratch, table: str, rowid: int) -> dict[str, Any]:
    """The row as it was; bytes as base64, what is no JSON number as text."""
    names = [column.name for column in contract_shapes()[table].columns]
    columns = ", ".join(f'"{name}"' for name in names)
    values = scratch.rows(f'SELECT {columns} FROM "{table}" WHERE rowid = ?', [rowid])[0]
    return {name: _plain(value) for name, value in zip(names, values, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _leave_out(reference: Reference, scratch: Scratch, report: Report) -> int:
    table = reference.child._meta.db_table
    rowids = [rowid for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {reference.dangling}')]
    for rowid in rowids:
        report.note(table, _what(reference), "left out, kept as JSON", key_of(scratch, reference.child, rowid))
        report.left_out.setdefault(table, []).append(as_json(scratch, table, rowid))
        scratch.connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [rowid])
    return len(rowids)


def _tell(reference: Reference, scratch: Scratch, report: Report) -> None:
    table = reference.child._meta.db_table
    for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {reference.dangling}'):
        report.note(
            table, _what(reference), "kept: no foreign key is declared", key_of(scratch, reference.child, rowid)
        )


def _tell_private_skills(scratch: Scratch, report: Report) -> None:
    rows = scratch.rows(
        "SELECT skill_id FROM skills WHERE visibility LIKE 'tenant:%' "
        "AND substr(visibility, 8) NOT IN (SELECT tenant_id FROM tenants)"
    )
    for (key,) in rows:
        report.note("skills", "visibility names no tenant", "kept: no foreign key is declared", key)


def _what(reference: Reference) -> str:
    return f"{reference.column} points at no row of {reference.parent._meta.db_table}"
