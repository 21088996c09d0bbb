"""What an entry of the trail tells of columns that its reader does not see: that they changed, and no more.

The trail holds the old and the new value of each column (`security.services.rows`). A role that a column is hidden
from (`security.roles.HIDDEN`) finds it hidden here too: on an entry's page, among the columns of the log, in exports.
"""

from collections.abc import Mapping
from typing import Any

from ndsadmin.trail.speaking import kinds
from security.contract import column_of
from security.models import AuditLog
from security.scope import hidden_here
from security.services.rows import CHANGED

METADATA = column_of(AuditLog, "metadata")
Hiding = Mapping[str, frozenset[str]]
"""By kind of object, the names of the columns that are hidden."""


def hidden_changes() -> Hiding:
    """What who acts does not see of changes. No query."""
    found = {}
    for kind, model in kinds().items():
        if columns := hidden_here(model._meta.db_table):
            found[kind] = frozenset(field.name for field in model._meta.concrete_fields if field.column in columns)
    return found


def as_seen(kind: Any, metadata: Any, hiding: Hiding) -> Any:
    """``metadata`` of an entry about a ``kind``, without values that are hidden."""
    hidden = hiding.get(kind, frozenset()) if isinstance(kind, str) else frozenset()
    changes = metadata.get("changes") if isinstance(metadata, dict) and hidden else None
    if not isinstance(changes, dict) or not hidden & changes.keys():
        return metadata
    return {**metadata, "changes": {name: CHANGED if name in hidden else pair for name, pair in changes.items()}}


def as_seen_in_sql(kind: str, metadata: str, hiding: Hiding) -> str:
    """The same as SQL, over the columns ``kind`` and ``metadata``; names are our own models'."""
    if not hiding:
        return metadata
    cases = "".join(
        f" WHEN '{name}' THEN JSON_REPLACE({metadata}, "
        + ", ".join(f"'$.changes.{column}', '{CHANGED}'" for column in sorted(columns))
        + ")"
        for name, columns in hiding.items()
    )
    return f"CASE WHEN JSON_VALID({metadata}) THEN CASE {kind}{cases} ELSE {metadata} END ELSE {metadata} END"
