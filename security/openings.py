"""What the framework may touch before there is a scope: session, person, sign-in.

The narrowest scope there is: a statement passes when each thing that it touches is named here, as SQLite's compiler
tells it (``verb table``, ``update table.column``). Not audited, so kept short; `security.scope.framework_scope` names
one of these, and a test lists its call sites.
"""

from collections.abc import Mapping
from types import MappingProxyType

OPENINGS: Mapping[str, frozenset[str]] = MappingProxyType({
    # The session store: one table, and nothing of anybody's work.
    "sessions": frozenset({"read nds_sessions", "insert nds_sessions", "update nds_sessions", "delete nds_sessions"}),
    # Who is behind a session, once a request.
    "person": frozenset({"read users", "read tenants", "read nds_preferences"}),
    # Who is at the door; the attempt is recorded in the trail of the person's tenant.
    "sign-in": frozenset({"read users", "read tenants", "update users.last_login_at", "insert audit_logs"}),
})  # fmt: skip
