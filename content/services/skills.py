"""Changing, forking and retiring skills. Promotion, which shows one to others, has a service of its own."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from content.enums import SkillStatus, SkillTier
from content.exceptions import ChampionMismatch, RetiringIsAnEvent, SkillRefused
from content.leaks import Text, TooLong
from content.models import Skill, SkillVersion
from content.models.skills import PRIVATE
from content.queries.brands import BrandUnreadable
from content.queries.retiring import Retirement, due_retirements
from content.queries.review import DOCUMENTS, leaks_of
from content.services.events import checked_reason, may_touch, note, tell
from security.audit import Action
from security.columns import new_key, now
from security.contract import column_of
from security.enums import SharingAction
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.repeating import repeatable
from security.services.rows import Values, tenant_of, update_row
from tenants.models import User

NAME = 120  # characters


def change_skill(skill: Skill, *, before: Values, reason: str | None = None) -> frozenset[str]:
    """Write what differs from ``before``; see `security.services.rows.update_row`.

    Raises:
        RetiringIsAnEvent: the skill would be retired.
        ChampionMismatch: only one of status and tier says champion.
        RowChanged: somebody else changed one of the columns in the meantime.
        SkillRefused: everybody would read a name that tells of a brand.
    """
    if skill.status == SkillStatus.RETIRED != before.get("status", skill.status):
        raise RetiringIsAnEvent("A skill is not retired by editing its row.")
    if before.get("status") == SkillStatus.RETIRED != skill.status:
        raise RetiringIsAnEvent("A retired skill stays so: fork it instead.")
    if (skill.status == SkillStatus.CHAMPION) != (skill.tier == SkillTier.CHAMPION):
        raise ChampionMismatch("Status champion and tier champion go together: set both or neither.")
    if skill.is_global and before.get("name", skill.name) != skill.name:
        check_shared(skill, [Text("name", str(skill.name))])
    return update_row(skill, before=before, reason=reason)


def check_shared(skill: Skill, texts: Iterable[Text]) -> None:
    """Raise `SkillRefused` where ``texts``, which everybody would read, tell whom the skill is from, or name a price,
    an address or a handle."""
    try:
        hits = leaks_of(skill, texts)
    except (BrandUnreadable, TooLong) as problem:
        raise SkillRefused(str(problem)) from problem
    if hits:
        raise SkillRefused(f"Everybody would read it: {hits[0].place} has a {hits[0].kind}, {hits[0].term}.")


@repeatable
def fork_skill(skill: Skill, version: SkillVersion, *, name: str, reason: str) -> Skill:
    """A private skill of the tenant in force that begins as ``version`` of one that it reads.

    Raises:
        SkillRefused: not in a tenant, not by this role, or under no name.
    """
    scope, why = current_scope(), checked_reason(reason)
    if scope.reach is not Reach.TENANT or scope.tenant_id is None or not may(scope.role, Verb.CHANGE, "skills"):
        raise SkillRefused("Owners and admins fork skills, into their own tenant.")
    return copy_into(scope.tenant_id, skill, version, name=name, reason=why)


def copy_into(tenant_id: str, skill: Skill, version: SkillVersion, *, name: str, reason: str) -> Skill:
    """A private skill of ``tenant_id``, with its event for the source. For services: nothing is asked here."""
    kept = " ".join(name.split())
    if not 0 < len(kept) <= NAME or not kept.isprintable():
        raise SkillRefused(f"name: expected 1 to {NAME} characters, got {len(kept)}.")
    if version.skill_id != skill.pk:
        raise SkillRefused("version: expected one of this skill.")
    fork = Skill.objects.create(
        name=kept, task=skill.task, platform=skill.platform, modality=skill.modality,
        visibility=f"{PRIVATE}{tenant_id}", parent_skill=skill, status=SkillStatus.TESTING, tier=SkillTier.EXPERIMENTAL,
    )  # fmt: skip
    store(SkillVersion(
        skill=fork, version_number=1, version_notes=version.version_notes, is_active=True,
        **{column: getattr(version, column) for column in DOCUMENTS},
    ))  # fmt: skip
    details = {"from": skill.pk, "version": version.version_number}
    source = tenant_of(skill) or tenant_id
    tell(fork, SharingAction.FORK, reason=reason, source=source, details=details)
    if source != tenant_id:  # whose trail does not know the event of the other
        note(fork, Action.FORK_SKILL, reason=reason, details={"skill": fork.name, "pilot": True})
    return fork


def store(version: SkillVersion) -> None:
    """Store a new version. Raises `SkillRefused` where one of its documents is none that can be kept."""
    for column, label in DOCUMENTS.items():
        try:
            column_of(SkillVersion, column).get_db_prep_save(getattr(version, column), connection)
        except (ValueError, TypeError) as error:
            raise SkillRefused(f"{label}: {error}") from error
    version.save(force_insert=True)


@repeatable
def retire_skill(skill: Skill, *, reason: str, who: User | None = None) -> None:
    """Take a skill out of use for good: the pipeline chooses it no more, its numbers stay.

    Raises:
        SkillRefused: it is retired already, or not this person's to retire.
    """
    why = checked_reason(reason)
    if not may_touch(skill, Verb.PUBLISH, who):
        raise SkillRefused("This skill is not yours to retire.")
    tier = SkillTier.STANDARD if skill.tier == SkillTier.CHAMPION else skill.tier
    left = Skill.objects.filter(pk=skill.pk, visibility=skill.visibility).exclude(status=SkillStatus.RETIRED)
    if not left.update(status=SkillStatus.RETIRED, tier=tier, updated_at=now()):
        raise SkillRefused("It is retired already.")
    tell(skill, SharingAction.RETIRE, reason=why, source=tenant_of(skill), details={"was": skill.status})


def retire_at_once(today: dt.date) -> list[Retirement]:
    """Retire everybody's skills that are mostly defects, as the platform's own work; those. For the clock."""
    found = [one for one in due_retirements(today) if one.at_once and one.skill.is_global]
    for one in found:
        retire_skill(one.skill, reason=one.why)
    return found


@repeatable
def set_aside(skill: Skill, version: SkillVersion, tenant_id: str) -> int:
    """Give every version but ``version`` to a retired, private skill of ``tenant_id``; how many there were.

    Who promotes shows one version, which was looked at. The others may say what nobody looked for.
    """
    others = SkillVersion.objects.filter(skill=skill).exclude(pk=version.pk)
    if not others.exists():
        return 0
    aside = Skill.objects.create(
        pk=new_key(), name=f"{skill.name} (before it was shared)"[:NAME], task=skill.task, platform=skill.platform,
        modality=skill.modality, visibility=f"{PRIVATE}{tenant_id}", parent_skill=skill, status=SkillStatus.RETIRED,
    )  # fmt: skip
    aside.skillembedding_set.model.objects.filter(skill=skill).exclude(skill_version=version).update(skill=aside)
    return others.update(skill=aside, is_active=False)
