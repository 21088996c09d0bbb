import pytest

from content.models import Skill
from content.queries.lineage import kinship, line_of, lineage_of
from security.scope import tenant_scope
from tests.arranging import arranging
from tests.factories.content import skill
from tests.factories.tenants import tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def shape(found) -> list[tuple[str, int]]:
    return [(node.skill.name, node.depth) for node in lineage_of(found)]


def test_the_tree_begins_with_the_oldest_ancestor():
    root = skill(name="root")
    child, other = skill(name="child", parent_skill=root), skill(name="other", parent_skill=root)
    below = skill(name="below", parent_skill=child)

    for found in (root, child, other, below):
        assert shape(found) == [("root", 0), ("child", 1), ("below", 2), ("other", 1)]
    assert set(line_of(child, kinship())) == {root.pk, child.pk, below.pk}
    assert set(line_of(root, kinship())) == {root.pk, child.pk, other.pk, below.pk}


def test_one_without_kin_is_alone(django_assert_num_queries):
    alone = skill(name="alone")

    with django_assert_num_queries(1):
        assert shape(alone) == [("alone", 0)]
    assert line_of(alone, kinship()) == [alone.pk]


def test_kin_next_door_is_not_in_the_tree():
    home, other = tenant(), tenant()
    root = skill(name="theirs", visibility=f"tenant:{other.pk}")
    mine = skill(name="mine", visibility=f"tenant:{home.pk}", parent_skill=root)
    skill(name="fork next door", visibility=f"tenant:{other.pk}", parent_skill=mine)

    with tenant_scope(home.pk):
        assert shape(Skill.objects.get(pk=mine.pk)) == [("mine", 0)]


def test_a_circle_ends():
    one = skill(name="one")
    two = skill(name="two", parent_skill=one)
    with arranging():
        Skill.objects.filter(pk=one.pk).update(parent_skill=two)

    assert sorted(name for name, _ in shape(Skill.objects.get(pk=one.pk))) == ["one", "two"]
    assert set(line_of(two, kinship())) == {one.pk, two.pk}
