"""The library of skills, ready to be drawn: which there are, how they do, which are the best."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from content.enums import Platform, SkillStatus, SkillTier
from content.kanon import rate_text
from content.models import Skill
from content.models.skills import GLOBAL, PRIVATE
from content.queries.numbers import MEANS, Best, Numbers, best_skills, decision, numbers, trends, unpublished
from content.queries.skills import with_owners
from ndsadmin.charts import sparkline
from ndsadmin.db.ahead import reading_ahead
from security.scope import Reach, current_scope

PAGE = 50
MOST = 2_000  # skills that one page orders; more are to be filtered
TONES = {"champion": "good", "active": "good", "testing": "warn", "failing": "bad"}
WHOSE = (("", "All"), ("global", "Everybody's"), ("private", "Private"))
NAMED = ("skill_id", "name", "task", "platform", "modality", "visibility", "status", "tier")
COMPARED = (2, 4)  # skills side by side


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A skill's numbers as text; a dash where there is none that the reader may know."""

    success: str
    band: str
    tone: str
    uses: str
    defects: str
    approval: str
    selection: str
    cost: str
    median: str
    slowest: str
    tenants: str


@dataclass(frozen=True, slots=True)
class Line:
    skill: Skill
    figure: Figure
    trend: SafeString | str
    why: str = ""  # the platform alone: why tenants see no numbers


@dataclass(slots=True)
class Library:
    lines: list[Line]
    choices: list[Choice]
    words: str
    total: int
    is_cut: bool
    best: list[tuple[Best, str]] = field(default_factory=list)
    orders: list[tuple[str, str, str, str]] = field(default_factory=list)  # name, title, address, which way now
    more: str = ""
    is_platform: bool = False
    since: dt.date | None = None  # of what was published


ORDERS: Mapping[str, tuple[str, Callable[[Skill, Numbers | None], Any]]] = {
    "name": ("Skill", lambda skill, _: skill.name.lower()),
    "success": ("Success", lambda _, known: known and known.pass_rate),
    "uses": ("Uses", lambda _, known: known and known.uses),
    "cost": ("Cost a use", lambda _, known: known and known.cost_avg),
    "latency": ("Median time", lambda _, known: known and known.latency_p50),
}


def library(given: Mapping[str, str], today: dt.date) -> Library:
    """The page that ``given`` (a query string) asks for. Six queries at most."""
    with reading_ahead(lambda: numbers(today), lambda: list(_skills(given)), lambda: best_skills(today)):
        found, known, best = list(_skills(given)), numbers(today), best_skills(today)
    order, way = _order(given.get("sort", ""))
    ordered = _sorted(found[:MOST], known, order, way)
    start = (_page(given.get("page", "")) - 1) * PAGE
    shown = ordered[start : start + PAGE]
    lines = _lines(shown, known, trends(today, [skill.pk for skill in shown]))
    return Library(
        lines,
        _choices(given, found),
        given.get("q", ""),
        len(ordered),
        len(found) > MOST,
        [(one, told_of(one)) for one in best],
        _orders(given, order, way),
        _with(given, page=str(start // PAGE + 2)) if len(ordered) > start + PAGE else "",
        current_scope().reach is Reach.PLATFORM,
        next((one.first for one in known.values() if one.first), None),
    )


def exported(given: Mapping[str, str], today: dt.date) -> list[list[Any]]:
    """All that ``given`` asks for as a table: headings, and a row a skill with the numbers that the reader may know."""
    found, known = list(_skills(given)), numbers(today)
    order, way = _order(given.get("sort", ""))
    rows: list[list[Any]] = [[*NAMED, "hidden", "published", "tenants", "uses", *MEANS]]
    for skill in _sorted(found[:MOST], known, order, way):
        one = known.get(skill.pk)
        told = [one.first or "", one.tenants, one.uses, *(getattr(one, name) for name in MEANS)] if one else []
        row = [*(getattr(skill, name) for name in NAMED), why_hidden(skill), *told]
        rows.append([*row, *[""] * (len(rows[0]) - len(row))])
    return rows


def _lines(
    skills: Sequence[Skill],
    known: Mapping[str, Numbers],
    went: Mapping[str, Sequence[tuple[dt.date, float]]],
) -> list[Line]:
    return [
        Line(
            skill,
            figure(known.get(skill.pk)),
            sparkline([rate for _, rate in went.get(skill.pk, ())]),
            why_hidden(skill) if skill.pk in known else "",
        )
        for skill in skills
    ]


def figure(known: Numbers | None) -> Figure:
    """Numbers as text."""
    if known is None:
        return Figure("–", "", "", "–", "–", "–", "–", "–", "–", "–", "–")
    rate = rate_text if known.is_published else percent
    return Figure(
        rate(known.pass_rate), known.band, TONES.get(known.band, ""), f"{known.uses:,}", rate(known.defect_rate),
        rate(known.approval_rate), rate(known.selection_rate), _dollars(known.cost_avg),
        _seconds(known.latency_p50), _seconds(known.latency_p95), known.tenants,
    )  # fmt: skip


def listed(rows: "QuerySet[Skill, Any]") -> "QuerySet[Skill, Any]":
    """``rows`` with what is said of each besides its columns: whose it is, and whether tenants are told its numbers."""
    return with_owners(rows).annotate(**decision("pk"))


def why_hidden(skill: Skill) -> str:
    """Why tenants are not told the numbers of one of `listed`."""
    return unpublished(vars(skill), is_global=skill.is_global)


def told_of(one: Best) -> str:
    """Whose it is, where it is private, how many approve, and why tenants are not told."""
    approval = rate_text(one.approval_rate) if one.is_published else f"{one.approval_rate:.0%}"
    return ", ".join(part for part in (one.owner_name, approval, one.hidden.lower()) if part)


def percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


def _dollars(cost: float | None) -> str:
    return "–" if cost is None else f"${cost:.3f}"


def _seconds(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds / 1000:.1f} s"


def _skills(given: Mapping[str, str]) -> "QuerySet[Skill, Any]":
    rows = listed(Skill.objects.order_by("name", "pk"))
    for name in ("task", "platform", "modality", "status", "tier"):
        if value := given.get(name, ""):
            rows = rows.filter(**{name: value})
    if given.get("whose") == "global":
        rows = rows.filter(visibility=GLOBAL)
    elif given.get("whose") == "private":
        rows = rows.filter(visibility__startswith=PRIVATE)
    if words := given.get("q", "").strip():
        rows = rows.filter(name__icontains=words[:120])
    return rows[: MOST + 1]


def _order(given: str) -> tuple[str, str]:
    """The column that orders, and which way: ``-`` for the largest first."""
    name, way = given.lstrip("-"), "-" if given.startswith("-") else ""
    return (name, way) if name in ORDERS else ("uses", "-")


def _sorted(skills: Sequence[Skill], known: Mapping[str, Numbers], order: str, way: str) -> list[Skill]:
    """Those without a number that the reader may know come last, whichever way."""
    value = ORDERS[order][1]
    having = [skill for skill in skills if value(skill, known.get(skill.pk)) is not None]
    rest = [skill for skill in skills if value(skill, known.get(skill.pk)) is None]
    return [*sorted(having, key=lambda skill: value(skill, known.get(skill.pk)), reverse=bool(way)), *rest]


def _orders(given: Mapping[str, str], order: str, way: str) -> list[tuple[str, str, str, str]]:
    found = []
    for name, (title, _) in ORDERS.items():
        other = f"-{name}" if (name == order and not way) or (name != order and name != "name") else name
        now = ("descending" if way else "ascending") if name == order else ""
        found.append((name, title, _with(given, sort=other, page=""), now))
    return found


def _choices(given: Mapping[str, str], found: Sequence[Skill]) -> list[Choice]:
    def among(name: str) -> list[tuple[str, str]]:
        """The values that occur; what was asked for is among them."""
        values = {str(getattr(skill, name)) for skill in found} | ({given[name]} if given.get(name) else set())
        return [("", "Any"), *((value, value.replace("_", " ")) for value in sorted(values))]

    def choice(name: str, options: Sequence[tuple[str, str]]) -> Choice:
        return Choice(name, name.capitalize(), options, given.get(name, ""))

    return [
        choice("task", among("task")),
        choice("platform", [("", "Any"), *Platform.choices]),
        choice("modality", among("modality")),
        choice("status", [("", "Any"), *SkillStatus.choices]),
        choice("tier", [("", "Any"), *SkillTier.choices]),
        choice("whose", WHOSE),
    ]


def _with(given: Mapping[str, str], **other: str) -> str:
    kept = {**{name: value for name, value in given.items() if value and name != "skill"}, **other}
    return f"{reverse('skills')}?{urlencode({name: value for name, value in kept.items() if value})}"


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST // PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1
