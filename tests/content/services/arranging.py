"""A private skill that meets every rule of promotion; tests take one away."""

import datetime as dt
from dataclasses import dataclass

from content.models import Skill, SkillVersion
from content.queries.review import Review, review_of
from security.scope import platform_scope
from tenants.models import Tenant, User
from tests.factories.content import generated_content, skill, skill_metrics, skill_version
from tests.factories.tenants import brand_profile, platform_person, tenant

TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
FRAGMENTS = {"system": "Compose a clear layout.", "user_template": "Show {{product}} with one benefit a column."}
AGREES = {"skill_sharing_consent": True}


@dataclass
class Ripe:
    source: Tenant
    skill: Skill
    version: SkillVersion
    forks: list[Skill]
    others: list[Tenant]


def ripe(*, uses: int = 100, defects: float = 0.04, age: int = 30, tenants: int = 5, settings=AGREES, **given) -> Ripe:
    """``tenants`` of them used its lineage: its own, and the others by forks."""
    source = tenant(name="Cobalt Cycles", settings=settings)
    brand_profile(tenant=source, palette=["#0047ab"], lexicon={"products": ["Pannier"]}, messaging=None)
    created = dt.datetime.combine(TODAY - dt.timedelta(days=age), dt.time(12), dt.UTC)
    made = skill(visibility=f"tenant:{source.pk}", created_at=created, **given)
    version = skill_version(skill=made, prompt_fragments_json=FRAGMENTS, version_number=2, is_active=True)
    skill_metrics(skill=made, date=TODAY, uses=uses, defect_rate=defects, skill_version_id=version.pk)
    generated_content(tenant=source, skill=made, created_at=NOON)
    others = [tenant(settings=AGREES) for _ in range(tenants - 1)]
    forks = [skill(visibility=f"tenant:{other.pk}", parent_skill=made) for other in others]
    for other, fork in zip(others, forks, strict=True):
        generated_content(tenant=other, skill=fork, created_at=NOON)
    return Ripe(source, made, version, forks, others)


def reviewed(found: Ripe, today: dt.date = TODAY) -> Review:
    return review_of(Skill.objects.get(pk=found.skill.pk), today)


def by(who: User):
    """As an operator does, over all tenants."""
    return platform_scope(reason="A review", actor=who)


def operators(number: int = 2) -> list[User]:
    return [platform_person(role="owner") for _ in range(number)]
