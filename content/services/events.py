"""What is done to skills leaves an event for its source and an entry in the audit log, in one transaction."""

from typing import Any

from content.exceptions import SkillRefused
from content.models import Skill
from content.models.promotions import SYSTEM
from security.audit import Action, record
from security.enums import SharingAction
from security.models import SharingEvent
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.rows import tenant_of
from tenants.models import User

NAMES = {
    SharingAction.PROMOTE: Action.PROMOTE_SKILL,
    SharingAction.FORK: Action.FORK_SKILL,
    SharingAction.RETIRE: Action.RETIRE_SKILL,
    SharingAction.ROLL_BACK: Action.ROLL_BACK_SKILL,
}
LEAST_REASON, MOST_REASON = 3, 1_000  # characters


def tell(
    skill: Skill, action: SharingAction, *, reason: str, source: str | None, details: dict[str, Any] | None = None
) -> None:
    """Append the event, and the entry of the same name. ``source`` is the tenant that reads the event."""
    told = {"skill": str(skill.name), **(details or {})}  # a worker may have stored bytes
    SharingEvent.objects.create(
        action=action, actor=event_actor(), tenant_id=source, skill=skill, reason=reason, metadata=told
    )
    names = {SharingAction.PROMOTE: Action.PROMOTE_SKILL}
    note(
        skill, names.get(action) or Action(action.value), reason=reason, tenant=source or tenant_of(skill), details=told
    )


def note(
    skill: Skill, action: Action, *, reason: str, tenant: str | None = None, details: dict[str, Any] | None = None
) -> None:
    """Append an entry alone."""
    record(
        action, resource_type="skill", resource_id=skill.pk, tenant_id=tenant or tenant_of(skill),
        details={**(details or {}), "reason": reason},
    )  # fmt: skip


def event_actor() -> str:
    """Who acts as events say it (domain.md, Skills)."""
    actor = current_scope().actor_id
    return f"admin:{actor}" if actor else SYSTEM


def is_system() -> bool:
    """Whether the platform's own work acts, and no person."""
    scope = current_scope()
    return scope.actor_id is None and scope.reach is Reach.PLATFORM


def checked_reason(reason: str) -> str:
    """``reason`` without what surrounds it.

    Raises:
        SkillRefused: it says nothing, or too much.
    """
    kept = reason.strip()
    if not LEAST_REASON <= len(kept) <= MOST_REASON or "\0" in kept:
        raise SkillRefused(f"reason: expected why, in {LEAST_REASON} to {MOST_REASON:,} characters.")
    return kept


def may_touch(skill: Skill, verb: Verb, who: User | None) -> bool:
    """Whether ``verb`` may be done with the skill: by role where it is in reach to be written, or by a single grant."""
    scope = current_scope()
    if is_system():
        return True
    in_reach = scope.reach is Reach.PLATFORM or tenant_of(skill) == scope.tenant_id
    by_grant = who is not None and who.has_perm(f"content.{verb}_skill", skill)
    return in_reach and (may(scope.role, verb, Skill._meta.db_table) or by_grant)
