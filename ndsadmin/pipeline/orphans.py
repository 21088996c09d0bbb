"""Rows that point at a row which is not there.

Where the contract declares the foreign key, our database could not hold them: they are left out, with what hangs
on them in turn, and kept as JSON beside the report. Where it declares none they are kept, and told.
"""

import base64
from typing import Any

from ndsadmin.contract.stages import contract_shapes
from ndsadmin.pipeline.references import Reference, references
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, key_of


def settle_orphans(scratch: Scratch, report: Report) -> None:
    """Move orphans of declared foreign keys out of ``scratch`` into the report, and tell of all others."""
    found = references(scratch.models())
    declared = [reference for reference in found if reference.is_declared]
    while sum(_leave_out(reference, scratch, report) for reference in declared):  # leaving out makes new orphans
        pass
    for reference in found:
        if not reference.is_declared:
            _tell(reference, scratch, report)


def _leave_out(reference: Reference, scratch: Scratch, report: Report) -> int:
    table = reference.child._meta.db_table
    rowids = [rowid for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {reference.dangling}')]
    for rowid in rowids:
        report.note(table, _what(reference), "left out, kept as JSON", key_of(scratch, reference.child, rowid))
        report.left_out.setdefault(table, []).append(_as_json(scratch, table, rowid))
        scratch.connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [rowid])
    return len(rowids)


def _tell(reference: Reference, scratch: Scratch, report: Report) -> None:
    table = reference.child._meta.db_table
    for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {reference.dangling}'):
        report.note(
            table, _what(reference), "kept: no foreign key is declared", key_of(scratch, reference.child, rowid)
        )


def _what(reference: Reference) -> str:
    return f"{reference.column} points at no row of {reference.parent._meta.db_table}"


def _as_json(scratch: Scratch, table: str, rowid: int) -> dict[str, Any]:
    """The row as it was, bytes as base64."""
    names = [column.name for column in contract_shapes()[table].columns]
    columns = ", ".join(f'"{name}"' for name in names)
    values = scratch.rows(f'SELECT {columns} FROM "{table}" WHERE rowid = ?', [rowid])[0]
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in zip(names, values, strict=True)
    }
