"""Promotion: a private skill becomes everybody's (domain.md, Skills; the rules: `content.queries.review`).

- One operator, or the daily review, proposes; another operator decides. The database refuses one who does both.
- Whoever proposes or approves says what he looked at. Where the version or its numbers are others by now, it has to be
  looked at again.
- Consent, K and the leak scan are asked again as the skill is promoted; consent in the statement that promotes it.
- Only the version that was looked at is shared: the others stay with the tenant, in a skill of their own.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from content.enums import PromotionState, Rule, SkillStatus
from content.exceptions import PromotionRefused, StaleReview
from content.kanon import K, band, band_text
from content.models import Promotion, Skill
from content.models.promotions import SYSTEM
from content.models.skills import GLOBAL, PRIVATE
from content.queries.review import Review, review_of
from content.queries.skills import awaiting_review
from content.services.events import checked_reason, is_system, note, tell
from content.services.skills import copy_into, set_aside
from security.audit import Action
from security.columns import now
from security.enums import SharingAction
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import Reach, current_scope
from security.services.repeating import repeatable
from security.services.rows import tenant_of
from tenants.models import Grant, Tenant
from tenants.queries.tenants import agreeing_tenants
from tenants.services.grants import end_grants

PAGE = "skill review"
NOT_EVEN_TRIED = frozenset({Rule.SCAN, Rule.CONSENT, Rule.STATUS})
"""Rules without which a skill goes into no pilot either."""


@repeatable
def propose_promotion(
    skill_id: str, *, digest: str, reason: str, overrides: Collection[str] = (), today: dt.date | None = None
) -> Promotion:
    """Propose a private skill for all tenants. ``overrides`` names rules that are to be set aside.

    Raises:
        PromotionRefused: not an operator, not a private skill, proposed already, or against a rule.
        StaleReview: it is not what ``digest`` says was looked at.
    """
    why, review = checked_reason(reason), _reviewed(skill_id, today)
    _check_seen(review, digest)
    _check_rules(review, overrides)
    if odd := set(overrides) - {check.rule for check in review.unmet}:
        raise PromotionRefused(f"overrides: expected rules that are not met, got {min(odd)!r}.")
    if Promotion.objects.filter(skill=skill_id, state=PromotionState.OPEN).exists():
        raise PromotionRefused("It is proposed already.")
    assert review.version is not None
    made: Promotion = Promotion.objects.create(
        skill=review.skill, version=review.version, tenant_id=review.source.pk, reason=why, seen=review.seen,
        overrides=sorted(overrides), evidence=evidence(review), proposed_by=current_scope().actor_id or SYSTEM,
    )  # fmt: skip
    details = {"promotion": made.pk, "version": review.version.version_number, "set aside": sorted(overrides)}
    note(review.skill, Action.PROPOSE_PROMOTION, reason=why, tenant=review.source.pk, details=details)
    return made


@repeatable
def approve_promotion(promotion_id: str, *, digest: str, reason: str, today: dt.date | None = None) -> Skill:
    """Promote what another operator proposed.

    Raises:
        PromotionRefused: not another operator, decided by now, or against a rule that is not set aside.
        StaleReview: it is not what ``digest`` says was looked at, or what was proposed.
    """
    why, proposed = checked_reason(reason), _proposed(promotion_id)
    review = _reviewed(proposed.skill_id, today)
    _check_seen(review, digest)
    assert review.version is not None
    if (review.version.pk, review.seen) != (proposed.version_id, proposed.seen):
        raise StaleReview("The skill was changed since it was proposed: withdraw the proposal and propose it anew.")
    _check_rules(review, proposed.aside)
    _decide(proposed, PromotionState.APPROVED, why, by_another=True)
    _make_global(review, why, proposed)
    return review.skill


@repeatable
def refuse_promotion(promotion_id: str, *, reason: str) -> None:
    """Say no. Raises `PromotionRefused`: decided by now, or not an operator."""
    _end(promotion_id, PromotionState.REFUSED, Action.REFUSE_PROMOTION, reason)


@repeatable
def withdraw_promotion(promotion_id: str, *, reason: str) -> None:
    """Call a proposal off. Raises `PromotionRefused`: decided by now, or not an operator."""
    _end(promotion_id, PromotionState.WITHDRAWN, Action.WITHDRAW_PROMOTION, reason)


@repeatable
def pilot_skill(
    skill_id: str, tenants: Iterable[str], *, digest: str, reason: str, today: dt.date | None = None
) -> list[Skill]:
    """Fork a private skill into tenants that agree, so that others can show what it is worth.

    Raises:
        PromotionRefused: its own tenant does not agree, the leak scan has hits, or one of ``tenants`` does not agree,
            has it already or is not active.
        StaleReview: it is not what ``digest`` says was looked at.
    """
    why, review, wanted = checked_reason(reason), _reviewed(skill_id, today), sorted(set(tenants))
    _check_seen(review, digest)
    if unmet := [check for check in review.unmet if check.rule in NOT_EVEN_TRIED]:
        raise PromotionRefused(f"No pilot against a rule: {unmet[0].title.lower()} ({unmet[0].found}).")
    found = {tenant.pk: tenant for tenant in willing(review.skill).filter(pk__in=wanted)}
    if not wanted or found.keys() != set(wanted):
        raise PromotionRefused(
            "tenants: expected active tenants that agree to share skills and have no fork of it yet."
        )
    assert review.version is not None
    name = f"{review.skill.name} (pilot)"[:120]
    return [copy_into(tenant, review.skill, review.version, name=name, reason=why) for tenant in wanted]


def willing(skill: Skill) -> "QuerySet[Tenant, Any]":
    """Tenants that a pilot of ``skill`` may go to: active, agreeing, not its own, and without one."""
    forks = Skill.objects.filter(parent_skill=skill, visibility=Concat(Value(PRIVATE), OuterRef("pk")))
    has_one = Exists(forks.exclude(status=SkillStatus.RETIRED))
    return agreeing_tenants().exclude(pk__in=[PLATFORM_TENANT, tenant_of(skill)]).exclude(has_one).order_by("name")


def review_skills(today: dt.date) -> list[Promotion]:
    """The daily review: propose each candidate that meets every rule, once a version. For the clock.

    What was refused or called off is not proposed again as it was.
    """
    made = []
    for candidate in awaiting_review(today):
        review = _reviewed(candidate.skill_id, today)
        known = Promotion.objects.filter(skill=candidate.skill_id, seen=review.seen).exists()
        if not known and not review.unmet:
            reason = "Meets every rule of promotion."
            made.append(propose_promotion(candidate.skill_id, digest=review.digest, reason=reason, today=today))
    return made


def evidence(review: Review) -> list[dict[str, Any]]:
    """What the rules say, as it is kept."""
    names = ("rule", "is_met", "found", "wanted", "evidence")
    rules = [{name: getattr(check, name) for name in names} for check in review.checks]
    return [{**rule, "searched": review.owners} if rule["rule"] == Rule.SCAN else rule for rule in rules]


def told_of(review: Review) -> dict[str, str]:
    """What the rules found, as the source may read it: other tenants are counted in bands."""
    found: dict[str, str] = {check.rule: check.found for check in review.checks}
    tenants = int(found[Rule.TENANTS])
    return {**found, Rule.TENANTS: band_text(band(tenants)) if tenants >= K else f"under {K}"}


def _reviewed(skill_id: str, today: dt.date | None) -> Review:
    _check_operator()
    skill = Skill.objects.filter(pk=skill_id, visibility__startswith=PRIVATE).first()
    if skill is None:
        raise PromotionRefused("There is no such private skill: it may be everybody's by now.")
    return review_of(skill, today or now().date())


def _check_operator() -> None:
    scope = current_scope()
    if scope.reach is not Reach.PLATFORM or not (is_system() or may(scope.role, Verb.CHANGE, PAGE)):
        raise PromotionRefused("Operators promote skills, outside of any tenant.")


def _proposed(promotion_id: str) -> Promotion:
    """A proposal that a person decides about."""
    _check_operator()
    if is_system():
        raise PromotionRefused("A person decides.")
    proposed: Promotion | None = Promotion.objects.select_related("skill").filter(pk=promotion_id).first()
    if proposed is None:
        raise PromotionRefused("There is no such proposal.")
    return proposed


def _check_seen(review: Review, digest: str) -> None:
    if review.digest != digest:
        raise StaleReview("The version or its numbers changed since you looked: look at it again.")


def _check_rules(review: Review, overrides: Collection[str]) -> None:
    for check in review.unmet:
        if check.is_firm:
            raise PromotionRefused(
                f"{check.title}: {check.found}, where {check.wanted} is asked. Nobody sets it aside."
            )
        if check.rule not in overrides or is_system():
            raise PromotionRefused(f"{check.title}: {check.found}, where {check.wanted} is asked.")


def _end(promotion_id: str, state: PromotionState, action: Action, reason: str) -> None:
    why, proposed = checked_reason(reason), _proposed(promotion_id)
    _decide(proposed, state, why, by_another=False)
    note(proposed.skill, action, reason=why, tenant=proposed.tenant_id, details={"promotion": proposed.pk})


def _decide(proposed: Promotion, state: PromotionState, why: str, *, by_another: bool) -> None:
    """One statement: still open, and (for an approval) not by who proposed it."""
    actor = current_scope().actor_id
    still = Promotion.objects.filter(pk=proposed.pk, state=PromotionState.OPEN)
    if by_another:
        still = still.exclude(proposed_by=actor)
    if not still.update(state=state, decided_by=actor, decided_at=now(), decision=why):
        own = by_another and proposed.proposed_by == actor
        raise PromotionRefused("Another operator approves." if own else "It was decided by somebody else meanwhile.")


def _make_global(review: Review, why: str, proposed: Promotion) -> None:
    """One statement: still that tenant's, still in use, and the tenant still agrees. A private parent is not told."""
    skill, version = review.skill, review.version
    assert version is not None
    agrees = Exists(agreeing_tenants().filter(pk=review.source.pk))
    still = Skill.objects.filter(agrees, pk=skill.pk, visibility=skill.visibility).exclude(status=SkillStatus.RETIRED)
    parent = Skill.objects.filter(pk=skill.parent_skill_id, visibility=GLOBAL).first()
    if not still.update(visibility=GLOBAL, parent_skill=parent, updated_at=now()):
        raise PromotionRefused("The tenant does not agree any more, or the skill is not its own: nothing was promoted.")
    kept = set_aside(skill, version, review.source.pk)
    end_grants(Grant.objects.filter(kind="skill", object_pk=skill.pk), why="The skill was promoted.")
    skill.visibility = GLOBAL
    details = {
        "promotion": proposed.pk, "version": version.version_number, "proposed by": proposed.proposed_by,
        "set aside": sorted(proposed.aside), "versions kept": kept, "rules": told_of(review),
    }  # fmt: skip
    tell(skill, SharingAction.PROMOTE, reason=why, source=review.source.pk, details=details)
