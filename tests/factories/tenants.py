from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password

from security.crypto.fields import Ciphertext
from tenants.models import BrandProfile, Tenant, User
from tests.arranging import made

PASSWORD = "a password of tests"
_numbers = count(1)


@cache
def hashed(password: str) -> str:
    """The bcrypt hash of ``password``; each is made once, since one takes a quarter second."""
    return make_password(password)


def tenant(**given) -> Tenant:
    number = next(_numbers)
    values = {
        "tenant_id": f"t{number}",
        "name": f"Tenant {number}",
        "region": "eu-west",
        "kms_key_id": f"kms://t{number}/key",
    }
    return made(Tenant, **{**values, **given})


def platform() -> Tenant:
    return Tenant.objects.filter(pk="platform").first() or tenant(tenant_id="platform", name="Platform")


def person(**given) -> User:
    number = next(_numbers)
    owner = given.pop("tenant", None) or tenant()
    values = {"email": f"person{number}@example.com", "role": "member"}
    password = hashed(given.pop("password", PASSWORD))
    return made(User, tenant=owner, password=password, **{**values, **given})


def platform_person(**given) -> User:
    return person(tenant=platform(), **given)


def brand_profile(**given) -> BrandProfile:
    values = {
        "embeddings": Ciphertext(b"\x01" * 6172),
        "palette": ["#0b6153"],
        "typography": {"body": "Inter 16pt"},
        "logo_rules": {"min_size_px": 80},
        "kms_key_id": "kms://t/key",
    }
    return made(BrandProfile, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})
