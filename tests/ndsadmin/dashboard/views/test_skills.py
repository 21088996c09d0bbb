"""The library, one skill, the version editor: what each shows, and what can be done there."""

import csv
import datetime as dt
import io
import json

import pytest

from content.enums import Hiding
from content.models import (
    HiddenMetrics,
    PublishedMetrics,
    PublishedPeriod,
    Skill,
    SkillMetricsDaily,
    SkillVersion,
)
from ndsadmin.dashboard.drafting import input_name
from security.columns import now
from security.models import AuditLog, SharingEvent
from tests.arranging import made
from tests.factories.content import skill, skill_metrics, skill_version
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 10, 1)


@pytest.fixture
def home():
    return tenant(name="Cobalt Cycles")


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner")


@pytest.fixture
def client(owner, signed_in):
    return signed_in(owner)


@pytest.fixture
def own(home) -> Skill:
    found = skill(name="Own", visibility=f"tenant:{home.pk}", platform="twitter")
    first = {"system": "First", "deep": {"list": ["a", "b"]}}
    skill_version(skill=found, prompt_fragments_json=first, version_number=1, is_active=False)
    constraints = {"min_font_pt": 22, "ratio": 4.5, "bold": True, "nothing": None}
    skill_version(
        skill=found, prompt_fragments_json={"system": "Second"}, constraints_json=constraints, version_number=2,
        guards_json=["contrast", "own_guard"],
    )  # fmt: skip
    skill_metrics(skill=found, date=now().date(), uses=30, pass_rate=0.9, approval_rate=0.5)
    return found


@pytest.fixture
def shared() -> Skill:
    found = skill(name="Shared", visibility="global", status="champion", tier="champion")
    skill_version(skill=found)
    skill_metrics(skill=found, date=now().date(), uses=7, pass_rate=0.111, unique_tenants=2)
    return found


def publish(found: Skill, **given) -> None:
    rates = {"pass_rate": 0.8, "defect_rate": 0.05, "selection_rate": 0.6, "approval_rate": 0.5}
    made(
        PublishedMetrics,
        **{"kind": "month", "first": MONTH, "skill": found, "uses": 40, "tenants": 5, **rates, **given},
    )


def names(response) -> list[str]:
    return [line.skill.name for line in response.context["page"].lines]


# ---- The library --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["owner", "operator"])
def test_it_costs_eight_queries_at_most_however_many_there_are(
    who, owner, operator, own, shared, signed_in, django_assert_max_num_queries
):
    """Session, person, skills, numbers, trends, the best; in a tenant what was published twice, else that somebody
    looked."""
    publish(shared)
    client = signed_in(owner if who == "owner" else operator)
    client.get("/skills/")  # an operator's look is recorded once an hour
    for number in (1, 30):
        for _ in range(number):
            publish(skill(visibility="global"))
        with django_assert_max_num_queries(8):
            client.get("/skills/")


def test_a_tenant_sees_everybodys_and_its_own_with_what_it_may_know(client, own, shared):
    skill(name="Next door", visibility=f"tenant:{tenant().pk}")

    page = client.get("/skills/").context["page"]

    assert [(line.skill.name, line.figure.success, line.figure.uses) for line in page.lines] == [
        ("Own", "90.0%", "30"), ("Shared", "–", "–"),
    ]  # fmt: skip
    publish(shared)
    page = client.get("/skills/").context["page"]
    assert [(line.skill.name, line.figure.success, line.figure.defects) for line in page.lines] == [
        ("Shared", "80%", "≤ 5%"), ("Own", "90.0%", "0.0%"),
    ]  # fmt: skip


@pytest.mark.parametrize("order", ["success", "-success", "uses", "-uses", "cost", "latency", "nonsense", ""])
def test_what_is_hidden_comes_last_in_every_order(client, own, shared, order):
    """Its place would tell of its number."""
    assert names(client.get("/skills/", {"sort": order})) == ["Own", "Shared"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ["Own", "Shared"]), ({"platform": "twitter"}, ["Own"]), ({"status": "champion"}, ["Shared"]),
        ({"tier": "champion"}, ["Shared"]), ({"whose": "private"}, ["Own"]), ({"whose": "global"}, ["Shared"]),
        ({"q": "hAr"}, ["Shared"]), ({"task": "nothing"}, []), ({"modality": "image"}, ["Own", "Shared"]),
        ({"q": "%"}, []), ({"page": "9" * 30}, ["Own", "Shared"]), ({"page": "٣"}, ["Own", "Shared"]),
    ],
    ids=str,
)  # fmt: skip
def test_it_is_filtered(client, own, shared, given, found):
    assert sorted(names(client.get("/skills/", given))) == found


def test_it_has_pages(client):
    for number in range(55):
        skill(name=f"{number:02}", visibility="global")

    first = client.get("/skills/?sort=name")
    assert names(first) == [f"{number:02}" for number in range(50)]
    assert names(client.get(first.context["page"].more)) == [f"{number:02}" for number in range(50, 55)]


def test_an_operator_sees_what_is_hidden_marked_and_that_is_recorded_once_an_hour(client_of_operator, shared, operator):
    made(HiddenMetrics, kind="month", first=MONTH, skill=shared, why=Hiding.FEW, tenants=4, uses=9)
    made(PublishedPeriod, kind="month", first=MONTH, shown=0, hidden=1)

    for _ in range(2):
        (line,) = client_of_operator.get("/skills/").context["page"].lines
        assert (line.figure.uses, line.why) == ("7", "Too few tenants")
    page = client_of_operator.get(f"/skills/{shared.pk}/").context["page"]
    assert [(period.why, period.tenants, period.uses) for period in page.periods] == [("Too few tenants", "4", "9")]
    client_of_operator.get("/data/content/skillmetricsdaily/")

    entries = AuditLog.objects.filter(action="read_skill_metrics")
    assert sorted(entries.values_list("resource_id", flat=True)) == sorted(
        ["library", shared.pk, "skill_metrics_daily"]
    )
    assert set(entries.values_list("user_id", flat=True)) == {operator.pk}


def test_an_operator_is_told_whose_a_private_skill_is(client_of_operator, own, home):
    """In the library, among the best, and on its page: several tenants have one of the same name."""
    for address, times in (("/skills/", 2), (f"/skills/{own.pk}/", 1)):
        assert client_of_operator.get(address).content.decode().count(home.name) == times


def test_what_tenants_are_not_told_is_marked_wherever_an_operator_reads_it(client_of_operator, shared):
    """Also where no month decided it yet: side by side, in the file, among the best."""
    SkillMetricsDaily.objects.filter(skill=shared).update(uses=20, approval_rate=0.9)
    other = skill(name="Other", visibility="global")

    library = client_of_operator.get("/skills/").context["page"]
    beside = client_of_operator.get("/skills/compare/", {"skill": [shared.pk, other.pk]}).context["columns"]
    rows = list(csv.reader(io.StringIO(client_of_operator.post("/skills/export/").content.decode())))

    assert {line.skill.name: line.why for line in library.lines} == {"Shared": "Not published yet", "Other": ""}
    assert [told for _, told in library.best] == ["90%, not published yet"]
    assert [why for _, why, *_ in beside] == ["Not published yet"] * 2
    assert {row[1]: row[rows[0].index("hidden")] for row in rows[1:]}["Shared"] == "Not published yet"


@pytest.mark.parametrize(("role", "sees"), [("owner", True), ("admin", True), ("member", False), ("viewer", False)])
def test_events_are_for_who_reads_events(role, sees, own, home, signed_in):
    made(SharingEvent, action="fork_skill", actor="system_auto", tenant=home, skill=own, reason="A private reason")
    page = signed_in(person(tenant=home, role=role)).get(f"/skills/{own.pk}/")

    assert ("A private reason" in page.content.decode()) is sees


def test_a_tenants_look_is_not_recorded_and_too_few_are_marked_in_the_table(client, client_of_operator, shared):
    client.get("/skills/")
    assert not AuditLog.objects.filter(action="read_skill_metrics").exists()

    page = client_of_operator.get("/data/content/skillmetricsdaily/").content.decode()
    assert '<span class="badge warn" title="Too few: people of tenants are not shown this">2</span>' in page


# ---- As a file ------------------------------------------------------------------------------------------------------
def exported(client, query: str = "") -> dict[str, dict[str, str]]:
    response = client.post(f"/skills/export/{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return {row["name"]: row for row in csv.DictReader(io.StringIO(response.content.decode()))}


def test_a_file_holds_what_the_page_may_and_is_recorded(client, own, shared, home, owner):
    rows = exported(client)
    assert (rows["Own"]["uses"], rows["Own"]["pass_rate"]) == ("30", "0.9")
    assert (rows["Shared"]["uses"], rows["Shared"]["pass_rate"], rows["Shared"]["tenants"]) == ("", "", "")
    publish(shared)
    assert exported(client, "?whose=global")["Shared"]["tenants"] == "5–9"
    assert exported(client, "?q=own").keys() == {"Own"}

    entries = AuditLog.objects.filter(action="export_rows", tenant=home.pk, user_id=owner.pk)
    states = [(entry.metadata["state"], entry.resource_type) for entry in entries]
    assert sorted(states) == [("begun", "skills")] * 3 + [("ended", "skills")] * 3


def test_a_name_is_no_formula_in_a_file(client, home):
    skill(name="=cmd()", visibility=f"tenant:{home.pk}")

    assert "'=cmd()" in exported(client)


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_a_file_is_not_for_everybody(role, home, signed_in):
    assert signed_in(person(tenant=home, role=role)).post("/skills/export/").status_code == 403


# ---- Side by side ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "status"), [(0, 302), (1, 302), (2, 200), (4, 200), (5, 302)])
def test_two_to_four_are_compared(client, number, status):
    keys = [skill(visibility="global").pk for _ in range(number)]

    response = client.get("/skills/compare/", {"skill": keys})
    assert response.status_code == status
    if status == 200:
        assert [found.pk for found, *_ in response.context["columns"]] == keys


def test_one_next_door_is_not_compared(client, own):
    other = skill(visibility=f"tenant:{tenant().pk}")

    assert client.get("/skills/compare/", {"skill": [own.pk, other.pk]}).status_code == 404


# ---- One skill ------------------------------------------------------------------------------------------------------
def test_its_versions_are_told_apart_value_by_value(client, own):
    comparison = client.get(f"/skills/{own.pk}/").context["page"].comparison

    assert (comparison.old.version_number, comparison.new.version_number) == (1, 2)
    told = {one.label: (one.old, one.new) for one in comparison.differences}
    assert "First" in told["Prompt fragments: system"][0]
    assert "Second" in told["Prompt fragments: system"][1]
    assert set(told) == {
        "Prompt fragments: system", "Prompt fragments: deep list 1", "Prompt fragments: deep list 2",
        "Constraints: min font pt", "Constraints: ratio", "Constraints: bold", "Guards: 1", "Guards: 2",
    }  # fmt: skip


@pytest.mark.parametrize("given", [{"old": "2", "new": "1"}, {"old": "9", "new": "x"}, {"old": "2", "new": "2"}])
def test_whatever_is_asked_for_is_compared_or_left(client, own, given):
    assert client.get(f"/skills/{own.pk}/", given).status_code == 200


def test_it_costs_the_same_however_many_versions(client, own, django_assert_max_num_queries):
    for number in (0, 12):
        for place in range(number):
            skill_version(skill=own, version_number=10 + place, is_active=False)
        with django_assert_max_num_queries(15):  # session, person, skill; what it shows; who may change it
            client.get(f"/skills/{own.pk}/")


def do(client, found: Skill, **given):
    return client.post(f"/skills/{found.pk}/", given, follow=True)


def test_an_owner_forks_rolls_back_puts_into_use_and_retires(client, own, shared, home):
    version = SkillVersion.objects.get(skill=shared)
    do(client, shared, do="fork", version=version.pk, name="Ours", reason="Ours is wider")
    fork = Skill.objects.get(name="Ours")
    assert (fork.visibility, fork.parent_skill_id) == (f"tenant:{home.pk}", shared.pk)

    first = SkillVersion.objects.get(skill=own, version_number=1)
    do(client, own, do="roll_back", version=first.pk, reason="Two was worse")
    assert SkillVersion.objects.get(skill=own, is_active=True).version_number == 3
    do(
        client,
        own,
        do="activate",
        version=SkillVersion.objects.get(skill=own, version_number=2).pk,
        reason="No, better",
    )
    assert SkillVersion.objects.get(skill=own, is_active=True).version_number == 2
    page = do(client, own, do="retire", reason="Nobody wants it")
    assert "Own is retired." in page.content.decode()
    assert set(SharingEvent.objects.values_list("action", flat=True)) == {
        "fork_skill",
        "roll_back_skill",
        "retire_skill",
    }


@pytest.mark.parametrize("given", [{"do": "retire"}, {"do": "retire", "reason": "x"}])
def test_without_a_reason_nothing_is_done(client, own, given):
    page = do(client, own, **given)

    assert "reason: expected why" in page.content.decode()
    assert Skill.objects.get(pk=own.pk).status == "active"


def test_nonsense_is_refused(client, own, shared):
    assert client.post(f"/skills/{own.pk}/", {"do": "explode"}).status_code == 400
    other = SkillVersion.objects.get(skill=shared)
    assert (
        client.post(f"/skills/{own.pk}/", {"do": "activate", "version": other.pk, "reason": "Try"}).status_code == 404
    )


# ---- The version editor ---------------------------------------------------------------------------------------------
def form_of(client, found: Skill, number: int = 2) -> dict:
    """What a browser would send for the form as it stands."""
    draft = client.get(f"/skills/versions/{found.pk}/?from={number}").context["draft"]
    sent = {entry.name: entry.value for _, _, entries, _ in draft.groups for entry in entries}
    return {**sent, "from": number, "guards": [guard for guard, _, on in draft.guards if on]}


def entry(document: str, *path) -> str:
    return input_name(document, path)


def save(client, found: Skill, **given):
    return client.post(f"/skills/versions/{found.pk}/", {**given, "save": "1"})


def test_a_draft_keeps_kinds_and_what_is_not_edited(client, own):
    sent = form_of(client, own)
    sent[entry("prompt_fragments_json", "system")] = "Third"
    sent[entry("constraints_json", "min_font_pt")] = "24"
    sent[entry("constraints_json", "bold")] = "no"
    sent |= {
        "toolchain_json.name.0": "image_model",
        "toolchain_json.value.0": "gemini-2.5",
        "guards": ["own_guard", "font_size"],
    }

    assert save(client, own, **sent, notes="Wider").status_code == 302

    made_version = SkillVersion.objects.get(skill=own, version_number=3)
    assert made_version.prompt_fragments_json == {"system": "Third"}
    assert made_version.constraints_json == {"min_font_pt": 24, "ratio": 4.5, "bold": False, "nothing": None}
    assert made_version.toolchain_json == {"image_model": "gemini-2.5"}
    assert made_version.guards_json == ["font_size", "own_guard"]
    assert (made_version.version_notes, made_version.is_active) == ("Wider", False)


def test_a_draft_begins_as_any_version_and_what_is_emptied_goes(client, own):
    sent = form_of(client, own, 1)
    assert sent[entry("prompt_fragments_json", "deep", "list", 1)] == "b"
    sent[entry("prompt_fragments_json", "deep", "list", 0)] = " "

    save(client, own, **sent, notes="Without a")

    assert SkillVersion.objects.get(skill=own, version_number=3).prompt_fragments_json == {
        "system": "First", "deep": {"list": ["b"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({entry("constraints_json", "min_font_pt"): "large"}, "expected a number, got"),
        ({entry("constraints_json", "ratio"): "nan"}, "expected a number, got"),
        ({entry("constraints_json", "ratio"): "1e999"}, "expected a number, got"),
        ({entry("prompt_fragments_json", "system"): "x" * 8001}, "at most 8,000 characters, got 8,001"),
        ({entry("prompt_fragments_json", "system"): "a\0b"}, "expected at most"),
        ({"constraints_json.name.0": "ratio", "constraints_json.value.0": "1"}, "ratio is there already"),
        ({"constraints_json.name.0": "x" * 81, "constraints_json.value.0": "1"}, "1 to 80 characters, got 81"),
        ({"notes": ""}, "reason: expected why"),
        ({}, "It says just what version 2 says"),
    ],
    ids=["word", "nan", "infinite", "long", "nul", "twice", "long name", "no notes", "nothing"],
)
def test_what_is_wrong_is_told_and_nothing_is_stored(client, own, change, problem):
    response = save(client, own, **{**form_of(client, own), "notes": "Because", **change})

    assert response.status_code == 400
    assert problem in response.content.decode()
    assert SkillVersion.objects.filter(skill=own).count() == 2


def test_what_is_not_sent_stays_as_it_is(client, own):
    assert save(client, own, **{"from": 1, "notes": "First again"}).status_code == 302

    made_version = SkillVersion.objects.get(skill=own, version_number=3)
    assert made_version.prompt_fragments_json == {"system": "First", "deep": {"list": ["a", "b"]}}


@pytest.mark.parametrize("number", ["9", "x", "-1", "9" * 5000], ids=["9", "x", "-1", "huge"])
def test_a_draft_of_a_version_that_is_not_there_is_refused(client, own, number):
    assert client.get(f"/skills/versions/{own.pk}/?from={number}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12", 12), ("1.5", 1.5), ("00745", "00745"), ("+4420", "+4420"), ("1e3", "1e3"), ("a b", "a b")],
)
def test_a_new_value_is_a_number_where_it_is_written_as_one(client, own, typed, stored):
    save(
        client,
        own,
        **{**form_of(client, own), "constraints_json.name.0": "new", "constraints_json.value.0": typed},
        notes="New",
    )

    assert SkillVersion.objects.get(skill=own, version_number=3).constraints_json["new"] == stored


@pytest.mark.parametrize(
    "document",
    [{"system": "\ud800"}, {"n": 10**400}, {"n": 10**18}, {"deep": json.loads("[" * 300 + "]" * 300)},
     {"": "empty", "a.b": 1}],
    ids=["half a character", "huge", "large", "deep", "odd names"],
)  # fmt: skip
def test_odd_documents_are_shown_and_kept(client, home, document):
    found = skill(visibility=f"tenant:{home.pk}")
    skill_version(skill=found, prompt_fragments_json={**document, "system": document.get("system", "Say")})

    for address in (f"/skills/{found.pk}/", f"/skills/versions/{found.pk}/"):
        assert client.get(address).status_code == 200
    sent = {**form_of(client, found, 1), entry("prompt_fragments_json", "system"): "Other"}
    assert save(client, found, **sent, notes="Because").status_code == 302
    kept = SkillVersion.objects.get(skill=found, version_number=2).prompt_fragments_json
    assert kept == {**document, "system": "Other"}


def test_documents_of_another_form_stay_as_they_are(client, home):
    found = skill(visibility=f"tenant:{home.pk}")
    skill_version(skill=found, prompt_fragments_json=["a"], guards_json={"contrast": 4.5}, constraints_json={"a": 1})

    response = client.get(f"/skills/versions/{found.pk}/")
    assert response.context["draft"].kept_guards
    assert response.context["draft"].problems == ["Prompt fragments: is no object, and cannot be edited here."]
    assert save(client, found, **form_of(client, found, 1), notes="Because").status_code == 400


def test_the_brand_is_searched_while_it_is_written(client, own, home):
    brand_profile(tenant=home, palette=["#0047ab"], lexicon={"products": ["Pannier"]})
    sent = form_of(client, own)
    sent[entry("prompt_fragments_json", "system")] = "Show two panniers in #0047ab."

    response = client.post(f"/skills/versions/{own.pk}/", {**sent, "notes": "For Cobalt Cycles", "check": "1"})

    assert response.status_code == 200
    found = {place.place: [str(hit.kind) for hit in place.hits] for place in response.context["places"]}
    assert found == {
        "prompt fragments: system": ["product", "colour of the palette"], "notes": ["tenant name"],
    }  # fmt: skip
    assert '<mark title="Product: Pannier">panniers</mark>' in response.content.decode()
    assert SkillVersion.objects.filter(skill=own).count() == 2


def test_it_is_not_for_members_nor_for_everybodys_skills(own, shared, home, signed_in, client):
    member = signed_in(person(tenant=home, role="member"))

    assert member.get(f"/skills/versions/{own.pk}/").status_code == 403
    assert client.get(f"/skills/versions/{shared.pk}/").status_code == 403
    assert client.get("/skills/versions/nobody/").status_code == 404
