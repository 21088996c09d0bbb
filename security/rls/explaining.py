"""What row-level security makes of a statement, for people to read. Nothing is run but EXPLAIN QUERY PLAN."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

from security.exceptions import SecurityError
from security.scope import tenant_scope


@dataclass(frozen=True, slots=True)
class Explained:
    """``sql`` as it is sent, with its parameters and the steps of its plan; or why it is not sent."""

    sql: str = ""
    parameters: tuple[Any, ...] = ()
    plan: tuple[str, ...] = ()
    refusal: str = ""


def explain(sql: str, tenant_id: str, *, barrier: bool = False) -> Explained:
    """``sql``, without parameters of its own, in the scope of a tenant."""
    try:
        with tenant_scope(tenant_id, barrier=barrier):
            confined = connection.engine.confine(sql, None, connection.live_schema)  # type: ignore[attr-defined]
            return Explained(confined.sql, tuple(confined.parameters or ()), tuple(_plan(sql)))
    except (SecurityError, DatabaseError) as error:
        return Explained(refusal=str(error))


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        depth = {0: -1}
        steps = []
        for key, parent, _, step in cursor.fetchall():
            depth[key] = depth.get(parent, -1) + 1
            steps.append("  " * depth[key] + step)
        return steps
