"""The skills: global ones, private ones, and those that an operator will want to look at."""

import datetime as dt
from dataclasses import dataclass, replace

from content.enums import SkillStatus, SkillTier
from content.models import Skill, SkillEmbedding, SkillVersion
from content.models.skills import GLOBAL, PRIVATE
from ndsadmin.demo.world import House, World
from security.enums import SharingAction
from security.models import SharingEvent
from tenants.models import User

DIMENSIONS = 1024
PLATFORMS = ("linkedin", "twitter", "facebook", "instagram")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A skill to be made. ``defects`` is how often a use is one, ``rough`` how often one of five guards fails: so
    that success falls into the band of the status (domain.md, Skills)."""

    key: str
    name: str
    defects: float
    rough: float
    weight: float = 1.0  # among common skills; of a private one its share of the tenant's work
    status: SkillStatus = SkillStatus.ACTIVE
    platform: str = ""
    fragment: str = "Show {{product}} with one benefit a column."
    age: int = 180  # days


LAYOUTS = (
    Pattern("3col_product", "3-Column Product Layout", 0.02, 0.012, 2.0, SkillStatus.CHAMPION),
    Pattern("hero_quote", "Hero With Quote", 0.05, 0.04),
    Pattern("carousel_howto", "How-To Carousel", 0.06, 0.045),
    Pattern("stat_card", "Single Statistic Card", 0.12, 0.073, status=SkillStatus.TESTING),
)
FAILING = Pattern("before_after", "Before And After", 0.42, 0.14, 0.4, SkillStatus.FAILING, "linkedin")
RETIRED = Pattern("banner", "Banner", 0.6, 0.2, 0.0, SkillStatus.RETIRED, "facebook")


@dataclass(frozen=True, slots=True)
class Story:
    """A private skill of a house, and in how many other tenants an operator tries it out."""

    house: int
    pattern: Pattern
    pilots: int = 0


STORIES = (
    # Ripe for promotion: used, sound, old enough, and known to five other tenants by a pilot.
    Story(0, Pattern("delivery_timeline", "Delivery Timeline", 0.012, 0.008, 0.55, age=75,
                     fragment="Show order, cut and delivery as three dated steps."), 5),
    # Nearly ripe: neither used often enough nor known to enough tenants.
    Story(8, Pattern("route_map_card", "Route Map Card", 0.02, 0.015, 0.3, age=64,
                     fragment="Draw the route as one line with three named stops."), 2),
    # A brand leak: the fragment names the company, its tagline and its blue.
    Story(4, Pattern("rider_portrait", "Rider Portrait", 0.015, 0.01, 0.85, age=58,
                     fragment="Close with “Further, on less” in Cobalt Cycles blue, #0047ab."), 5),
    Story(3, Pattern("bowl_of_the_week", "Bowl Of The Week", 0.04, 0.03, 0.25, age=40,
                     fragment="One dish from above, its price in the corner.")),
    Story(2, Pattern("before_the_grain", "Before The Grain", 0.09, 0.06, 0.2, age=22,
                     fragment="Raw timber left, finished piece right.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A skill as the pipeline uses it; ``tenant_id`` is None where it is everybody's."""

    skill: Skill
    version: SkillVersion
    pattern: Pattern
    tenant_id: str | None
    since: dt.datetime  # when its newest version was there


def make_library(world: World) -> list[Made]:
    old = len(world.days) + 40  # before the first day of content
    common = [replace(layout, platform=platform, age=old) for platform in PLATFORMS for layout in LAYOUTS]
    made = [_make(world, pattern, None) for pattern in (*common, replace(FAILING, age=old), replace(RETIRED, age=old))]
    for story in STORIES:
        if story.house < len(world.houses):
            made += _make_story(world, story)
    _event(world, SharingAction.PROMOTE, made[0].skill, world.houses[0], "Meets every rule of promotion.", days=61)
    _event(world, SharingAction.RETIRE, made[len(common) + 1].skill, None, "Defect rate above one half.", days=12)
    return made


def _make_story(world: World, story: Story) -> list[Made]:
    """A private skill, and its forks in the tenants of its pilot."""
    house = world.houses[story.house]
    pattern = replace(story.pattern, platform=house.company.platforms[0])
    found = [_make(world, pattern, house)]
    willing = [
        other
        for other in world.houses
        if other is not house
        and other.company.shares_skills
        and pattern.platform in other.company.platforms
        and other.tenant.status == "active"
    ]
    for other in willing[: story.pilots]:
        pilot = _make(world, replace(pattern, name=f"{pattern.name} (pilot)", weight=0.12, age=34), other)
        pilot.skill.parent_skill = found[0].skill
        _event(world, SharingAction.FORK, pilot.skill, house, f"Pilot of {pattern.name}.", days=34)
        found.append(pilot)
    return found


def _make(world: World, pattern: Pattern, house: House | None) -> Made:
    owner = house.tenant.pk if house else None
    champion = pattern.status is SkillStatus.CHAMPION
    created = world.ago(days=pattern.age + world.chance.random())
    skill = world.add(
        Skill(
            skill_id=f"skill_{pattern.key}_{world.houses.index(house) + 1:02}"
            if house
            else f"skill_{pattern.platform}_{pattern.key}",
            name=pattern.name if owner else f"{pattern.name} ({pattern.platform.title()})",
            task="social_image_post",
            platform=pattern.platform,
            modality="image+text",
            visibility=f"{PRIVATE}{owner}" if owner else GLOBAL,
            status=pattern.status,
            tier=SkillTier.CHAMPION if champion else SkillTier.STANDARD,
            created_at=created,
            updated_at=world.ago(days=world.chance.randrange(1, 20)),
        )
    )
    number = world.chance.randrange(1, 4)
    versions = [
        _version(world, pattern, skill, place, created + dt.timedelta(days=5 * place)) for place in range(1, number + 1)
    ]
    versions[-1].is_active = True
    world.add(
        SkillEmbedding(
            embedding_id=world.key(),
            skill=skill,
            skill_version=versions[-1],
            vector=world.vector(DIMENSIONS),
            tags=["product_focus", "minimalist"] if champion else ["editorial"],
            created_at=created + dt.timedelta(days=5 * number),
        )
    )
    return Made(skill, versions[-1], pattern, owner, created + dt.timedelta(days=5 * number))


def _version(world: World, pattern: Pattern, skill: Skill, number: int, created: dt.datetime) -> SkillVersion:
    return world.add(
        SkillVersion(
            skill_version_id=f"{skill.pk}_v{number}",
            skill=skill,
            prompt_fragments_json={"system": "Compose a clear layout.", "user_template": pattern.fragment},
            constraints_json={"min_font_pt": 22, "safe_margin_px": min(24 + 4 * number, 32)},
            toolchain_json={"text_model": "claude-sonnet-4.5", "image_model": "gemini-2.5"},
            guards_json=["text_overlap", "safe_margin", "contrast", "logo_protection", "brand_palette"],
            version_number=number,
            version_notes=None if number == 1 else "Larger margins after three overlaps.",
            is_active=False,
            created_at=created,
        )
    )


def _event(world: World, action: SharingAction, skill: Skill, house: House | None, reason: str, *, days: int) -> None:
    world.add(
        SharingEvent(
            event_id=world.key(),
            action=action,
            actor="system_auto" if action is SharingAction.RETIRE else f"admin:{world.of(User)[0].pk}",
            tenant=house.tenant if house else None,
            skill=skill,
            reason=reason,
            metadata={"skill": skill.name},
            timestamp=world.ago(days=days, hours=world.chance.randrange(0, 9)),
        )
    )
