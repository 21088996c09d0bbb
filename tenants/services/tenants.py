"""Changing tenants."""

from security.roles import PLATFORM_TENANT
from security.services.rows import Values, update_row
from tenants.enums import AccountStatus
from tenants.exceptions import PlatformUntouchable
from tenants.models import Tenant


def change_tenant(tenant: Tenant, *, before: Values, reason: str) -> frozenset[str]:
    """Write what differs from ``before``; see `security.services.rows.update_row`.

    Raises:
        PlatformUntouchable: ``platform`` would no longer be active.
        RowChanged: somebody else changed one of the columns in the meantime.
    """
    if tenant.pk == PLATFORM_TENANT and tenant.status != AccountStatus.ACTIVE:
        raise PlatformUntouchable("The tenant platform stays active: without it nobody could sign in.")
    return update_row(tenant, before=before, reason=reason)
