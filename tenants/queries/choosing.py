"""Tenants to choose among."""

from security.roles import PLATFORM_TENANT
from tenants.models import Tenant

SHOWN = 20


def tenants_called(words: str) -> list[Tenant]:
    """Tenants whose name holds ``words``, or whose id begins with them, by name; ``platform`` is none. One query."""
    tenants = Tenant.objects.exclude(pk=PLATFORM_TENANT).order_by("name", "pk")
    if words:
        tenants = tenants.filter(name__icontains=words) | tenants.filter(pk__startswith=words)
    return list(tenants[:SHOWN])
