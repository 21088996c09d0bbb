import pytest

from security.models import AuditLog
from tenants.enums import UserRole
from tenants.exceptions import PasswordUnfit, PersonExists
from tenants.models import Tenant, User
from tenants.services.platform import create_platform_person, ensure_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
PASSWORD = "twelve or more"


def test_the_first_person_makes_the_platform_too():
    who = create_platform_person("ada@example.com", password=PASSWORD, role=UserRole.OWNER)

    assert User.objects.get().check_password(PASSWORD)
    assert (who.tenant_id, who.tenant.region) == ("platform", "eu-west")
    assert list(AuditLog.objects.order_by("log_id").values_list("action", flat=True)) == [
        "create_tenant",
        "create_tenant_key",
        "create_user",
    ]


def test_the_same_address_twice_is_refused_and_changes_nothing():
    create_platform_person("ada@example.com", password=PASSWORD, role=UserRole.OWNER)

    with pytest.raises(PersonExists, match="is a person of the platform already"):
        create_platform_person("ada@example.com", password=PASSWORD, role=UserRole.VIEWER)

    assert User.objects.get().role == "owner"


@pytest.mark.parametrize(
    ("password", "told"),
    [("short", "at least 12 characters, got 5"), ("x" * 73, "at most 72 bytes, got 73"), ("ü" * 37, "got 74")],
)
def test_an_unfit_password_is_refused_and_nobody_is_made(password, told):
    with pytest.raises(PasswordUnfit, match=told):
        create_platform_person("ada@example.com", password=password, role=UserRole.OWNER)

    assert (User.objects.count(), Tenant.objects.count()) == (0, 0)


def test_the_platform_is_made_once():
    assert ensure_platform() == ensure_platform()
    assert AuditLog.objects.filter(action="create_tenant").count() == 1
