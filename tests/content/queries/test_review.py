"""Each rule at, just under and just over its threshold (domain.md, Skills)."""

import datetime as dt

import pytest
from django.db import connection

from content.enums import Rule, SkillStatus
from content.leaks import TermKind
from content.models import Skill, SkillMetricsDaily, SkillVersion
from content.queries.review import FIRM
from tenants.models import Tenant
from tests.arranging import arranging
from tests.content.services.arranging import AGREES, NOON, TODAY, reviewed, ripe
from tests.factories.content import generated_content, knowledge_entry, skill, skill_embedding, skill_metrics
from tests.factories.publishing import social_account
from tests.factories.tenants import person, tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def unmet(found) -> list[str]:
    return [check.rule for check in reviewed(found).unmet]


def test_a_ripe_skill_meets_every_rule():
    review = reviewed(ripe())

    assert review.unmet == []
    assert [check.rule for check in review.checks] == list(Rule)
    assert {check.rule: check.found for check in review.checks} == {
        "uses": "100", "defects": "4.00%", "age": "30 days", "status": "active", "consent": "yes", "tenants": "5",
        "scan": "0 hits",
    }  # fmt: skip
    assert review.reach == 4


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"uses": 99}, Rule.USES), ({"uses": 100}, None), ({"uses": 101}, None),
        ({"defects": 0.0499}, None), ({"defects": 0.05}, Rule.DEFECTS), ({"defects": 0.0501}, Rule.DEFECTS),
        ({"age": 29}, Rule.AGE), ({"age": 30}, None), ({"age": 31}, None),
        ({"tenants": 4}, Rule.TENANTS), ({"tenants": 5}, None), ({"tenants": 6}, None),
        ({"settings": {"skill_sharing_consent": False}}, Rule.CONSENT), ({"settings": None}, Rule.CONSENT),
        ({"settings": {"skill_sharing_consent": "yes"}}, Rule.CONSENT),
        ({"settings": {"skill_sharing_consent": 1}}, Rule.CONSENT),
        ({"status": SkillStatus.RETIRED}, Rule.STATUS), ({"status": SkillStatus.FAILING}, Rule.STATUS),
        ({"status": SkillStatus.TESTING}, None),
    ],
    ids=str,
)  # fmt: skip
def test_each_rule_at_its_threshold(given, rule):
    assert unmet(ripe(**given)) == ([rule] if rule else [])


def test_uses_and_tenants_of_thirty_days_count_and_no_others():
    found = ripe(uses=60, tenants=4)
    skill_metrics(skill=found.skill, date=TODAY - dt.timedelta(days=29), uses=40, defect_rate=0.0)
    skill_metrics(skill=found.skill, date=TODAY - dt.timedelta(days=30), uses=900, defect_rate=1.0)
    late = tenant()
    generated_content(tenant=late, skill=found.forks[0], created_at=NOON - dt.timedelta(days=30))
    generated_content(tenant=tenant(tenant_id="platform"), skill=found.skill, created_at=NOON)

    numbers = {check.rule: check.found for check in reviewed(found).checks}

    assert (numbers["uses"], numbers["defects"], numbers["tenants"]) == ("100", "2.40%", "4")


def test_rates_are_weighted_by_uses():
    """Plain means of days would say 50 %."""
    found = ripe(uses=99, defects=0.0)
    skill_metrics(skill=found.skill, date=TODAY - dt.timedelta(days=1), uses=1, defect_rate=1.0)

    assert {check.rule: check.found for check in reviewed(found).checks}["defects"] == "1.00%"


def test_the_lineage_is_the_skill_its_ancestors_and_their_way_down_to_its_forks():
    """Siblings do not count: they went another way."""
    found, grandparent = ripe(tenants=2), skill(visibility="global")
    parent, sibling = skill(parent_skill=grandparent), skill(parent_skill=grandparent)
    below = skill(parent_skill=found.forks[0])
    with arranging():
        Skill.objects.filter(pk=found.skill.pk).update(parent_skill=parent)
    for kin in (grandparent, parent, below, sibling):
        generated_content(tenant=tenant(), skill=kin, created_at=NOON)

    assert {check.rule: check.found for check in reviewed(found).checks}["tenants"] == "5"


def test_a_circle_of_forks_ends():
    found = ripe(tenants=5)
    with arranging():
        Skill.objects.filter(pk=found.skill.pk).update(parent_skill=found.forks[0])

    assert {check.rule: check.found for check in reviewed(found).checks}["tenants"] == "5"


def leaking(found) -> dict[str, TermKind]:
    return {hit.place: hit.kind for hit in reviewed(found).hits}


@pytest.mark.parametrize(
    ("values", "place", "kind"),
    [
        ({"prompt_fragments_json": {"system": "As Cobalt Cycles does."}}, "prompt fragments: system", TermKind.TENANT),
        ({"prompt_fragments_json": {"cobaltCycles": ""}}, "prompt fragments: cobaltCycles (its name)", TermKind.TENANT),
        ({"constraints_json": {"colours": [{"first": "#0047ab"}]}}, "constraints: colours 1: first", TermKind.COLOUR),
        ({"toolchain_json": {"seed": "Panniers"}}, "toolchain: seed", TermKind.PRODUCT),
        ({"guards_json": ["cobalt_cycles"]}, "guards 1", TermKind.TENANT),
        ({"version_notes": "Asked by sam@cobalt.example"}, "notes", TermKind.EMAIL),
    ],
)
def test_every_part_of_the_version_is_searched(values, place, kind):
    found = ripe()
    with arranging():
        SkillVersion.objects.filter(pk=found.version.pk).update(**values)

    assert leaking(found) == {place: kind}
    assert unmet(found) == [Rule.SCAN]


@pytest.mark.parametrize(
    ("column", "value"),
    [("task", "cobalt_cycles_post"), ("modality", "Cobalt Cycles"), ("skill_id", "skill_cobaltCycles")],
)
def test_what_else_names_a_skill_is_searched(column, value):
    found = ripe(**{column: value})

    assert leaking(found) == {"key" if column == "skill_id" else column: TermKind.TENANT}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"fill": [0, 71, 171]}, TermKind.COLOUR), ({"fill": {"r": 0, "g": 71, "b": 171}}, TermKind.COLOUR),
        ({"offer": {"amount": 1299, "currency": "EUR"}}, TermKind.PRICE), ({"box": [4, 8, 12]}, None),
        ({"sizes": {"small": 12, "large": 40}}, None),
    ],
)  # fmt: skip
def test_numbers_that_say_something_together_are_searched(document, kind):
    found = ripe()
    with arranging():
        SkillVersion.objects.filter(pk=found.version.pk).update(constraints_json=document)

    assert set(leaking(found).values()) == ({kind} if kind else set())


def test_name_and_tags_are_searched():
    found = ripe(name="Cobalt Cycles portrait")
    embedding = skill_embedding(tags=["pannier"])
    with arranging():
        type(embedding).objects.filter(pk=embedding.pk).update(skill=found.skill, skill_version=found.version)

    assert leaking(found) == {"name": TermKind.TENANT, "tags 1": TermKind.PRODUCT}


def test_knowledge_handles_and_domains_of_the_tenant_are_searched():
    found = ripe()
    knowledge_entry(tenant=found.source, title="The velodrome rules")
    social_account(tenant=found.source, account_handle="@rideout", account_name="Ride Out Club")
    person(tenant=found.source, email="olga@rideout-cycling.example")
    text = "The velodrome rules; ride out; Ride Out Club; rideout cycling"
    with arranging():
        SkillVersion.objects.filter(pk=found.version.pk).update(version_notes=text)

    kinds = [hit.kind for hit in reviewed(found).hits]
    assert kinds == [TermKind.KNOWLEDGE, TermKind.HANDLE, TermKind.TENANT, TermKind.DOMAIN]


@pytest.mark.parametrize("column", ["lexicon", "messaging", "palette"])
def test_a_brand_that_cannot_be_read_is_no_clean_scan(column):
    found = ripe()
    with arranging(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE brand_profiles SET {column} = '{{broken'")

    (check,) = reviewed(found).unmet
    assert (check.rule, check.found.startswith(column)) == (Rule.SCAN, True)


def test_a_fork_of_somebody_elses_skill_asks_them_too():
    """Their consent, and their brand: the fork says what they wrote."""
    found, first = ripe(), tenant(name="Harbour Glass", settings=AGREES)
    theirs = skill(visibility=f"tenant:{first.pk}")
    with arranging():
        Skill.objects.filter(pk=found.skill.pk).update(parent_skill=skill(parent_skill=theirs))
        SkillVersion.objects.filter(pk=found.version.pk).update(version_notes="As Harbour Glass does")
    assert leaking(found) == {"notes": TermKind.TENANT}
    with arranging():
        Tenant.objects.filter(pk=first.pk).update(settings=None)

    assert unmet(found) == [Rule.CONSENT, Rule.SCAN]
    assert "Harbour Glass" in reviewed(found).checks[4].evidence


@pytest.mark.parametrize("visibility", ["tenant:ghost", "tenant:"])
def test_a_tenant_that_is_gone_does_not_agree(visibility):
    found = ripe()
    with arranging():
        Skill.objects.filter(pk=found.skill.pk).update(visibility=visibility)

    assert Rule.CONSENT in unmet(found)


def test_what_is_too_long_or_too_deep_is_no_clean_scan():
    found, deep = ripe(), "end"
    for _ in range(60):
        deep = [deep]
    for document, told in (({"system": "a " * 40_000}, "too long"), ({"system": deep}, "too deep")):
        with arranging():
            SkillVersion.objects.filter(pk=found.version.pk).update(prompt_fragments_json=document)
        (check,) = reviewed(found).unmet
        assert told in check.found


def test_a_skill_without_an_active_version_is_no_clean_one():
    found = ripe()
    with arranging():
        SkillVersion.objects.update(is_active=False)

    assert unmet(found) == [Rule.SCAN]


def test_what_somebody_decides_about_changes_with_version_and_numbers():
    found = ripe()
    before = reviewed(found)

    assert reviewed(found).digest == before.digest
    with arranging():
        SkillMetricsDaily.objects.filter(skill=found.skill).update(uses=101)
    numbers = reviewed(found)
    assert (numbers.seen == before.seen, numbers.digest == before.digest) == (True, False)
    with arranging():
        SkillVersion.objects.filter(pk=found.version.pk).update(version_notes="Other notes")
    assert reviewed(found).seen != before.seen


def test_what_nobody_sets_aside():
    assert {Rule.STATUS, Rule.CONSENT, Rule.TENANTS, Rule.SCAN} == FIRM
