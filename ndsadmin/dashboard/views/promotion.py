"""The review of skills that are to become everybody's: who waits, and one of them with every rule."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from content.enums import PromotionState
from content.models import Promotion, Skill
from content.models.promotions import SYSTEM
from content.models.skills import PRIVATE
from content.queries.lineage import kinship
from content.queries.retiring import due_retirements
from content.queries.review import Review, review_of
from content.queries.skills import awaiting_review
from content.services.events import MOST_REASON
from content.services.promotion import (
    NOT_EVEN_TRIED,
    approve_promotion,
    pilot_skill,
    propose_promotion,
    refuse_promotion,
    willing,
    withdraw_promotion,
)
from ndsadmin.dashboard.marking import marked
from ndsadmin.dashboard.telling import told
from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.labels import names_of
from security.actions import Action
from security.columns import now
from security.roles import Verb, may
from security.scope import Reach, current_scope
from security.services.access import record_look
from tenants.models import Tenant, User

PAGE = "skill review"
DECIDED = 20  # the newest decisions
READY = 100  # tenants that a pilot can be sent to at once


@never_cache
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, what could be proposed, what should go, and what was decided."""
    _check(Verb.VIEW)
    record_look(Action.READ_SKILL_METRICS, "review")
    today, role = now().date(), current_scope().role
    with reading_ahead(
        lambda: list(_waiting()),
        lambda: list(_decided()),
        lambda: awaiting_review(today),
        lambda: due_retirements(today),
    ):
        waiting, decided, known = list(_waiting()), list(_decided()), awaiting_review(today)
        retirements = due_retirements(today)
    proposed = {promotion.skill_id for promotion in waiting}
    candidates = [candidate for candidate in known if candidate.skill_id not in proposed]
    sources = {candidate.visibility.removeprefix(PRIVATE) for candidate in candidates}
    tenants = names_of(Tenant, sources | {promotion.tenant_id for promotion in [*waiting, *decided]}, role)
    people = names_of(
        User, {key for one in [*waiting, *decided] for key in (one.proposed_by, one.decided_by) if key}, role
    )
    people[SYSTEM] = "the daily review"
    context = {
        "title": "Skill review",
        "waiting": [_line(promotion, tenants, people) for promotion in waiting],
        "decided": [_line(promotion, tenants, people) for promotion in decided],
        "candidates": [(one, tenants.get(one.visibility.removeprefix(PRIVATE), "")) for one in candidates],
        "retirements": retirements,
    }
    return render(request, "skills/reviews.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, key: str) -> HttpResponse:
    """One private skill with every rule of promotion, and what may be done about it."""
    _check(Verb.CHANGE if request.method == "POST" else Verb.VIEW)
    with reading_ahead(lambda: _found(key), kinship):
        skill, kin = _found(key), kinship()
    if skill is None:
        raise Http404("There is no such skill.")
    if not (skill.visibility or "").startswith(PRIVATE):
        messages.info(request, f"{skill.name} is everybody's already.")
        return HttpResponseRedirect(reverse("skill", args=[skill.pk]))
    if request.method == "POST":
        is_done = told(request, lambda: _do(request, skill))
        is_shared = is_done and request.POST.get("do") == "approve"
        return HttpResponseRedirect(reverse("skill", args=[skill.pk]) if is_shared else request.path)
    record_look(Action.READ_SKILL_METRICS, skill.pk)
    today = now().date()
    with reading_ahead(lambda: review_of(skill, today, kin), lambda: _open(skill), lambda: list(_ready(skill))):
        found, promotion, ready = review_of(skill, today, kin), _open(skill), list(_ready(skill))
    role, scope = current_scope().role, current_scope()
    people = names_of(User, {promotion.proposed_by}, role) if promotion else {}
    own = promotion is not None and promotion.proposed_by == scope.actor_id
    context = {
        "title": skill.name, "skill": skill, "review": found, "promotion": promotion, "own": own,
        "proposer": people.get(promotion.proposed_by, "the daily review") if promotion else "",
        "stale": promotion is not None and _is_stale(found, promotion),
        "places": [place for place in marked(found.texts, found.hits) if place.hits or not place.is_name],
        "firm": [check for check in found.unmet if check.is_firm],
        "soft": [check for check in found.unmet if not check.is_firm],
        "may_change": may(role, Verb.CHANGE, PAGE),
        "pilots": not any(check.rule in NOT_EVEN_TRIED for check in found.unmet),
        "willing": ready, "reason_length": MOST_REASON,
        "blocking": _blocking(found, promotion),
    }  # fmt: skip
    return render(request, "skills/review.html", context)


def _found(key: str) -> Skill | None:
    return Skill.objects.filter(pk=key).first()


def _waiting() -> "QuerySet[Promotion, Any]":
    return Promotion.objects.select_related("skill").filter(state=PromotionState.OPEN).order_by("proposed_at")


def _decided() -> "QuerySet[Promotion, Any]":
    rows = Promotion.objects.select_related("skill").exclude(state=PromotionState.OPEN)
    return rows.order_by("-decided_at")[:DECIDED]


def _open(skill: Skill) -> Promotion | None:
    return Promotion.objects.filter(skill=skill, state=PromotionState.OPEN).first()


def _ready(skill: Skill) -> "QuerySet[Tenant, Any]":
    """Tenants that a pilot may go to, as many as a page shows."""
    return willing(skill)[:READY]


def _line(promotion: Promotion, tenants: dict[str, str], people: dict[str, str]) -> dict[str, object]:
    return {
        "promotion": promotion,
        "source": tenants.get(promotion.tenant_id, promotion.tenant_id),
        "proposer": people.get(promotion.proposed_by, promotion.proposed_by),
        "decider": people.get(promotion.decided_by or "", ""),
    }


def _is_stale(found: Review, promotion: Promotion) -> bool:
    """Whether the version is not what was proposed."""
    return (found.version.pk if found.version else None, found.seen) != (promotion.version_id, promotion.seen)


def _blocking(found: Review, promotion: Promotion | None) -> list[str]:
    """The rules that stop an approval now: those that were not set aside."""
    aside = promotion.aside if promotion is not None else []
    return [check.title for check in found.unmet if check.is_firm or check.rule not in aside]


def _do(request: HttpRequest, skill: Skill) -> str:
    """Do what a button asks for; what was done, in words."""
    given = request.POST
    reason, digest, promotion = given.get("reason", ""), given.get("digest", ""), given.get("promotion", "")
    match given.get("do"):
        case "propose":
            propose_promotion(skill.pk, digest=digest, reason=reason, overrides=given.getlist("override"))
            return f"{skill.name} is proposed. Another operator decides."
        case "approve":
            approve_promotion(promotion, digest=digest, reason=reason)
            return f"{skill.name} is everybody's now."
        case "refuse":
            refuse_promotion(promotion, reason=reason)
            return "It was refused."
        case "withdraw":
            withdraw_promotion(promotion, reason=reason)
            return "The proposal was called off."
        case "pilot":
            made = pilot_skill(skill.pk, given.getlist("tenant"), digest=digest, reason=reason)
            return f"It is tried out in {len(made)} tenant{'s' * (len(made) != 1)}."
    raise BadRequest(f"do: expected something that a button of the page says, got {given.get('do')!r}.")


def _check(verb: Verb) -> None:
    scope = current_scope()
    if scope.reach is not Reach.PLATFORM or not may(scope.role, verb, PAGE):
        raise PermissionDenied
