"""Reads about tenants."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from security.columns.documents import IsTrue
from security.roles import PLATFORM_TENANT
from tenants.enums import AccountStatus
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class TenantCount:
    status: str
    region: str
    number: int


def tenant_counts() -> list[TenantCount]:
    """How many tenants there are in each status and region; ``platform`` is none. One query."""
    rows = Tenant.objects.exclude(pk=PLATFORM_TENANT).order_by().values_list("status", "region")
    counted = rows.annotate(number=Count("pk"))
    return [TenantCount(str(status or ""), str(region), number) for status, region, number in counted]


def agreeing_tenants() -> "QuerySet[Tenant, Any]":
    """Active tenants that agree to share skills: whose settings say ``true``, and nothing that merely looks like it."""
    return Tenant.objects.filter(IsTrue("settings", "skill_sharing_consent"), status=AccountStatus.ACTIVE)
