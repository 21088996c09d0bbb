"""A cell serves one region (domain.md): tenants of another are refused, or left out with all that hangs on them.

What belongs to such a tenant is only counted: its contents may not be kept in this region, not even in a report.
What belongs to somebody else and merely points at it is ours: its link is cut, or, where the contract needs the
link, the row is left out like an orphan, kept as JSON and told.

Only what the left-out rows leave behind is followed. Orphans that the file had before are `orphans`' business.
"""

from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.orphans import as_json
from ndsadmin.pipeline.references import Reference, references
from ndsadmin.pipeline.report import Report
from ndsadmin.pipeline.scratch import TABLES, Scratch, key_columns, key_of
from security.roles import PLATFORM_TENANT

DONE = "left out: the tenant is of another region"
# Tables whose rows belong to the row they hang on, having no tenant of their own.
BELONGING = {
    "guard_results": "content_id",
    "analytics_sync_errors": "post_id",
    "skill_versions": "skill_id",
    "skill_embeddings": "skill_id",
    "skill_metrics_daily": "skill_id",
}
GONE = "SELECT key FROM gone WHERE \"table\" = '{}'"


def settle_regions(scratch: Scratch, report: Report, *, region: str, skip_foreign: bool) -> frozenset[str]:
    """Make sure that ``scratch`` holds rows of ``region`` alone; the key ids that left with their tenants.

    Raises:
        ImportRefused: there are tenants of another region, and ``skip_foreign`` does not say to leave them out.
    """
    found = scratch.rows(
        "SELECT tenant_id, region, kms_key_id FROM tenants WHERE region <> ? AND tenant_id <> ? ORDER BY 1",
        [region, PLATFORM_TENANT],
    )
    if not found:
        return frozenset()
    if not skip_foreign:
        named = ", ".join(f"{tenant} ({other})" for tenant, other, _ in found[:10])
        more = f" and {len(found) - 10:,} more" if len(found) > 10 else ""
        raise ImportRefused(
            f"this cell serves {region}, and these tenants are of another region: {named}{more}. "
            "Import them in their own cell; --skip-foreign-regions leaves them out here."
        )
    for tenant, other, _ in found:
        report.note("tenants", f"region {other}", DONE, tenant)
    scratch.connection.execute('CREATE TEMP TABLE gone ("table" TEXT, key TEXT, PRIMARY KEY ("table", key))')
    _leave_out(scratch, report, region)
    kept = {key for (key,) in scratch.rows("SELECT kms_key_id FROM tenants")}
    return frozenset(key for _, _, key in found) - kept


def _leave_out(scratch: Scratch, report: Report, region: str) -> None:
    _delete(scratch, report, "tenants", f"region <> '{region}' AND tenant_id <> '{PLATFORM_TENANT}'", is_told=False)
    tenants = GONE.format("tenants")
    for model in scratch.models():
        table = model._meta.db_table
        columns = {field.column for field in model._meta.concrete_fields}
        if "visibility" in columns:
            _delete(scratch, report, table, f"visibility IN (SELECT 'tenant:' || key FROM ({tenants}))")
        if "tenant_id" in columns and table != "tenants":
            _delete(scratch, report, table, f"tenant_id IN ({tenants})")
    # What people of theirs did outside of any tenant is about them all the same.
    _delete(scratch, report, "audit_logs", f"tenant_id IS NULL AND user_id IN ({GONE.format('users')})")
    pointing = [reference for reference in references(scratch.models()) if _is_followed(reference)]
    while sum(_follow(reference, scratch, report) for reference in pointing):
        pass


def _is_followed(reference: Reference) -> bool:
    return reference.is_declared or BELONGING.get(reference.child._meta.db_table) == reference.column


def _follow(reference: Reference, scratch: Scratch, report: Report) -> int:
    """Settle what ``reference`` left without its parent; how many rows."""
    table = reference.child._meta.db_table
    orphaned = f'"{reference.column}" IN ({GONE.format(reference.parent._meta.db_table)})'
    if BELONGING.get(table) == reference.column:
        return _delete(scratch, report, table, orphaned)
    rowids = [rowid for (rowid,) in scratch.rows(f'SELECT rowid FROM "{table}" WHERE {orphaned}')]
    what = f"{reference.column} points at a row of a tenant of another region"
    for rowid in rowids:
        done = "link cut" if reference.is_nullable else "left out, kept as JSON"
        report.note(table, what, done, key_of(scratch, reference.child, rowid))
        if not reference.is_nullable:
            report.left_out.setdefault(table, []).append(as_json(scratch, table, rowid))
    if reference.is_nullable:
        scratch.connection.execute(f'UPDATE "{table}" SET "{reference.column}" = NULL WHERE {orphaned}')
    else:
        _remove(scratch, table, orphaned)
    return len(rowids)


def _delete(scratch: Scratch, report: Report, table: str, condition: str, *, is_told: bool = True) -> int:
    number = _remove(scratch, table, condition)
    if number and is_told:
        report.note(table, "rows of tenants of another region", DONE, f"{number:,} rows")
    return number


def _remove(scratch: Scratch, table: str, condition: str) -> int:
    """Delete rows and remember their keys, by which others may point at them."""
    keys = key_columns(TABLES[table])
    if len(keys) == 1:
        scratch.connection.execute(
            f'INSERT OR IGNORE INTO gone SELECT \'{table}\', "{keys[0]}" FROM "{table}" WHERE {condition}'
        )
    return scratch.connection.execute(f'DELETE FROM "{table}" WHERE {condition}').rowcount
