import pytest

from content.exceptions import ChampionMismatch, RetiringIsAnEvent
from content.models import Skill
from content.services.skills import change_skill
from tests.factories.content import skill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


@pytest.mark.parametrize(("status", "tier"), [("champion", "standard"), ("active", "champion")])
def test_status_and_tier_champion_go_together(status, tier):
    row = skill()
    row.status, row.tier = status, tier

    with pytest.raises(ChampionMismatch):
        change_skill(row, before={"status": "active", "tier": "standard"})

    assert Skill.objects.values_list("status", "tier").get() == ("active", "standard")


def test_a_skill_becomes_champion_in_both():
    row = skill()
    row.status = row.tier = "champion"

    assert change_skill(row, before={"status": "active", "tier": "standard"}) == {"status", "tier"}


def test_a_skill_is_not_retired_by_editing_its_row():
    """domain.md: retiring takes a reason and writes a sharing event."""
    row = skill()
    row.status = "retired"

    with pytest.raises(RetiringIsAnEvent):
        change_skill(row, before={"status": "active"})


def test_a_retired_skill_stays_retired():
    row = skill(status="retired")
    row.status = "active"

    with pytest.raises(RetiringIsAnEvent):
        change_skill(row, before={"status": "retired"})
