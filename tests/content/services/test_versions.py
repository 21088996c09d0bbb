import pytest
from django.db import connection

from content.exceptions import SkillRefused
from content.models import Promotion, Skill, SkillVersion
from content.queries.review import DOCUMENTS
from content.services.skills import change_skill, fork_skill, retire_skill
from content.services.versions import activate_version, draft_version, roll_back
from security.models import AuditLog, SharingEvent
from security.scope import tenant_scope
from tenants.services.grants import grant_access
from tests.arranging import arranging, made
from tests.content.services.arranging import by, operators
from tests.factories.content import skill, skill_version
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db
OTHER = {"prompt_fragments_json": {"system": "Other"}, "constraints_json": {}, "toolchain_json": {}, "guards_json": []}


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner")


@pytest.fixture
def own(home) -> Skill:
    made = skill(visibility=f"tenant:{home.pk}", status="champion", tier="champion")
    skill_version(skill=made, prompt_fragments_json={"system": "First"}, version_number=1, is_active=False)
    skill_version(skill=made, prompt_fragments_json={"system": "Second"}, version_number=2, is_active=True)
    return made


def versions(made) -> list[tuple[int, str, bool]]:
    rows = SkillVersion.objects.filter(skill=made).order_by("version_number")
    return [(row.version_number, row.prompt_fragments_json["system"], row.is_active) for row in rows]


def version(made, number: int) -> SkillVersion:
    return SkillVersion.objects.get(skill=made, version_number=number)


def test_a_draft_is_not_in_use_until_it_is_put_into_use(home, owner, own):
    with tenant_scope(home.pk, actor=owner):
        made = draft_version(own, OTHER, notes="Wider margins", who=owner)
        assert versions(own) == [(1, "First", False), (2, "Second", True), (3, "Other", False)]
        activate_version(own, made, reason="Tried and good", who=owner)

    assert versions(own) == [(1, "First", False), (2, "Second", False), (3, "Other", True)]
    assert made.version_notes == "Wider margins"
    entry = AuditLog.objects.get(action="activate_skill_version")
    assert (entry.tenant_id, entry.resource_id, entry.metadata["from"], entry.metadata["to"]) == (
        home.pk,
        own.pk,
        [2],
        3,
    )
    assert AuditLog.objects.get(action="create_skill_version").metadata["reason"] == "Wider margins"


def test_rolling_back_restores_as_a_new_version(home, owner, own):
    with tenant_scope(home.pk, actor=owner):
        roll_back(own, version(own, 1), reason="Two was worse", who=owner)

    assert versions(own) == [(1, "First", False), (2, "Second", False), (3, "First", True)]
    event = SharingEvent.objects.get(skill=own)
    assert (event.action, event.tenant_id, event.actor) == ("roll_back_skill", home.pk, f"admin:{owner.pk}")
    assert event.metadata["to"] == 1
    assert AuditLog.objects.get(action="roll_back_skill").metadata["version"] == 3


def test_a_fork_is_private_and_says_where_it_is_from(home, owner):
    shared = skill(visibility="global", name="Hero")
    said = skill_version(skill=shared, prompt_fragments_json={"system": "Shared"})

    with tenant_scope(home.pk, actor=owner):
        fork = fork_skill(shared, said, name="Our  hero", reason="Ours is wider")

    assert (fork.visibility, fork.parent_skill_id, fork.name, fork.status) == (
        f"tenant:{home.pk}",
        shared.pk,
        "Our hero",
        "testing",
    )
    assert versions(fork) == [(1, "Shared", True)]
    event = SharingEvent.objects.get(skill=fork)
    assert (event.action, event.tenant_id, event.reason) == ("fork_skill", home.pk, "Ours is wider")


def test_retiring_takes_the_champions_tier_and_is_told(home, owner, own):
    with tenant_scope(home.pk, actor=owner):
        retire_skill(own, reason="Nobody wants it", who=owner)
        with pytest.raises(SkillRefused, match="already"):
            retire_skill(own, reason="Nobody wants it", who=owner)
        with pytest.raises(SkillRefused, match="retired"):
            roll_back(own, version(own, 1), reason="Bring it back", who=owner)

    own.refresh_from_db()
    assert (own.status, own.tier) == ("retired", "standard")
    assert SharingEvent.objects.get(skill=own).metadata["was"] == "champion"


def test_what_is_in_use_is_neither_drafted_nor_put_into_use_again(home, owner, own):
    active = version(own, 2)
    same = {column: getattr(active, column) for column in DOCUMENTS}

    with tenant_scope(home.pk, actor=owner):
        with pytest.raises(SkillRefused, match="just what version 2 says"):
            draft_version(own, same, notes="The same", who=owner)
        for work in (activate_version, roll_back):
            with pytest.raises(SkillRefused, match="already"):
                work(own, active, reason="Again", who=owner)


def attempts(made, who):
    other = skill_version()
    return {
        "draft": lambda: draft_version(made, OTHER, notes="Because", who=who),
        "activate": lambda: activate_version(made, version(made, 1), reason="Because", who=who),
        "roll back": lambda: roll_back(made, version(made, 1), reason="Because", who=who),
        "retire": lambda: retire_skill(made, reason="Because", who=who),
        "fork": lambda: fork_skill(made, version(made, 1), name="Fork", reason="Because"),
        "another skill's version": lambda: roll_back(made, other, reason="Because", who=who),
    }


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_members_and_viewers_change_no_skill(role, home, own):
    who = person(tenant=home, role=role)

    for attempt in attempts(own, who).values():
        with tenant_scope(home.pk, actor=who), pytest.raises(SkillRefused):
            attempt()
    assert versions(own) == [(1, "First", False), (2, "Second", True)]


def test_an_owner_changes_no_global_skill_and_none_next_door(home, owner):
    shared = skill(visibility="global")
    skill_version(skill=shared, prompt_fragments_json={"system": "First"}, version_number=1, is_active=False)

    for name, attempt in attempts(shared, owner).items():
        if name != "fork":
            with tenant_scope(home.pk, actor=owner), pytest.raises(SkillRefused):
                attempt()
    next_door = skill(visibility=f"tenant:{tenant().pk}")
    with tenant_scope(home.pk, actor=owner):
        assert not Skill.objects.filter(pk=next_door.pk).exists()
        with pytest.raises(SkillRefused):
            retire_skill(next_door, reason="Because", who=owner)


def test_a_single_grant_lets_a_viewer_draft_but_not_put_into_use(home, owner, own):
    viewer = person(tenant=home, role="viewer")
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", own, reason="She writes it")

    with tenant_scope(home.pk, actor=viewer):
        made = draft_version(own, OTHER, notes="Mine", who=viewer)
        with pytest.raises(SkillRefused):
            activate_version(own, made, reason="Because", who=viewer)


def test_an_operator_mends_a_global_skill_and_forks_nothing_outside_of_a_tenant():
    shared, (who, _) = skill(visibility="global"), operators()
    first = skill_version(skill=shared, prompt_fragments_json={"system": "First"}, version_number=1, is_active=True)

    with by(who):
        made = draft_version(shared, OTHER, notes="Mended", who=who)
        activate_version(shared, made, reason="Mended", who=who)
        roll_back(shared, first, reason="It was better", who=who)
        with pytest.raises(SkillRefused, match="own tenant"):
            fork_skill(shared, first, name="Fork", reason="Because")
    with tenant_scope(tenant().pk, actor=who), pytest.raises(SkillRefused):
        retire_skill(shared, reason="Because", who=who)

    assert versions(shared) == [(1, "First", False), (2, "Other", False), (3, "First", True)]
    assert SharingEvent.objects.get(skill=shared).tenant_id is None


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\0b"], ids=["none", "blank", "long", "nul"])
def test_a_fork_needs_a_name(name, home, owner, own):
    with tenant_scope(home.pk, actor=owner), pytest.raises(SkillRefused, match="name"):
        fork_skill(own, version(own, 1), name=name, reason="Because")


@pytest.mark.parametrize("text", ["From £49", "ask@shop.example", "Close in Cobalt Cycles blue"])
def test_what_everybody_reads_tells_of_no_brand(text):
    """One operator could else undo what two decided: put into use, rolled back, drafted, in its notes, by its name."""
    shared, (who, _) = skill(visibility="global", name="Hero"), operators()
    source = tenant(name="Cobalt Cycles")
    made(SharingEvent, action="promote_to_global", actor="system_auto", tenant=source, skill=shared, reason="Ripe")
    clean = skill_version(skill=shared, version_number=1, is_active=False)
    skill_version(skill=shared, version_number=2, is_active=True)
    leak = skill_version(skill=shared, prompt_fragments_json={"system": text}, version_number=3, is_active=False)

    works = [
        lambda: activate_version(shared, leak, reason="Try", who=who),
        lambda: roll_back(shared, leak, reason="Try", who=who),
        lambda: roll_back(shared, clean, reason=text, who=who),
        lambda: draft_version(shared, {**OTHER, "constraints_json": {"a": [text]}}, notes="Try", who=who),
        lambda: draft_version(shared, OTHER, notes=text, who=who),
    ]
    for work in works:
        with by(who), pytest.raises(SkillRefused, match="Everybody would read it"):
            work()
    shared.name = text
    with by(who), pytest.raises(SkillRefused, match="Everybody would read it"):
        change_skill(shared, before={"name": "Hero"}, reason="Try")
    assert SkillVersion.objects.filter(skill=shared).count() == 3


def test_what_is_too_deep_to_be_searched_is_not_shared():
    shared, (who, _) = skill(visibility="global"), operators()
    deep: dict = {}
    for _ in range(60):
        deep = {"a": deep}

    with by(who), pytest.raises(SkillRefused, match="too deep"):
        draft_version(shared, {**OTHER, "constraints_json": deep}, notes="Try", who=who)


def test_a_later_version_does_not_name_whom_the_source_had_it_from():
    """Promotion cuts the way to a private parent; what was searched is kept with the promotion."""
    shared, (first, who) = skill(visibility="global"), operators()
    ancestor = tenant(name="Cobalt Cycles")
    active = skill_version(skill=shared)
    made(
        Promotion, skill=shared, version=active, tenant_id=tenant().pk, state="approved", reason="Ripe", seen="x" * 64,
        evidence=[{"rule": "scan", "searched": [ancestor.pk]}], proposed_by=first.pk, decided_by=who.pk,
    )  # fmt: skip
    leak = {**OTHER, "prompt_fragments_json": {"system": "As Cobalt Cycles does it"}}

    with by(who), pytest.raises(SkillRefused, match="tenant name, Cobalt Cycles"):
        draft_version(shared, leak, notes="Try", who=who)


def test_a_retired_skill_is_forked_and_not_drafted(home, owner, own):
    """What is set aside at a promotion keeps its drafts; they are used by a fork."""
    draft = version(own, 1)
    with arranging():
        Skill.objects.filter(pk=own.pk).update(status="retired")
    with tenant_scope(home.pk, actor=owner):
        with pytest.raises(SkillRefused, match="fork it instead"):
            draft_version(own, OTHER, notes="More", who=owner)
        fork = fork_skill(own, draft, name="Again", reason="It was not finished")

    assert versions(fork) == [(1, "First", True)]


@pytest.mark.parametrize("column", DOCUMENTS)
@pytest.mark.parametrize("stored", ['{"a": NaN}', '{"a": 1e999}'], ids=["nan", "infinite"])
def test_a_document_that_is_none_is_refused_by_its_name(column, stored, home, owner, own):
    old = version(own, 1)
    with arranging(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE skill_versions SET {column} = %s WHERE skill_version_id = %s", [stored, old.pk])
    old = version(own, 1)
    with tenant_scope(home.pk, actor=owner):
        for work in (
            lambda: fork_skill(own, old, name="Fork", reason="Because"),
            lambda: roll_back(own, old, reason="Because", who=owner),
        ):
            with pytest.raises(SkillRefused, match=DOCUMENTS[column]):
                work()
    assert SkillVersion.objects.count() == 2


def test_a_name_that_is_bytes_does_not_stop_a_retirement(home, owner, own):
    with arranging(), connection.cursor() as cursor:
        cursor.execute("UPDATE skills SET name = %s WHERE skill_id = %s", [b"\xff\xfe", own.pk])
    with tenant_scope(home.pk, actor=owner):
        retire_skill(Skill.objects.get(pk=own.pk), reason="Because", who=owner)

    assert Skill.objects.get(pk=own.pk).status == "retired"
