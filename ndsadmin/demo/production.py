"""Ninety days of work: content, what the guards and people said of it, and the posts."""

import datetime as dt
from dataclasses import dataclass

from content.enums import Classification, ContentType, Guard, RevisionType
from content.models import ContentTemplate, GeneratedContent, GuardResult, RevisionEvent
from ndsadmin.demo.companies import CAMPAIGNS
from ndsadmin.demo.library import Made
from ndsadmin.demo.shelves import EXPIRED
from ndsadmin.demo.world import House, World
from publishing.enums import AccountState, PostStatus
from publishing.models import PublishedPost, SocialAccount
from tenants.enums import AccountStatus

GUARDS = (Guard.TEXT_OVERLAP, Guard.SAFE_MARGIN, Guard.CONTRAST, Guard.LOGO_PROTECTION, Guard.BRAND_PALETTE)
MEASURED = {
    Guard.TEXT_OVERLAP: ("overlap_ratio", 0.0, 0.04, 0.06, 0.2),
    Guard.SAFE_MARGIN: ("min_margin", 34, 60, 8, 30),
    Guard.CONTRAST: ("measured_ratio", 4.6, 12.0, 2.0, 4.3),
    Guard.LOGO_PROTECTION: ("overlapping_elements", 0, 0, 1, 3),
    Guard.BRAND_PALETTE: ("nearest_approved", 0.5, 8.0, 11.0, 28.0),
}  # what passes from, to, and what fails from, to (domain.md, Guards)
DEFECTS = ("guard_fail_contrast", "text_overlap", "factual_error", "brand_violation", "wrong_product")
PREFERENCES = ("tone_adjustment", "layout_change", "casual_tone", "element_reposition")
NAMES = {"twitter": "x"}  # how an intent calls a platform (domain.md, Content)
SPIKE = 14  # days ago on which guards failed more often: what an alert would have told


@dataclass(slots=True)
class Shelf:
    """What a house publishes with."""

    accounts: dict[str, SocialAccount]
    templates: list[ContentTemplate]
    skills: list[Made]


def make_production(world: World, library: list[Made]) -> None:
    """Content for every day; two thirds of it is published."""
    shelves = {house.tenant.pk: _shelf(world, house, library) for house in world.houses}
    for place, day, busy in world.working_days():
        for house in world.houses:
            stopped = house.tenant.status != AccountStatus.ACTIVE and place > len(world.days) - 20
            for _ in range(0 if stopped else world.times(house.company.pace * busy)):
                _make_content(world, house, shelves[house.tenant.pk], day)
    _count_uses(world)


def _count_uses(world: World) -> None:
    """What the pipeline notes on a template each time it uses one."""
    used = {template.pk: template for template in world.of(ContentTemplate)}
    for content in world.of(GeneratedContent):
        template = used[str(content.template_id)]
        template.use_count = (template.use_count or 0) + 1
        template.last_used_at = content.created_at


def _shelf(world: World, house: House, library: list[Made]) -> Shelf:
    own = house.tenant.pk
    return Shelf(
        {account.platform: account for account in world.of(SocialAccount) if account.tenant_id == own},
        [template for template in world.of(ContentTemplate) if template.tenant_id == own],
        [
            made
            for made in library
            if made.pattern.weight
            and made.pattern.platform in house.company.platforms
            and made.tenant_id in {None, own}
        ],
    )


def _make_content(world: World, house: House, shelf: Shelf, day: dt.date) -> None:
    chance, created = world.chance, world.moment(day)
    made = _skill(world, shelf, created)
    is_bad = chance.random() < made.pattern.defects
    content = GeneratedContent(
        content_id=world.key(),
        tenant=house.tenant,
        intent_spec={
            "task": made.skill.task,
            "platform": NAMES.get(made.pattern.platform, made.pattern.platform),
            "copy_blocks": [{"name": "headline", "max_chars": 60}],
        },
        skill=made.skill,
        skill_version=made.version,
        template=chance.choice([t for t in shelf.templates if t.platform == made.pattern.platform] or shelf.templates),
        content_type=ContentType.TEXT_IMAGE,
        text_content=chance.choice(house.company.lines),
        hashtags=[f"#{house.company.slug}", "#" + house.company.products[0].split()[0].lower()],
        brand_voice_score=round(min(0.99, max(0.4, chance.gauss(0.78 if is_bad else 0.9, 0.05))), 3),
        cost=round(chance.uniform(0.16, 0.42), 4),
        generation_time_ms=int(chance.lognormvariate(8.5, 0.35)),
        model_used="claude-sonnet-4.5",
        created_at=created,
    )
    content.image_url = f"https://assets.example/{content.pk}.png"
    _run_guards(world, content, made.pattern.rough, is_bad=is_bad and chance.random() < 0.6, day=day)
    content.user_selected = chance.random() < (0.35 if is_bad else 0.85)
    content.user_approved = content.user_selected and not is_bad and chance.random() < 0.9
    world.add(content)
    _revise(world, content, created, is_bad=is_bad)
    if content.user_approved and chance.random() < 0.86:
        _publish(world, house, shelf, content, created)


def _skill(world: World, shelf: Shelf, time: dt.datetime) -> Made:
    """Champions are chosen twice as often; a private skill gets its share of the platform's work."""
    draw = world.chance.random()
    for made in shelf.skills:
        if made.tenant_id and made.since < time and (draw := draw - made.pattern.weight) < 0:
            return made
    common = [made for made in shelf.skills if not made.tenant_id]
    found: Made = world.pick(common, [made.pattern.weight for made in common])
    return found


def _run_guards(world: World, content: GeneratedContent, rough: float, *, is_bad: bool, day: dt.date) -> None:
    chance, request, failed = world.chance, world.key(), 0
    is_spike = (world.days[-1] - day).days == SPIKE
    worst = chance.choice(GUARDS)
    for guard in GUARDS:
        fails = (is_bad and guard is worst) or chance.random() < (rough + 0.1 if is_spike else rough)
        failed += fails
        name, *bounds = MEASURED[guard]
        low, high = bounds[2:] if fails else bounds[:2]
        measured = chance.uniform(low, high) if isinstance(bounds[1], float) else chance.randint(int(low), int(high))
        fixed = fails and chance.random() < 0.4
        world.add(
            GuardResult(
                result_id=world.key(),
                request_id=request,
                content=content,
                guard_id=guard,
                passed=not fails,
                metrics_json={name: round(measured, 2)},
                auto_fixed=fixed,
                action_taken="moved the text" if fixed else ("asked again" if fails else None),
                created_at=content.created_at,
            )
        )
    content.guards_failed, content.guards_passed = failed, len(GUARDS) - failed
    content.guard_pass_rate = round(content.guards_passed / len(GUARDS), 3)


def _revise(world: World, content: GeneratedContent, created: dt.datetime, *, is_bad: bool) -> None:
    chance = world.chance
    if not is_bad and chance.random() > 0.12:
        return
    world.add(
        RevisionEvent(
            event_id=world.key(),
            request_id=world.key(),
            tenant=content.tenant,
            content=content,
            skill=content.skill,
            skill_version=content.skill_version,
            classification=Classification.DEFECT if is_bad else Classification.PREFERENCE,
            confidence=round(chance.uniform(0.7, 0.99), 2),
            labels_defect=[chance.choice(DEFECTS)] if is_bad else None,
            labels_preference=None if is_bad else [chance.choice(PREFERENCES)],
            user_notes=chance.choice(("Please shorter.", "Wrong product in the picture.", None, None)),
            revision_type=RevisionType.REGENERATE if is_bad else RevisionType.MANUAL_EDIT,
            created_at=min(world.now, created + dt.timedelta(minutes=chance.randrange(3, 200))),
        )
    )


def _publish(world: World, house: House, shelf: Shelf, content: GeneratedContent, created: dt.datetime) -> None:
    chance, platform = world.chance, content.skill.platform if content.skill else ""
    time = created + dt.timedelta(minutes=chance.randrange(5, 400))
    if time > world.now:
        return
    account = shelf.accounts[platform]
    if account.status == AccountState.EXPIRED and time > world.ago(days=EXPIRED):
        return
    draw = chance.random()
    is_refused = account.status == AccountState.ERROR and time > world.ago(days=2)
    status = (
        PostStatus.FAILED if draw < 0.03 or is_refused else PostStatus.DELETED if draw < 0.04 else PostStatus.PUBLISHED
    )
    campaign = chance.choice(CAMPAIGNS) if chance.random() < 0.35 else None
    post = PublishedPost(
        post_id=world.key(),
        tenant=house.tenant,
        content=content,
        platform=platform,
        account=account,
        platform_post_id="" if status is PostStatus.FAILED else str(chance.getrandbits(60)),
        text=content.text_content or "",
        image_url=content.image_url,
        hashtags=content.hashtags,
        published_at=time,
        published_by=chance.choice(house.authors),
        generation_metadata={"skill_id": content.skill_id},
        campaign_id=campaign,
        utm_params={"source": platform, "medium": "social", **({"campaign": campaign} if campaign else {})},
        status=status,
        created_at=content.created_at,
        updated_at=time,
    )
    if status is not PostStatus.FAILED:
        post.platform_post_url = f"https://social.example/{post.pk}"
    world.add(post)
