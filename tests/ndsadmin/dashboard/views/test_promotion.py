"""The review pages: who waits, every rule of one, and what two operators do there."""

import datetime as dt

import pytest

from content.models import Promotion, Skill
from tests.content.services import arranging as ripening
from tests.content.services.arranging import ripe
from tests.factories.content import skill
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch):
    moment = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    for module in ("ndsadmin.dashboard.views.promotion", "content.services.promotion"):
        monkeypatch.setattr(f"{module}.now", lambda: moment)
    assert ripening.TODAY == TODAY


@pytest.fixture
def another(signed_in):
    return signed_in(platform_person(role="admin"))


def page(client, found):
    return client.get(f"/skills/review/{found.skill.pk}/")


def send(client, found, do: str, **given) -> str:
    digest = page(client, found).context["review"].digest
    promotion = Promotion.objects.filter(skill=found.skill, state="open").first()
    sent = {"do": do, "digest": digest, "reason": "A good pattern", "promotion": promotion.pk if promotion else ""}
    response = client.post(f"/skills/review/{found.skill.pk}/", {**sent, **given}, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_one_proposes_another_promotes(client_of_operator, another):
    found = ripe()

    assert "Another operator decides" in send(client_of_operator, found, "propose")
    assert "Another operator approves" in send(client_of_operator, found, "approve")
    assert "approve-why" not in page(client_of_operator, found).content.decode()
    assert "Promote: 4 more tenants see it" in page(another, found).content.decode()
    assert "is everybody" in send(another, found, "approve")

    assert Skill.objects.get(pk=found.skill.pk).visibility == "global"
    assert page(another, found).status_code == 302
    decided = another.get("/skills/review/").context["decided"]
    assert [(line["promotion"].state, line["source"]) for line in decided] == [("approved", "Cobalt Cycles")]


def test_a_leak_is_marked_and_stops_it(client_of_operator):
    found = ripe(name="Cobalt Cycles card")

    text = page(client_of_operator, found).content.decode()

    assert '<mark title="Tenant name: Cobalt Cycles">Cobalt Cycles</mark> card' in text
    assert "never set aside: “Tells nothing of the brand”" in text
    assert "Nobody sets it aside" in send(client_of_operator, found, "propose", override=["scan"])
    assert "No pilot" in send(client_of_operator, found, "pilot", tenant=[tenant().pk])


def test_other_rules_are_set_aside_one_by_one(client_of_operator, another):
    found = ripe(uses=40)

    assert "Used often: 40" in send(client_of_operator, found, "propose")
    assert "is proposed" in send(client_of_operator, found, "propose", override=["uses"])
    assert '<span class="badge warn">Set aside</span> used often<' in page(another, found).content.decode()
    assert "; set aside: used often." in another.get("/skills/review/").content.decode()
    assert "is everybody" in send(another, found, "approve")


def test_it_is_refused_and_called_off(client_of_operator, another):
    found = ripe()
    send(client_of_operator, found, "propose")
    assert "It was refused" in send(another, found, "refuse")
    send(client_of_operator, found, "propose")
    assert "called off" in send(client_of_operator, found, "withdraw")

    assert sorted(Promotion.objects.values_list("state", flat=True)) == ["refused", "withdrawn"]


def test_an_old_page_is_looked_at_again(client_of_operator):
    found = ripe()

    assert "look at it again" in send(client_of_operator, found, "propose", digest="of yesterday")
    assert not Promotion.objects.exists()


def test_a_pilot_goes_to_those_who_agree(client_of_operator):
    found = ripe(tenants=1)
    ready = tenant(name="Ready", settings=ripening.AGREES)

    assert "Ready" in page(client_of_operator, found).content.decode()
    assert "tried out in 1 tenant." in send(client_of_operator, found, "pilot", tenant=[ready.pk])
    assert Skill.objects.get(visibility=f"tenant:{ready.pk}").parent_skill_id == found.skill.pk


def test_the_list_says_who_waits_who_could_and_what_should_go(client_of_operator):
    waiting, candidate = ripe(), ripe()
    send(client_of_operator, waiting, "propose")

    context = client_of_operator.get("/skills/review/").context

    assert [line["promotion"].skill_id for line in context["waiting"]] == [waiting.skill.pk]
    assert [one.skill_id for one, _ in context["candidates"]] == [candidate.skill.pk]


def test_an_auditor_reads_and_changes_nothing(auditor, signed_in):
    found, client = ripe(), signed_in(auditor)

    assert client.get("/skills/review/").status_code == 200
    assert "propose-why" not in page(client, found).content.decode()
    assert client.post(f"/skills/review/{found.skill.pk}/", {"do": "propose"}).status_code == 403


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_nobody_of_a_tenant_gets_there(role, signed_in):
    found = ripe()
    client = signed_in(person(tenant=found.source, role=role))

    assert client.get("/skills/review/").status_code == 403
    assert page(client, found).status_code == 403


def test_nonsense_and_what_is_not_private_is_led_on(client_of_operator):
    found, shared = ripe(), skill(visibility="global")

    assert client_of_operator.post(f"/skills/review/{found.skill.pk}/", {"do": "explode"}).status_code == 400
    assert client_of_operator.get(f"/skills/review/{shared.pk}/").status_code == 302
    assert client_of_operator.get("/skills/review/nobody/").status_code == 404
