"""What a tenant keeps on its shelves: brand, templates, configuration, knowledge, accounts."""

import datetime as dt

from content.enums import EntryCategory, EntryType, ShelfStatus
from content.models import BrandKnowledgeEntry, PostConfiguration
from content.services.founding import standard_templates
from ndsadmin.demo.world import House, World
from publishing.enums import AccountState
from publishing.models import RateLimit, SocialAccount
from tenants.models import BrandProfile
from tenants.models.brand import EMBEDDING

EXPIRED = 3  # days ago that one token ran out
LIVES = {"linkedin": 60.0, "facebook": 60.0, "instagram": 60.0, "twitter": 2 / 24}  # days of an access token
HASHTAGS = {"linkedin": 10, "twitter": 5, "facebook": 3, "instagram": 30}
CAPS = {"linkedin": 100, "twitter": 50, "facebook": 200, "instagram": 25}  # requests a window
KNOWLEDGE = (
    ("How we speak", EntryType.GUIDELINE, EntryCategory.BRAND_VOICE,
     "Short sentences. No exclamation marks. We name the customer's problem before our product."),
    ("Words we avoid", EntryType.GUIDELINE, EntryCategory.MESSAGING,
     "Never {avoid}. Prices are given in full, with delivery."),
    ("Colours and paper", EntryType.ASSET, EntryCategory.VISUAL_IDENTITY,
     "{palette} in this order of area. White space is a colour too."),
    ("What customers ask first", EntryType.FAQ, EntryCategory.MESSAGING,
     "When will it arrive? What does {product} cost? Who answers on a Saturday?"),
    ("A post that worked", EntryType.EXAMPLE, EntryCategory.BRAND_VOICE,
     "“{line}” — the most shared post of last year; nothing was sold in it."),
)  # fmt: skip


def make_shelves(world: World) -> None:
    for house in world.houses:
        _make_brand(world, house)
        _make_templates(world, house)
        _make_configuration(world, house)
        _make_knowledge(world, house)
        _make_accounts(world, house)
    _mark_special_accounts(world)


def _make_brand(world: World, house: House) -> None:
    company, tenant = house.company, house.tenant
    brand = world.fill(
        BrandProfile(
            tenant=tenant,
            palette=list(company.palette),
            typography={"headline": f"{company.typeface} Bold 48pt", "body": "Inter 16pt"},
            logo_rules={"min_size_px": 80, "safe_zone_px": 40},
            lexicon={"products": list(company.products), "avoid": list(company.avoid)},
            messaging={"taglines": [company.tagline, f"{company.name} delivers"]},
            kms_key_id=tenant.kms_key_id,
            encryption_version=1 if world.is_old(tenant) else 2,
            updated_at=world.ago(days=world.chance.randrange(2, 150)),
        ),
        embeddings=world.vector(EMBEDDING),
        tone_vectors=world.vector(EMBEDDING),
    )
    world.add(brand)


def _make_templates(world: World, house: House) -> None:
    for place, template in enumerate(standard_templates(house.tenant)):
        template.template_id = world.key()
        template.platform = house.company.platforms[place % len(house.company.platforms)]
        template.created_at = house.since
        template.updated_at = house.since + dt.timedelta(days=world.chance.randrange(1, 90))
        world.add(template)


def _make_configuration(world: World, house: House) -> None:
    company = house.company
    for name, is_default in (("Every day", True), ("Campaigns", False)):
        world.add(
            PostConfiguration(
                config_id=world.key(),
                tenant=house.tenant,
                name=name,
                platforms=list(company.platforms if is_default else company.platforms[:2]),
                max_hashtags_per_platform={platform: min(5, HASHTAGS[platform]) for platform in company.platforms},
                best_posting_times={platform: ["09:00", "12:30"] for platform in company.platforms},
                cta_default=f"Ask {company.name}",
                timezone="Europe/London",
                is_default=is_default,
                use_count=world.chance.randrange(40, 400) if is_default else world.chance.randrange(0, 40),
                last_used_at=world.ago(hours=world.chance.randrange(2, 60)),
                created_at=house.since,
                updated_at=world.ago(days=world.chance.randrange(1, 100)),
                status=ShelfStatus.ACTIVE,
            )
        )


def _make_knowledge(world: World, house: House) -> None:
    company = house.company
    words = {"avoid": " or ".join(company.avoid), "palette": ", ".join(company.palette),
             "product": company.products[0].lower(), "line": company.lines[0]}  # fmt: skip
    for title, kind, category, text in KNOWLEDGE:
        world.add(
            BrandKnowledgeEntry(
                entry_id=world.key(),
                tenant=house.tenant,
                title=title,
                entry_type=kind,
                category=category,
                content=text.format(**words),
                metadata={"source": "manual", "by": house.owner.email},
                embedding=world.vector(EMBEDDING),
                access_count=world.chance.randrange(0, 600),
                last_accessed_at=world.ago(hours=world.chance.randrange(1, 200)),
                created_at=world.ago(days=world.chance.randrange(60, 180)),
                updated_at=world.ago(days=world.chance.randrange(1, 60)),
            )
        )


def _make_accounts(world: World, house: House) -> None:
    for platform in house.company.platforms:
        last = world.ago(hours=world.chance.expovariate(1 / 12))
        account = world.fill(
            SocialAccount(
                account_id=world.key(),
                tenant=house.tenant,
                platform=platform,
                platform_user_id=str(world.chance.getrandbits(50)),
                account_name=house.tenant.name,
                account_handle=f"@{house.company.slug}",
                expires_at=_expiry(world, platform),
                refresh_token_expires_at=world.ago(days=-300) if platform == "linkedin" else None,
                scopes='["w_member_social"]',
                last_used_at=last,
                last_refresh_at=world.ago(days=world.chance.randrange(1, 40)),
                created_at=house.since + dt.timedelta(days=1),
                updated_at=last,
            ),
            access_token_encrypted=_token(world),
            refresh_token_encrypted=_token(world),
        )
        world.add(account)


def _token(world: World) -> bytes:
    return b"demo-" + world.secrets.randbytes(24).hex().encode()


def _expiry(world: World, platform: str) -> dt.datetime:
    """A refreshed token has most of its life left; the pipeline refreshes a twitter token as it runs out."""
    return world.ago(days=-LIVES[platform] * world.chance.uniform(0.3, 0.98) - (9 if platform == "twitter" else 0))


def _mark_special_accounts(world: World) -> None:
    """One token has expired, two soon will, one account fails; today's limits are nearly reached for one tenant."""
    accounts = [account for account in world.of(SocialAccount) if account.platform != "twitter"]
    marks = (_expire, _age, _age, _fail)
    for mark, account in zip(marks, world.chance.sample(accounts, min(len(marks), len(accounts))), strict=False):
        mark(world, account)
    for house in world.houses:
        for platform in house.company.platforms:
            world.add(_window(world, house, platform))


def _expire(world: World, account: SocialAccount) -> None:
    account.status, account.expires_at = AccountState.EXPIRED, world.ago(days=EXPIRED)
    account.last_used_at = world.ago(days=EXPIRED, hours=2)


def _age(world: World, account: SocialAccount) -> None:
    account.expires_at = world.ago(hours=-world.chance.randrange(20, 140))


def _fail(world: World, account: SocialAccount) -> None:
    account.status, account.error_count = AccountState.ERROR, 3
    account.last_error = "401 Unauthorized: the token was revoked by its owner."


def _window(world: World, house: House, platform: str) -> RateLimit:
    is_full = house is world.houses[0] and platform == "linkedin"
    start = (
        world.now.replace(minute=0, second=0)
        if platform == "facebook"
        else world.now.replace(hour=0, minute=0, second=0)
    )
    return RateLimit(
        tenant=house.tenant,
        platform=platform,
        window_start=start,
        request_count=int(CAPS[platform] * (0.96 if is_full else world.chance.uniform(0.02, 0.5))),
    )
