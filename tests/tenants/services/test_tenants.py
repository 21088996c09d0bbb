import pytest

from tenants.exceptions import PlatformUntouchable
from tenants.models import Tenant
from tenants.services.tenants import change_tenant
from tests.factories.tenants import platform, tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_a_tenant_is_changed():
    row = tenant(tier="free")
    row.tier = "standard"

    assert change_tenant(row, before={"tier": "free"}, reason="They pay.") == {"tier"}


@pytest.mark.parametrize("status", ["suspended", "deleted", None])
def test_the_platform_stays_active(status):
    """Dies with the check: nobody could sign in any more."""
    row = platform()
    row.status = status

    with pytest.raises(PlatformUntouchable):
        change_tenant(row, before={"status": "active"}, reason="By mistake.")

    assert Tenant.objects.get(pk="platform").status == "active"
