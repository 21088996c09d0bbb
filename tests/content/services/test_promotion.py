"""Promotion on every path: who may, what is asked again, what comes of it."""

from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from content.exceptions import PromotionRefused, SkillRefused, StaleReview
from content.models import Promotion, Skill, SkillEmbedding, SkillMetricsDaily, SkillVersion
from content.services.promotion import (
    approve_promotion,
    pilot_skill,
    propose_promotion,
    refuse_promotion,
    review_skills,
    willing,
    withdraw_promotion,
)
from security.exceptions import SecurityError
from security.models import AuditLog, SharingEvent
from security.scope import platform_scope, tenant_scope
from tenants.models import Grant, Tenant
from tenants.services.grants import grant_access
from tests.arranging import arranging
from tests.content.services.arranging import AGREES, FRAGMENTS, TODAY, by, operators, reviewed, ripe
from tests.factories.content import skill, skill_embedding, skill_version
from tests.factories.tenants import person, platform_person, tenant
from tests.racing import race

pytestmark = pytest.mark.django_db


def proposed(found, who, **given):
    with by(who):
        digest = reviewed(found).digest
        return propose_promotion(found.skill.pk, digest=digest, reason="A good pattern", today=TODAY, **given)


def approved(found, promotion, who):
    with by(who):
        return approve_promotion(promotion.pk, digest=reviewed(found).digest, reason="Clean and sound", today=TODAY)


def visibility(found) -> str:
    return Skill.objects.values_list("visibility", flat=True).get(pk=found.skill.pk)


def test_one_proposes_another_approves():
    found, (first, second) = ripe(), operators()

    promotion = proposed(found, first)
    approved(found, promotion, second)

    assert visibility(found) == "global"
    event = SharingEvent.objects.get(skill=found.skill, action="promote_to_global")
    assert (event.actor, event.tenant_id, event.reason) == (f"admin:{second.pk}", found.source.pk, "Clean and sound")
    entry = AuditLog.objects.get(action="promote_skill")
    assert (entry.user_id, entry.tenant_id, entry.resource_id) == (second.pk, found.source.pk, found.skill.pk)
    assert entry.metadata["proposed by"] == first.pk
    promotion.refresh_from_db()
    assert (promotion.state, promotion.decided_by, promotion.decision) == ("approved", second.pk, "Clean and sound")
    assert [check["is_met"] for check in promotion.evidence] == [True] * 7
    assert AuditLog.objects.get(action="propose_promotion").tenant_id == found.source.pk


def test_who_proposed_does_not_approve_on_any_path():
    """The service; the statement itself, were the service to ask nothing; a row that somebody writes past both."""
    found, (first, _) = ripe(), operators()
    promotion = proposed(found, first)

    with pytest.raises(PromotionRefused, match="Another operator"):
        approved(found, promotion, first)
    for by_whom in (first.pk, "system_auto", None):
        with pytest.raises(IntegrityError), transaction.atomic(), arranging():
            Promotion.objects.filter(pk=promotion.pk).update(state="approved", decided_by=by_whom)
    with pytest.raises(PromotionRefused, match="A person decides"), platform_scope(reason="Clock", command="skills"):
        approve_promotion(promotion.pk, digest=reviewed(found).digest, reason="By itself", today=TODAY)

    assert visibility(found) != "global"


@pytest.mark.parametrize("role", ["viewer", "member"], ids=["auditor", "support"])
def test_others_of_the_platform_neither_propose_nor_decide(role):
    found, other = ripe(), platform_person(role=role)
    promotion = proposed(found, operators()[0])

    for attempt in (
        lambda: approve_promotion(promotion.pk, digest="", reason="Because", today=TODAY),
        lambda: propose_promotion(found.skill.pk, digest="", reason="Because", today=TODAY),
        lambda: refuse_promotion(promotion.pk, reason="Because"),
        lambda: withdraw_promotion(promotion.pk, reason="Because"),
        lambda: pilot_skill(found.skill.pk, [], digest="", reason="Because", today=TODAY),
    ):
        with pytest.raises(PromotionRefused, match="Operators"), by(other):
            attempt()


def test_an_owner_promotes_nothing_and_sees_no_proposal():
    found = ripe()
    promotion, owner = proposed(found, operators()[0]), person(tenant=found.source, role="owner")

    with tenant_scope(found.source.pk, actor=owner):
        for attempt in (
            lambda: approve_promotion(promotion.pk, digest="", reason="Because"),
            lambda: Skill.objects.filter(pk=found.skill.pk).update(visibility="global"),
            lambda: list(Promotion.objects.all()),
        ):
            with pytest.raises((SecurityError, DatabaseError)), transaction.atomic():
                attempt()
    assert visibility(found) != "global"


@pytest.mark.parametrize("rule", ["tenants", "consent", "scan", "status"])
def test_what_nobody_sets_aside_is_refused_though_set_aside(rule):
    given = {"tenants": {"tenants": 4}, "consent": {"settings": None}, "status": {"status": "failing"},
             "scan": {"name": "Cobalt Cycles card"}}[rule]  # fmt: skip
    found = ripe(**given)

    with pytest.raises(PromotionRefused, match="Nobody sets it aside"):
        proposed(found, operators()[0], overrides=[rule])


def test_other_rules_are_set_aside_by_two_people():
    found, (first, second) = ripe(uses=40, age=10), operators()

    with pytest.raises(PromotionRefused, match="Used often: 40"):
        proposed(found, first, overrides=["age"])
    with pytest.raises(PromotionRefused, match="got 'defects'"):
        proposed(found, first, overrides=["age", "uses", "defects"])
    approved(found, proposed(found, first, overrides=["age", "uses"]), second)

    assert visibility(found) == "global"
    assert AuditLog.objects.get(action="promote_skill").metadata["set aside"] == ["age", "uses"]


def test_consent_that_is_withdrawn_meanwhile_stops_it():
    found, (first, second) = ripe(), operators()
    promotion = proposed(found, first)
    with by(second):
        digest = reviewed(found).digest
    with arranging():
        Tenant.objects.filter(pk=found.source.pk).update(settings={"skill_sharing_consent": False})

    with pytest.raises(StaleReview), by(second):
        approve_promotion(promotion.pk, digest=digest, reason="Clean and sound", today=TODAY)
    with pytest.raises(PromotionRefused, match="agrees: no"):
        approved(found, promotion, second)
    assert visibility(found) != "global"


def test_consent_is_asked_in_the_statement_that_promotes(monkeypatch):
    """Withdrawn between the look and the write: dies without the condition in the UPDATE."""
    found, (first, second) = ripe(), operators()
    promotion = proposed(found, first)

    def withdrawn(*given, **more):
        with arranging():
            Tenant.objects.filter(pk=found.source.pk).update(settings={"skill_sharing_consent": False})

    monkeypatch.setattr("content.services.promotion._check_rules", withdrawn)
    with pytest.raises(PromotionRefused, match="does not agree any more"):
        approved(found, promotion, second)
    monkeypatch.undo()
    promotion.refresh_from_db()
    assert (visibility(found), promotion.state) == (f"tenant:{found.source.pk}", "open")
    assert not SharingEvent.objects.filter(skill=found.skill).exists()


@pytest.mark.parametrize("change", ["version", "another version", "numbers"])
def test_what_changed_since_is_looked_at_again(change):
    found, (first, second) = ripe(), operators()
    promotion = proposed(found, first)
    with by(second):
        digest = reviewed(found).digest
    with arranging():
        if change == "version":
            SkillVersion.objects.filter(pk=found.version.pk).update(version_notes="Other notes")
        elif change == "numbers":
            SkillMetricsDaily.objects.filter(skill=found.skill).update(uses=120)
        else:
            SkillVersion.objects.filter(pk=found.version.pk).update(is_active=False)
            skill_version(skill=found.skill, prompt_fragments_json=FRAGMENTS, version_number=3, is_active=True)

    with pytest.raises(StaleReview, match="since you looked"), by(second):
        approve_promotion(promotion.pk, digest=digest, reason="Clean and sound", today=TODAY)
    if change == "numbers":
        approved(found, promotion, second)  # looked at again
    else:
        with pytest.raises(StaleReview, match="since it was proposed"):
            approved(found, promotion, second)
    assert (visibility(found) == "global") == (change == "numbers")


def test_only_what_was_looked_at_is_shared():
    """An old version that names the brand stays with its tenant, with its embedding."""
    found, (first, second) = ripe(), operators()
    leak = {"system": "Close in Cobalt Cycles blue, #0047ab"}
    old = skill_version(skill=found.skill, prompt_fragments_json=leak, version_number=1, is_active=False)
    vector = skill_embedding(tags=["cobalt_cycles"])
    with arranging():
        SkillEmbedding.objects.filter(pk=vector.pk).update(skill=found.skill, skill_version=old)
    with by(first):
        assert reviewed(found).hits == []
        with arranging():
            SkillEmbedding.objects.filter(pk=vector.pk).update(skill_version=found.version)
        assert [hit.place for hit in reviewed(found).hits] == ["tags 1"]
    with arranging():
        SkillEmbedding.objects.filter(pk=vector.pk).update(skill_version=old)

    approved(found, proposed(found, first), second)

    stranger = person(tenant=tenant(), role="owner")
    with tenant_scope(stranger.tenant_id, actor=stranger):
        assert [v.pk for v in SkillVersion.objects.filter(skill=found.skill)] == [found.version.pk]
        assert not SkillVersion.objects.filter(pk=old.pk).exists()
        assert not SkillEmbedding.objects.filter(pk=vector.pk).exists()
    with tenant_scope(found.source.pk, actor=person(tenant=found.source, role="owner")):
        kept = SkillVersion.objects.select_related("skill").get(pk=old.pk)
        assert (kept.skill.status, kept.skill.visibility) == ("retired", f"tenant:{found.source.pk}")
        assert SkillEmbedding.objects.get(pk=vector.pk).skill_id == kept.skill_id


def test_the_source_is_told_of_others_in_bands_and_others_nothing_of_its_parent():
    found, (first, second) = ripe(), operators()
    parent = skill(visibility=f"tenant:{found.source.pk}")
    with arranging():
        Skill.objects.filter(pk=found.skill.pk).update(parent_skill=parent)

    approved(found, proposed(found, first), second)

    for told in (SharingEvent.objects.get(skill=found.skill), AuditLog.objects.get(action="promote_skill")):
        assert told.metadata["rules"]["tenants"] == "5–9"
    assert Skill.objects.get(pk=found.skill.pk).parent_skill_id is None


def test_a_rule_that_is_met_by_now_need_not_be_set_aside():
    found, (first, second) = ripe(uses=40), operators()
    promotion = proposed(found, first, overrides=["uses"])
    with arranging():
        SkillMetricsDaily.objects.filter(skill=found.skill).update(uses=140)

    approved(found, promotion, second)

    assert visibility(found) == "global"


def test_single_grants_on_it_end():
    found, (first, second) = ripe(), operators()
    viewer, owner = person(tenant=found.source, role="viewer"), person(tenant=found.source, role="owner")
    with tenant_scope(found.source.pk, actor=owner):
        grant_access(viewer, "change", Skill.objects.get(pk=found.skill.pk), reason="She writes it")

    approved(found, proposed(found, first), second)

    assert not Grant.objects.exists()
    entry = AuditLog.objects.get(action="revoke_access")
    assert (entry.resource_id, entry.tenant_id) == (found.skill.pk, found.source.pk)
    assert entry.metadata["reason"] == "The skill was promoted."
    with tenant_scope(found.source.pk, actor=viewer):
        assert not viewer.has_perm("content.change_skill", Skill.objects.get(pk=found.skill.pk))


@pytest.mark.parametrize(("end", "state"), [(refuse_promotion, "refused"), (withdraw_promotion, "withdrawn")])
def test_a_proposal_ends_once(end, state):
    found, (first, second) = ripe(), operators()
    promotion = proposed(found, first)

    with by(second):
        end(promotion.pk, reason="Too narrow")
        with pytest.raises(PromotionRefused, match="meanwhile"):
            end(promotion.pk, reason="Too narrow")
    with pytest.raises(PromotionRefused, match="meanwhile"):
        approved(found, promotion, second)

    promotion.refresh_from_db()
    assert (promotion.state, promotion.decided_by) == (state, second.pk)
    assert AuditLog.objects.filter(action__in=["refuse_promotion", "withdraw_promotion"]).count() == 1


@pytest.mark.parametrize(
    "reason", ["", "  ", "no", "x" * 1001, "because\0"], ids=["none", "blank", "short", "long", "nul"]
)
def test_a_reason_is_asked_for(reason):
    found, who = ripe(), operators()[0]

    with pytest.raises(SkillRefused, match="reason"), by(who):
        propose_promotion(found.skill.pk, digest=reviewed(found).digest, reason=reason, today=TODAY)


def test_it_is_proposed_once():
    found, (first, second) = ripe(), operators()
    proposed(found, first)

    with pytest.raises(PromotionRefused, match="already"):
        proposed(found, second)


# ---- The daily review --------------------------------------------------------------------------------------------
def test_the_daily_review_proposes_what_meets_every_rule_and_no_more():
    """It only proposes, and not again what was refused as it was."""
    found, nearly, leaking = ripe(), ripe(tenants=4), ripe(name="Cobalt Cycles card")
    with platform_scope(reason="Clock", command="skills"):
        made = review_skills(TODAY)
        assert review_skills(TODAY) == []

    assert [(one.skill_id, one.proposed_by, one.overrides) for one in made] == [(found.skill.pk, "system_auto", [])]
    assert visibility(found) == f"tenant:{found.source.pk}"
    with by(operators()[0]):
        refuse_promotion(made[0].pk, reason="Too narrow")
    with platform_scope(reason="Clock", command="skills"):
        assert review_skills(TODAY) == []
    with arranging():
        SkillVersion.objects.filter(pk=found.version.pk).update(version_notes="Wider now")
    with platform_scope(reason="Clock", command="skills"):
        assert [one.skill_id for one in review_skills(TODAY)] == [found.skill.pk]
    assert not Promotion.objects.filter(skill__in=[nearly.skill.pk, leaking.skill.pk]).exists()


def test_a_person_approves_what_the_review_proposed():
    found, (first, _) = ripe(), operators()
    with platform_scope(reason="Clock", command="skills"):
        (promotion,) = review_skills(TODAY)

    approved(found, promotion, first)

    assert visibility(found) == "global"


# ---- Pilots ------------------------------------------------------------------------------------------------------
def test_a_pilot_goes_to_tenants_that_agree():
    found, who = ripe(tenants=1), operators()[0]
    ready, other = tenant(settings=AGREES), tenant(settings={"skill_sharing_consent": False})
    tenant(settings=AGREES, status="suspended")
    with by(who):
        assert [one.pk for one in willing(found.skill)] == [ready.pk]
        with pytest.raises(PromotionRefused, match="tenants"):
            pilot_skill(found.skill.pk, [ready.pk, other.pk], digest=reviewed(found).digest, reason="Try", today=TODAY)
        (fork,) = pilot_skill(found.skill.pk, [ready.pk], digest=reviewed(found).digest, reason="Try it", today=TODAY)
        assert list(willing(found.skill)) == []

    assert (fork.visibility, fork.parent_skill_id, fork.status) == (f"tenant:{ready.pk}", found.skill.pk, "testing")
    assert SkillVersion.objects.get(skill=fork).prompt_fragments_json == FRAGMENTS
    event = SharingEvent.objects.get(skill=fork)
    assert (event.action, event.tenant_id, event.actor) == ("fork_skill", found.source.pk, f"admin:{who.pk}")
    entries = AuditLog.objects.filter(action="fork_skill", resource_id=fork.pk)
    assert sorted(entries.values_list("tenant_id", flat=True)) == sorted([found.source.pk, ready.pk])
    told = entries.get(tenant_id=ready.pk).metadata
    assert found.skill.pk not in str(told)  # whose it is, is not its tenant's to know
    assert told["reason"] == "Try it"


@pytest.mark.parametrize("given", [{"settings": None}, {"name": "Cobalt Cycles card"}], ids=["consent", "leak"])
def test_a_pilot_shows_nothing_that_may_not_be_shown(given):
    found, ready = ripe(**given), tenant(settings=AGREES)

    with pytest.raises(PromotionRefused, match="No pilot"), by(operators()[0]):
        pilot_skill(found.skill.pk, [ready.pk], digest=reviewed(found).digest, reason="Try it", today=TODAY)


# ---- At the same time ----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_promote_once():
    """One approves, or one approves and one refuses: it is decided once, with one event."""
    found, (first, second, third) = ripe(), operators(3)
    for turn in range(8):
        promotion = proposed(found, first)
        with by(second):
            digest = reviewed(found).digest

        def approving(who, promotion=promotion, digest=digest):
            with by(who):
                approve_promotion(promotion.pk, digest=digest, reason="Clean and sound", today=TODAY)

        def refusing(who, promotion=promotion):
            with by(who):
                refuse_promotion(promotion.pk, reason="Too narrow")

        other = approving if turn % 2 else refusing
        while promotion.state == "open":  # both may find the tests' database in memory locked
            raised = race(partial(approving, second), partial(other, third))
            promotion.refresh_from_db()

        assert sum(error is None for error in raised) <= 1, raised  # a lock may be met behind the decision, too
        events = SharingEvent.objects.filter(skill=found.skill, action="promote_to_global")
        assert events.count() == (promotion.state == "approved") == (visibility(found) == "global")
        with arranging():
            Skill.objects.filter(pk=found.skill.pk).update(visibility=f"tenant:{found.source.pk}")
            events.delete()
