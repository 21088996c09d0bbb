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
    # Wrong passwords at the door, counted by django-axes.
    "throttle": frozenset({
        "read axes_accessattempt", "insert axes_accessattempt", "delete axes_accessattempt",
        *(f"update axes_accessattempt.{name}" for name in (
            "failures_since_start", "get_data", "post_data", "http_accept", "path_info", "attempt_time", "user_agent",
            "ip_address", "username",
        )),
        "read axes_accessattemptexpiration", "delete axes_accessattemptexpiration",
    }),
    # Who holds the token of an invitation joins the tenant that it is for.
    "invitation": frozenset({
        "read nds_invitations", "read users", "read tenants", "update nds_invitations.state", "insert users",
        *(f"update users.{name}" for name in (
            "password_hash", "full_name", "role", "status", "updated_at", "oauth_provider", "oauth_sub", "mfa_enabled",
            "mfa_secret",
        )),
        "insert audit_logs",
    }),
    # Who forgot the password: asks for a link, and sets another with it.
    "new-password": frozenset({
        "read users", "read tenants", "update users.password_hash", "update users.updated_at", "insert audit_logs",
        "read audit_logs",
    }),
    # Who is at the door; the attempt is recorded in the trail of the person's tenant.
    "sign-in": frozenset({"read users", "read tenants", "update users.last_login_at", "insert audit_logs"}),
})  # fmt: skip
