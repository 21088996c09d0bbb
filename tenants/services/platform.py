"""The tenant ``platform`` and its people."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from security.audit import Action, record
from security.roles import PLATFORM_TENANT
from security.services.keys import create_key
from tenants.enums import Tier, UserRole
from tenants.exceptions import PersonExists
from tenants.models import Tenant, User
from tenants.passwords import check_new_password


@transaction.atomic
def create_platform_person(email: str, *, password: str, role: UserRole, full_name: str | None = None) -> User:
    """Create a person who runs the platform, and the tenant ``platform`` where it is missing.

    Raises:
        PasswordUnfit: see `tenants.passwords`.
        PersonExists: somebody of the platform has that address.
    """
    check_new_password(password, User(tenant_id=PLATFORM_TENANT, tenant=ensure_platform(), email=email))
    person = User(
        tenant_id=PLATFORM_TENANT, email=email, full_name=full_name, role=role, password=make_password(password)
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise PersonExists(f"{email} is a person of the platform already.") from error
    record(
        Action.CREATE_USER,
        resource_type="user",
        resource_id=person.pk,
        tenant_id=PLATFORM_TENANT,
        details={"role": role.value},
    )
    return person


def ensure_platform() -> Tenant:
    """The tenant ``platform``, made where it is missing."""
    platform, made = Tenant.objects.get_or_create(
        tenant_id=PLATFORM_TENANT,
        defaults={
            "name": "Platform",
            "region": settings.NDS.region,
            "kms_key_id": f"kms://{PLATFORM_TENANT}/key",
            "tier": Tier.ENTERPRISE,
        },
    )
    if made:
        record(Action.CREATE_TENANT, resource_type="tenant", resource_id=PLATFORM_TENANT, tenant_id=PLATFORM_TENANT)
        create_key(PLATFORM_TENANT, platform.kms_key_id)
    return platform
