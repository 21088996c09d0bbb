"""Tenants, their people and their programs' keys."""

import base64
import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import make_password

from ndsadmin.demo.companies import COMPANIES, FIRST_NAMES, LAST_NAMES
from ndsadmin.demo.world import House, World
from security.enums import ApiKeyStatus
from security.models import ApiKey
from security.roles import PLATFORM_TENANT
from tenants.enums import AccountStatus, OAuthProvider, SubscriptionStatus, Tier, UserRole
from tenants.models import Tenant, User
from tenants.services.tenants import LIMITS

PASSWORD = "nds-admin-demo"  # noqa: S105  # printed by the command; only ever with NDS_DEBUG on
PLATFORM_PEOPLE = (
    ("operator@platform.example", UserRole.OWNER, "Olive Operator", "operator: runs the platform"),
    ("second.operator@platform.example", UserRole.ADMIN, "Otto Second", "operator: approves what the other proposes"),
    ("auditor@platform.example", UserRole.VIEWER, "Arthur Auditor", "auditor: reads everything, changes nothing"),
    ("support@platform.example", UserRole.MEMBER, "Sam Support", "support: sees how tenants fare, no contents"),
)
SHOWN = (
    ("admin", UserRole.ADMIN),
    ("member", UserRole.MEMBER),
    ("second", UserRole.MEMBER),
    ("viewer", UserRole.VIEWER),
)


def make_platform(world: World, password: str) -> None:
    """The tenant that runs the platform, and its four people."""
    tenant = _tenant(world, world.ago(days=len(world.days) + 340), PLATFORM_TENANT, "Platform", Tier.ENTERPRISE, {})
    for email, role, name, _ in PLATFORM_PEOPLE:
        world.add(_person(world, tenant, email, name, role, password))


def make_houses(world: World, tenants: int) -> None:
    """The companies with owner, admin, two members and viewer (Next Day Steel), or owner and some people."""
    password = make_password(PASSWORD)
    make_platform(world, password)
    for number in range(tenants):
        company = COMPANIES[number % len(COMPANIES)]
        since = world.ago(days=len(world.days) + world.chance.randrange(110, 330))
        tenant = _tenant(
            world,
            since,
            f"tenant_{number + 1:03}",
            company.name if number < len(COMPANIES) else f"{company.name} {number // len(COMPANIES) + 1}",
            company.tier,
            {
                "max_posts_per_month": LIMITS[company.tier],
                "cost_per_post_usd": 50,
                "skill_sharing_consent": company.shares_skills,
            },
            company.status,
            company.subscription,
        )
        house = House(company, tenant, since)
        world.houses.append(house)
        _make_people(world, house, password)
        _make_api_keys(world, house)


def _tenant(
    world: World, created: dt.datetime, key: str, name: str, tier: Tier, rules: dict[str, object],
    status: AccountStatus = AccountStatus.ACTIVE, subscription: SubscriptionStatus = SubscriptionStatus.ACTIVE,
) -> Tenant:  # fmt: skip
    world.keys.setdefault(f"kms://{key}/key", world.chance.randbytes(32))
    return world.add(
        Tenant(
            tenant_id=key,
            name=name,
            region=settings.NDS.region,
            kms_key_id=f"kms://{key}/key",
            tier=tier,
            settings=rules or None,
            stripe_customer_id=f"cus_{world.chance.randbytes(7).hex()}" if tier is not Tier.FREE and rules else None,
            created_at=created,
            updated_at=created + dt.timedelta(days=world.chance.randrange(1, 100)),
            status=status,
            subscription_status=subscription,
        )
    )


def _make_people(world: World, house: House, password: str) -> None:
    company, tenant = house.company, house.tenant
    house.people.append(
        world.add(_person(world, tenant, f"owner@{company.domain}", company.owner, UserRole.OWNER, password))
    )
    is_shown = len(world.houses) == 1
    roles = SHOWN if is_shown else SHOWN[: world.chance.randrange(1, 4)]
    for word, role in roles:
        name = f"{world.pick(FIRST_NAMES)} {world.pick(LAST_NAMES)}"
        email = f"{word}@{company.domain}" if is_shown else f"{name.replace(' ', '.').lower()}@{company.domain}"
        if email not in {person.email for person in house.people}:
            house.people.append(world.add(_person(world, tenant, email, name, role, password)))
    if len(house.people) > 3 and not is_shown:
        house.people[-1].status = "suspended"


def _person(world: World, tenant: Tenant, email: str, name: str, role: UserRole, password: str) -> User:
    created = world.ago(days=len(world.days) + world.chance.randrange(10, 105))
    has_mfa = role in {UserRole.OWNER, UserRole.ADMIN} and world.chance.random() < 0.6 and tenant.pk != PLATFORM_TENANT
    by_google = role is UserRole.MEMBER and world.chance.random() < 0.3 and tenant.pk != PLATFORM_TENANT
    person = User(
        user_id=world.key(),
        tenant=tenant,
        email=email,
        password=password,
        full_name=name,
        role=role,
        oauth_provider=OAuthProvider.GOOGLE if by_google else None,
        oauth_sub=str(world.chance.getrandbits(64)) if by_google else None,
        mfa_enabled=has_mfa,
        created_at=created,
        updated_at=created,
        last_login_at=world.ago(hours=world.chance.expovariate(1 / 40), days=0 if tenant.status == "active" else 21),
    )
    return world.fill(person, mfa_secret=base64.b32encode(world.secrets.randbytes(20))) if has_mfa else person


def _make_api_keys(world: World, house: House) -> None:
    for place in range(2 if house.company.tier is Tier.ENTERPRISE else 1):
        created = world.ago(days=world.chance.randrange(40, 300))
        expired = place == 1
        world.add(
            ApiKey(
                key_id=world.key(),
                tenant=house.tenant,
                user=house.owner,
                key_prefix=f"nds_{world.chance.randbytes(5).hex()}",
                key_hash=house.owner.password.removeprefix("bcrypt$"),
                scopes=["read:posts"] if place else ["read:posts", "write:posts"],
                last_used_at=world.ago(hours=world.chance.expovariate(1 / 30)) if not expired else world.ago(days=41),
                use_count=world.chance.randrange(20, 9000),
                created_at=created,
                expires_at=world.ago(days=40) if expired else None,
                status=ApiKeyStatus.EXPIRED if expired else ApiKeyStatus.ACTIVE,
            )
        )
