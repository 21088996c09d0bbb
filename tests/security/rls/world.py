"""Two worlds to compare: a database of several tenants, and for each tenant one that holds its rows alone.

Which rows are a tenant's is said here a second time, in plain SQL, and not taken from the policies under test.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ndsadmin.db.sqlite.base import DatabaseWrapper
from ndsadmin.db.sqlite.operations import KEEPS
from security.scope import Scope, acting, tenant_scope
from security.triggers import GUARDS
from tests.processes import manage

TENANTS = ("tenant_001", "tenant_002", "tenant_003")

_CONTENT = "SELECT content_id FROM generated_content WHERE tenant_id = :t"
_POSTS = "SELECT post_id FROM published_posts WHERE tenant_id = :t"
_PRIVATE = "SELECT skill_id FROM skills WHERE visibility = 'tenant:' || :t"
_SKILLS = "SELECT skill_id FROM skills WHERE visibility IN ('global', 'tenant:' || :t)"
OWN = {
    "skills": "visibility IN ('global', 'tenant:' || :t)",
    "skill_versions": f"skill_id IN ({_SKILLS})",
    "skill_embeddings": f"skill_id IN ({_SKILLS})",
    "skill_metrics_daily": f"skill_id IN ({_PRIVATE})",
    "guard_results": f"content_id IN ({_CONTENT})",
    "analytics_sync_errors": f"post_id IN ({_POSTS})",
    "nds_preferences": "user_id IN (SELECT user_id FROM users WHERE tenant_id = :t)",
    **dict.fromkeys(
        (
            "tenants", "users", "brand_profiles", "content_templates", "generated_content", "post_configurations",
            "revision_events", "brand_knowledge_entries", "social_accounts", "published_posts", "rate_limits",
            "post_analytics", "performance_benchmarks", "ab_tests", "conversions", "api_keys", "audit_logs",
            "nds_audit_days", "nds_audit_views",
            "sharing_events", "tenant_keys", "compliance_cases", "tenant_metrics_daily", "guard_metrics_daily",
        ),
        "tenant_id = :t",
    ),
}  # fmt: skip
"""What a tenant reads of each protected table, children before what they hang on."""
MODIFIED = {
    **OWN,
    "skills": "visibility = 'tenant:' || :t",
    "skill_versions": f"skill_id IN ({_PRIVATE})",
    "skill_embeddings": f"skill_id IN ({_PRIVATE})",
    "audit_logs": "0",
    "nds_audit_days": "0",
    "sharing_events": "0",
}
CLOSED = (
    "audit_seals", "audit_checkpoints", "nds_audit_findings", "nds_audit_reviews", "nds_sessions", "django_admin_log",
    "nds_key_destructions",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """``folder`` holds ``all.sqlite3`` and a file a tenant."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


def build(folder: Path) -> World:
    world = World(folder)
    for command in (("migrate", "--verbosity", "0"), ("demo", "--tenants", "3", "--days", "7")):
        done = manage(world.path("all"), *command, NDS_DATA_DIR=str(folder), NDS_DEBUG="true")
        assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(world.path("all"), isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute(
            "INSERT INTO nds_preferences (user_id, name, value) SELECT user_id, 'columns:users', '[]' FROM users"
        )
    for tenant in TENANTS:
        shutil.copy(world.path("all"), world.path(tenant))
        with closing(sqlite3.connect(world.path(tenant), isolation_level=None)) as database:
            database.execute(f"DROP TRIGGER {KEEPS}")
            for table in sorted(OWN, key=lambda table: " IN (SELECT" not in OWN[table]):
                database.execute(f"DELETE FROM {table} WHERE NOT coalesce(({OWN[table]}), 0)", {"t": tenant})
            for table in CLOSED:
                database.execute(f"DELETE FROM {table}")
            database.execute(GUARDS[KEEPS])
    return world


@contextmanager
def opened(alias: str, path: Path) -> Iterator[BaseDatabaseWrapper]:
    """The database at ``path`` as Django's ``alias``."""
    settings = {**connections["default"].settings_dict, "NAME": str(path), "TEST": {}}
    connections[alias] = wrapper = DatabaseWrapper(settings, alias)
    try:
        yield wrapper
    finally:
        wrapper.close()
        DatabaseWrapper._engines.pop(str(path), None)
        del connections[alias]


def rows(path_or_wrapper: Any, table: str, condition: str = "1", tenant: str = "") -> list[tuple[Any, ...]]:
    """Rows past the engine, in the order of all their values."""
    with path_or_wrapper.raw() as cursor:
        found = cursor.execute(f"SELECT * FROM {table} WHERE ({condition.replace(':t', repr(tenant))})").fetchall()
    return sorted(found, key=repr)


def within(tenant: str | None) -> Any:
    """The scope that a scenario runs in: the tenant's, or (in a world of its own) over all rows."""
    return tenant_scope(tenant) if tenant else acting(Scope.of_command("alone"))
