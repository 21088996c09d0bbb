"""A cell serves one region (domain.md): tenants of another are refused, or left out with all that hangs on them.

What is left out here is only counted: its contents may not be kept in this region, not even in a report.
"""

from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.references import Reference, references
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import Scratch, key_of
from security.roles import PLATFORM_TENANT

DONE = "left out: the tenant is of another region"


def settle_regions(scratch: Scratch, report: Report, *, region: str, skip_foreign: bool) -> None:
    """Make sure that ``scratch`` holds rows of ``region`` alone.

    Raises:
        ImportRefused: there are tenants of another region, and ``skip_foreign`` does not say to leave them out.
    """
    found = scratch.rows(
        "SELECT tenant_id, region FROM tenants WHERE region <> ? AND tenant_id <> ? ORDER BY 1",
        [region, PLATFORM_TENANT],
    )
    if not found:
        return
    if not skip_foreign:
        named = ", ".join(f"{tenant} ({other})" for tenant, other in found)
        raise ImportRefused(
            f"this cell serves {region}, and these tenants are of another region: {named}. "
            "Import them in their own cell; --skip-foreign-regions leaves them out here."
        )
    for tenant, other in found:
        report.note("tenants", f"region {other}", DONE, tenant)
    _leave_out([tenant for tenant, _ in found], scratch, report)


def _leave_out(tenants: list[str], scratch: Scratch, report: Report) -> None:
    pointing = references(scratch.models())
    marks = ", ".join("?" * len(tenants))
    for model in reversed(scratch.models()):
        table = model._meta.db_table
        columns = {field.column for field in model._meta.concrete_fields}
        if "visibility" in columns:
            _delete(scratch, report, table, f"visibility IN ({marks})", [f"tenant:{tenant}" for tenant in tenants])
        if "tenant_id" in columns:
            _delete(scratch, report, table, f"tenant_id IN ({marks})", tenants, is_told=table != "tenants")
    # What hung on those rows goes with them, unless it belongs to somebody else: then only the link is cut.
    while sum(_follow(reference, scratch, report) for reference in pointing if _hangs(reference)):
        pass


def _hangs(reference: Reference) -> bool:
    """Whether a row's being here depends on the row it points at."""
    return reference.is_declared or reference.child._meta.db_table == "guard_results"


def _follow(reference: Reference, scratch: Scratch, report: Report) -> int:
    """Settle what ``reference`` left without its parent; how many rows."""
    table = reference.child._meta.db_table
    if not reference.is_nullable:
        return _delete(scratch, report, table, reference.dangling, [])
    cut = scratch.rows(f'SELECT rowid FROM "{table}" WHERE {reference.dangling}')
    for (rowid,) in cut:
        key = key_of(scratch, reference.child, rowid)
        report.note(table, f"{reference.column} points at a row of a tenant of another region", "link cut", key)
    scratch.connection.execute(f'UPDATE "{table}" SET "{reference.column}" = NULL WHERE {reference.dangling}')
    return len(cut)


def _delete(
    scratch: Scratch, report: Report, table: str, condition: str, params: list[str], *, is_told: bool = True
) -> int:
    number = scratch.connection.execute(f'DELETE FROM "{table}" WHERE {condition}', params).rowcount
    if number and is_told:
        report.note(table, "rows of tenants of another region", DONE, f"{number:,} rows")
    return number
