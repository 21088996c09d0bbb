"""Versions of a skill: drafted, put into use, and brought back. One that was stored is not changed any more."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from content.enums import SkillStatus
from content.exceptions import SkillRefused
from content.models import Skill, SkillVersion
from content.queries.review import DOCUMENTS, texts_of
from content.services.events import checked_reason, may_touch, note, tell
from content.services.skills import check_shared, store
from security.audit import Action
from security.columns import now
from security.enums import SharingAction
from security.roles import Verb
from security.services.repeating import repeatable
from security.services.rows import tenant_of
from tenants.models import User

NOTES = 1_000  # characters


@repeatable
def draft_version(skill: Skill, documents: Mapping[str, Any], *, notes: str, who: User | None = None) -> SkillVersion:
    """A new version that is not in use yet.

    Raises:
        SkillRefused: not this person's to change, or retired; it says just what the version in use says, or what
            not everybody may read.
    """
    if not may_touch(skill, Verb.CHANGE, who):
        raise SkillRefused("This skill is not yours to change.")
    if Skill.objects.filter(pk=skill.pk, status=SkillStatus.RETIRED).exists():
        raise SkillRefused("The skill is retired: fork it instead.")
    why = checked_reason(notes)
    if len(why) > NOTES:
        raise SkillRefused(f"notes: expected at most {NOTES:,} characters, got {len(why):,}.")
    active = SkillVersion.objects.filter(skill=skill, is_active=True).first()
    if active is not None and all(getattr(active, column) == documents[column] for column in DOCUMENTS):
        raise SkillRefused(f"It says just what version {active.version_number} says, which is in use.")
    made = _store(skill, documents, why)
    note(skill, Action.CREATE_SKILL_VERSION, reason=why, details={"version": made.version_number})
    return made


@repeatable
def activate_version(skill: Skill, version: SkillVersion, *, reason: str, who: User | None = None) -> None:
    """Put a version into use in place of the one that is.

    Raises:
        SkillRefused: not this person's to put into use, in use already, or of a skill that is retired.
    """
    why = checked_reason(reason)
    _check(skill, version, who)
    if SkillVersion.objects.filter(pk=version.pk, is_active=True).exists():
        raise SkillRefused("It is in use already.")
    _check_shared(skill, version)
    old = _replace(skill, version)
    note(skill, Action.ACTIVATE_SKILL_VERSION, reason=why, details={"from": old, "to": version.version_number})


@repeatable
def roll_back(skill: Skill, version: SkillVersion, *, reason: str, who: User | None = None) -> SkillVersion:
    """Restore what ``version`` says as a new version, in use at once.

    Raises:
        SkillRefused: as for `activate_version`.
    """
    why = checked_reason(reason)
    _check(skill, version, who)
    if SkillVersion.objects.filter(pk=version.pk, is_active=True).exists():
        raise SkillRefused("It is in use already.")
    documents = {column: getattr(version, column) for column in DOCUMENTS}
    made = _store(skill, documents, f"Version {version.version_number} again: {why}"[:NOTES])
    old = _replace(skill, made)
    details = {"to": version.version_number, "from": old, "version": made.version_number}
    tell(skill, SharingAction.ROLL_BACK, reason=why, source=tenant_of(skill), details=details)
    return made


def _check(skill: Skill, version: SkillVersion, who: User | None) -> None:
    if version.skill_id != skill.pk:
        raise SkillRefused("version: expected one of this skill.")
    if not may_touch(skill, Verb.PUBLISH, who):
        raise SkillRefused("This skill is not yours to put into use.")
    if Skill.objects.filter(pk=skill.pk, status=SkillStatus.RETIRED).exists():
        raise SkillRefused("The skill is retired: fork it instead.")


def _check_shared(skill: Skill, version: SkillVersion) -> None:
    """Drafts too: everybody reads all versions of a global skill."""
    if skill.is_global:
        check_shared(skill, texts_of(skill, version))


def _store(skill: Skill, documents: Mapping[str, Any], notes: str) -> SkillVersion:
    """A further version, not in use. Raises `SkillRefused`, see `_check_shared`."""
    numbers = SkillVersion.objects.filter(skill=skill).aggregate(last=Max("version_number"))
    made = SkillVersion(
        skill=skill, version_number=(numbers["last"] or 0) + 1, version_notes=notes, is_active=False,
        **{column: documents[column] for column in DOCUMENTS},
    )  # fmt: skip
    _check_shared(skill, made)
    store(made)
    return made


def _replace(skill: Skill, version: SkillVersion) -> list[int]:
    """Put ``version`` into use alone; the numbers of those that were."""
    active = SkillVersion.objects.filter(skill=skill, is_active=True).exclude(pk=version.pk)
    old = sorted(active.values_list("version_number", flat=True))
    active.update(is_active=False)
    SkillVersion.objects.filter(pk=version.pk, skill=skill).update(is_active=True)
    Skill.objects.filter(pk=skill.pk).update(updated_at=now())
    return old
