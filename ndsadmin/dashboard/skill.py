"""One skill, ready to be drawn: how it does, what its versions say, whom it descends from, what became of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.enums import SkillStatus
from content.models import Skill, SkillVersion
from content.queries.documents import leaves, spoken
from content.queries.lineage import Node, lineage_of
from content.queries.numbers import Shown, numbers, periods, trends
from content.queries.review import DOCUMENTS
from content.services.events import may_touch
from ndsadmin.charts import Chart, Series
from ndsadmin.dashboard.library import Figure, figure
from ndsadmin.dashboard.sharing import Sharing, sharing_of
from ndsadmin.db.ahead import reading_ahead
from ndsadmin.trail.changes import Difference, differences
from security.columns.documents import printable
from security.models import SharingEvent
from security.roles import Verb, may
from security.scope import Reach, current_scope
from tenants.models import User

EVENTS = 20  # the newest ones
PERIODS = 26  # half a year of weeks
VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, and what they say differently."""

    old: SkillVersion
    new: SkillVersion
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Said:
    """A document of a version as rows of a way and a value."""

    label: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Period:
    kind: str
    first: dt.date
    figure: Figure | None
    why: str
    tenants: str
    uses: str


@dataclass(frozen=True, slots=True)
class Abilities:
    """What who acts may do with a skill."""

    draft: bool
    publish: bool
    fork: bool
    review: bool


@dataclass(frozen=True, slots=True)
class SkillPage:
    skill: Skill
    figure: Figure
    since: dt.date | None
    chart: Chart | None
    versions: list[SkillVersion]
    active: SkillVersion | None
    said: list[Said]
    comparison: Comparison | None
    tree: list[Node]
    periods: list[Period]
    events: list[SharingEvent]
    abilities: Abilities
    sharing: Sharing | None
    is_platform: bool


def skill_page(skill: Skill, who: User, given: Mapping[str, str], today: dt.date) -> SkillPage:
    """The page of ``skill``; ``given`` names two versions to compare. Twelve queries at most."""
    with reading_ahead(
        lambda: numbers(today, [skill.pk]), lambda: trends(today, [skill.pk]), lambda: list(_versions(skill)),
        lambda: lineage_of(skill), lambda: periods(skill.pk), lambda: list(_events(skill)),
        lambda: sharing_of(skill),
    ):  # fmt: skip
        known, versions = numbers(today, [skill.pk]).get(skill.pk), list(_versions(skill))
        went, tree, decided = trends(today, [skill.pk]), lineage_of(skill), periods(skill.pk)
        events, sharing = list(_events(skill)), sharing_of(skill)
    active = next((version for version in versions if version.is_active), None)
    when = "Week from" if known and known.is_published else "Day"
    return SkillPage(
        skill, figure(known), known.first if known else None, _chart(went.get(skill.pk, []), when), versions, active,
        said_by(active) if active else [], _comparison(versions, active, given), tree if len(tree) > 1 else [],
        [_period(shown) for shown in decided[:PERIODS]], events, abilities(skill, who), sharing,
        current_scope().reach is Reach.PLATFORM,
    )  # fmt: skip


def abilities(skill: Skill, who: User) -> Abilities:
    scope = current_scope()
    in_tenant = scope.reach is Reach.TENANT
    is_over_all = scope.reach is Reach.PLATFORM
    return Abilities(
        draft=scope.looks_as is None and skill.status != SkillStatus.RETIRED and may_touch(skill, Verb.CHANGE, who),
        publish=scope.looks_as is None and may_touch(skill, Verb.PUBLISH, who),
        fork=scope.looks_as is None and in_tenant and may(scope.role, Verb.CHANGE, Skill._meta.db_table),
        review=is_over_all and not skill.is_global and may(scope.role, Verb.VIEW, "skill review"),
    )


def said_by(version: SkillVersion) -> list[Said]:
    """What a version says, document by document."""
    return [
        Said(
            label.capitalize(), [(spoken(path), _text(value)) for path, value in leaves(getattr(version, name)).items()]
        )
        for name, label in DOCUMENTS.items()
    ]


def differences_of(old: SkillVersion, new: SkillVersion) -> list[Difference]:
    """What two versions say differently, value by value."""
    changes: dict[str, Any] = {}
    for name, label in DOCUMENTS.items():
        before, after = leaves(getattr(old, name)), leaves(getattr(new, name))
        for path in {**before, **after}:
            if before.get(path) != after.get(path):
                changes[f"{label}: {spoken(path)}"] = [_text(before.get(path)), _text(after.get(path))]
    return differences("skill_version", {"changes": changes})


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else printable(str(value))


def _versions(skill: Skill) -> Any:
    return SkillVersion.objects.filter(skill=skill).order_by("-version_number", "-pk")[:VERSIONS]


def _events(skill: Skill) -> Any:
    if not may(current_scope().role, Verb.VIEW, SharingEvent._meta.db_table):
        return SharingEvent.objects.none()
    return SharingEvent.objects.filter(skill=skill).order_by("-timestamp", "-pk")[:EVENTS]


def _comparison(
    versions: Sequence[SkillVersion], active: SkillVersion | None, given: Mapping[str, str]
) -> Comparison | None:
    """Of the two versions that were asked for; else of the active one and the one before it."""
    by_number = {str(version.version_number): version for version in versions}
    new = by_number.get(given.get("new", "")) or active or (versions[0] if versions else None)
    if new is None:
        return None
    older = [version for version in versions if version.version_number < new.version_number]
    old = by_number.get(given.get("old", "")) or (older[0] if older else None)
    return Comparison(old, new, differences_of(old, new)) if old is not None and old != new else None


def _chart(went: Sequence[tuple[dt.date, float]], when: str) -> Chart | None:
    if len(went) < 2:
        return None
    days, rates = [day for day, _ in went], [rate * 100 for _, rate in went]
    return Chart(
        "Success", days, (Series("Uses that passed", rates),), shown=lambda value: f"{value:.0f} %", height=180,
        when=when, is_summed=False,
    )  # fmt: skip


def _period(shown: Shown) -> Period:
    known = shown.numbers
    if known is not None:
        return Period(shown.kind, shown.first, figure(known), "", known.tenants, f"{known.uses:,}")
    assert shown.why is not None
    return Period(shown.kind, shown.first, None, shown.why.label, f"{shown.tenants:,}", f"{shown.uses:,}")
