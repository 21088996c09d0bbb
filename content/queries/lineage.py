"""How skills descend from one another: forks and pilots of a skill, and what it was forked from (domain.md, Skills)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from content.models import Skill
from content.queries.skills import with_owners
from security.services.rows import tenant_of

DEEPEST = 50  # generations; a circle, which a worker could write, ends as well


@dataclass(frozen=True, slots=True)
class Node:
    """A skill in the tree of its kin, ``depth`` steps below the oldest ancestor in reach."""

    skill: Skill
    depth: int

    @property
    def level(self) -> int:
        """How far it is drawn to the right."""
        return min(self.depth, 4)


def lineage_of(skill: Skill) -> list[Node]:
    """The oldest ancestor in reach and all that descend from it, parents before children. One query.

    A private skill of somebody else is not in reach, and what descends from it begins a tree of its own.
    """
    kin = kinship()
    root, steps = skill, 0
    while (parent := kin.by_key.get(root.parent_skill_id or "")) is not None and steps < DEEPEST and parent != skill:
        root, steps = parent, steps + 1
    return list(_walk(kin, root, 0, set()))


def line_of(skill: Skill, kin: "Kin") -> list[str]:
    """The keys of the skill, its ancestors and its forks, and theirs: whose uses count for K."""
    found = [node.skill.pk for node in _walk(kin, skill, 0, set())]
    parent, steps = kin.by_key.get(skill.parent_skill_id or ""), 0
    while parent is not None and parent.pk not in found and steps < DEEPEST:
        found.append(parent.pk)
        parent, steps = kin.by_key.get(parent.parent_skill_id or ""), steps + 1
    return found


def owners_above(skill: Skill, kin: "Kin") -> list[str]:
    """The tenants whose private skills ``skill`` was forked from, however many steps ago."""
    found, steps = [], 0
    parent = kin.by_key.get(skill.parent_skill_id or "")
    while parent is not None and steps < DEEPEST:
        if owner := tenant_of(parent):
            found.append(owner)
        parent, steps = kin.by_key.get(parent.parent_skill_id or ""), steps + 1
    return sorted(set(found))


@dataclass(frozen=True, slots=True)
class Kin:
    """The skills that have kin, and the forks of each."""

    by_key: dict[str, Skill]
    children: dict[str, list[Skill]]


def kinship() -> Kin:
    """Everybody in reach that has kin: few of all skills are forks. One query."""
    forks = Skill.objects.filter(parent_skill__isnull=False)
    columns = ("pk", "name", "visibility", "status", "tier", "parent_skill_id", "created_at")
    is_kin = Q(pk__in=forks.values("parent_skill_id")) | Q(parent_skill__isnull=False)
    rows = list(with_owners(Skill.objects.filter(is_kin)).only(*columns))
    children: dict[str, list[Skill]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (str(row.created_at), row.pk)):
        if row.parent_skill_id:
            children[row.parent_skill_id].append(row)
    return Kin({row.pk: row for row in rows}, children)


def _walk(kin: Kin, skill: Skill, depth: int, met: set[str]) -> Iterator[Node]:
    if skill.pk in met or depth > DEEPEST:
        return
    met.add(skill.pk)
    yield Node(skill, depth)
    for child in kin.children.get(skill.pk, ()):
        yield from _walk(kin, child, depth + 1, met)
