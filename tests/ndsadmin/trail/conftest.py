"""Entries to look for, and who looks."""

from contextlib import contextmanager

import pytest

from security.columns import Unreadable
from security.models import AuditLog
from security.roles import Role
from security.scope import Reach, Scope, acting
from tests.arranging import made
from tests.factories.tenants import person, platform_person, tenant


@contextmanager
def reading_as(role: Role, tenant_id: str | None = None, actor: str | None = "reader"):
    reach = Reach.TENANT if tenant_id else Reach.PLATFORM
    with acting(Scope(request_id="r", actor_id=actor, role=role, reach=reach, tenant_id=tenant_id)):
        yield


@pytest.fixture
def world(db) -> dict[str, AuditLog]:
    """Entries of two tenants and the platform, by a letter each."""
    one, two = tenant(tenant_id="t1", name="Next Day Steel"), tenant(tenant_id="t2", name="Harbour Glass")
    ada = person(tenant=one, email="ada@steel.example", full_name="Ada Lovelace", role="owner", user_id="u-ada")
    bob = person(tenant=two, email="bob@glass.example", full_name="Bob Stone", user_id="u-bob")
    oz = platform_person(role="owner", email="oz@platform.example", full_name="Oz", user_id="u-oz")
    rows = {
        "a": {"user": ada, "action": "create_post", "resource_type": "post", "resource_id": "p1", "day": 10},
        "b": {"user": ada, "action": "update_user", "resource_type": "user", "resource_id": bob.pk, "day": 11,
              "metadata": {"reason": "Held for a month", "changes": {"role": ["viewer", "admin"]}}},
        "c": {"user": bob, "action": "login", "resource_type": "user", "resource_id": bob.pk, "day": 12,
              "success": False, "error_message": "The password is wrong.", "ip_address": "203.0.113.7"},
        "d": {"user": bob, "action": "create_post", "resource_type": "post", "resource_id": "p2", "day": 13,
              "request_id": "req-1", "ip_address": "203.0.113.8"},
        "e": {"user": oz, "action": "enter_tenant", "resource_type": "tenant", "resource_id": "t1", "day": 14,
              "tenant": one, "metadata": {"reason": "Support case 4711"}, "ip_address": "198.51.100.1"},
        "f": {"action": "roll_up_metrics", "resource_type": "tenant_metrics_daily", "day": 15, "tenant": None},
        "g": {"user": oz, "action": "cross_tenants", "resource_type": "platform", "day": 16, "tenant": None,
              "request_id": "req-1"},
    }  # fmt: skip
    return {letter: made_entry(letter, **values) for letter, values in rows.items()}


def made_entry(key: str, *, day: int = 10, **values) -> AuditLog:
    user = values.get("user")
    given = {"tenant": user.tenant if user else None, **values}
    return made(AuditLog, log_id=key, timestamp=Unreadable(f"2026-11-{day:02} 10:00:00"), **given)
