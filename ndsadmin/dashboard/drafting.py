"""The version editor: what a version says as fields, and what was typed as documents again.

A value keeps its kind: what was a number stays one, or is told. Values of other kinds that a document holds (nothing,
an empty list) stay as they are.
"""

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from content.enums import Guard
from content.models import SkillVersion
from content.queries.documents import GONE, Path, leaves, replaced, spoken
from content.queries.review import DOCUMENTS
from security.columns import BrokenJson
from security.columns.documents import printable

NEW = 2  # empty rows for more, a document
NAME, TEXT = 80, 8_000  # characters of a new name, of a value
GUARDS = "guards_json"
LISTED = {name: label for name, label in DOCUMENTS.items() if name != GUARDS}


@dataclass(frozen=True, slots=True)
class Entry:
    """A value to be edited. ``kind`` is text, number or truth; ``name`` of the input."""

    name: str
    label: str
    value: str
    kind: str
    problem: str = ""

    @property
    def is_long(self) -> bool:
        return self.kind == "text" and len(self.value) > 60


@dataclass(slots=True)
class Draft:
    """The fields, and the documents that they make; ``problems`` says what has to be mended first."""

    documents: dict[str, Any]
    groups: list[tuple[str, str, list[Entry], list[tuple[str, str]]]] = field(default_factory=list)
    guards: list[tuple[str, str, bool]] = field(default_factory=list)
    kept_guards: bool = False  # of another form: they stay as they are
    problems: list[str] = field(default_factory=list)


def draft_of(version: SkillVersion, given: Mapping[str, str] | None, chosen: list[str] | None) -> Draft:
    """The form that begins as ``version``; with what was typed where ``given``. ``chosen`` are the guards."""
    draft = Draft({})
    for name, label in LISTED.items():
        _fill(draft, name, label, getattr(version, name), given)
    _fill_guards(draft, getattr(version, GUARDS), chosen)
    return draft


def input_name(document: str, path: Path) -> str:
    """The input of a value: its way, in letters that every encoding of a form leaves as they are."""
    return f"{document}.{base64.urlsafe_b64encode(json.dumps(path).encode()).decode()}"


def _fill(draft: Draft, name: str, label: str, document: Any, given: Mapping[str, str] | None) -> None:
    if isinstance(document, BrokenJson) or not isinstance(document, dict):
        draft.problems.append(f"{label.capitalize()}: is no object, and cannot be edited here.")
        draft.documents[name] = document
        return
    values: dict[Path, Any] = {}
    entries = []
    for path, value in leaves(document).items():
        kind = _kind(value)
        if not kind:
            continue
        entry = input_name(name, path)
        shown = _shown(value)
        typed = shown if given is None else given.get(entry, shown)  # what was not sent stays
        problem = ""
        try:
            if typed.replace("\r\n", "\n") != shown:
                values[path] = GONE if typed.strip() == "" else _parsed(typed, kind)
        except ValueError as error:
            problem = str(error)
            draft.problems.append(f"{label.capitalize()}, {spoken(path)}: {problem}")
        entries.append(Entry(entry, spoken(path), typed, kind, problem))
    made, more = replaced(document, values), []
    for place in range(NEW):
        new_name, new_value = (
            (given or {}).get(f"{name}.name.{place}", "").strip(),
            (given or {}).get(f"{name}.value.{place}", ""),
        )
        more.append((new_name, new_value))
        if new_name:
            _add(draft, label, made, new_name, new_value)
    draft.documents[name] = made
    draft.groups.append((name, label.capitalize(), entries, more))


def _add(draft: Draft, label: str, made: dict[str, Any], name: str, value: str) -> None:
    if name in made:
        draft.problems.append(f"{label.capitalize()}: {name} is there already.")
    elif len(name) > NAME or not name.isprintable():
        draft.problems.append(f"{label.capitalize()}: a name has 1 to {NAME} characters, got {len(name)}.")
    else:
        try:
            made[name] = _guessed(value)
        except ValueError as error:
            draft.problems.append(f"{label.capitalize()}, {name}: {error}")


def _fill_guards(draft: Draft, document: Any, chosen: list[str] | None) -> None:
    known = dict(Guard.choices)
    if not isinstance(document, list) or not all(isinstance(guard, str) for guard in document):
        draft.documents[GUARDS], draft.kept_guards = document, True
        return
    of_all = [*known, *(guard for guard in document if guard not in known)]
    wanted = document if chosen is None else [guard for guard in of_all if guard in chosen]
    if sorted(wanted) == sorted(document):
        wanted = document  # in the order that it had
    draft.documents[GUARDS] = wanted
    draft.guards = [(guard, str(known.get(guard, guard)), guard in wanted) for guard in of_all]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else ""


def _shown(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else printable(str(value))


def _parsed(typed: str, kind: str) -> Any:
    if kind == "truth":
        return typed == "yes"
    if kind == "number":
        return _number(typed)
    if len(typed) > TEXT or "\0" in typed:
        raise ValueError(f"expected at most {TEXT:,} characters, got {len(typed):,}.")
    return typed.replace("\r\n", "\n")


def _guessed(typed: str) -> Any:
    """A new value: a number where it is written as one (``00745`` and ``+4420`` are none), else text."""
    try:
        number = _number(typed)
    except ValueError:
        return _parsed(typed, "text")
    return number if str(number) == typed.strip() else _parsed(typed, "text")


def _number(typed: str) -> int | float:
    text = typed.strip()[:40]
    try:
        number = int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise ValueError(f"expected a number, got {text[:40]!r}.")
    return number
