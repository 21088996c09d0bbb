"""What an entry says was changed: old and new values, as people read them, with the words that differ."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.tables.cells import EMPTY, cell_of, markup
from ndsadmin.tables.documents import as_text
from ndsadmin.tables.names import heading
from ndsadmin.trail.speaking import field_of
from security.columns import Json, LongText, Rate, Text
from security.columns.documents import printable
from security.services.rows import CHANGED

LONG = 300  # words and signs of a value up to which two are compared: it takes their product, at least
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Difference:
    """A column, its old and its new value; ``both`` shows them in one text where words can be told apart."""

    label: str
    old: SafeString
    new: SafeString
    both: SafeString | None = None


def differences(kind: str, metadata: Any) -> list[Difference]:
    """The changes that an entry about a ``kind`` tells of; none where it tells of none."""
    changes = metadata.get("changes") if isinstance(metadata, dict) else None
    if not isinstance(changes, dict):
        return []
    return list(_differences(kind, changes))


def others(metadata: Any) -> dict[str, Any]:
    """What an entry tells beside its changes and its reason."""
    if not isinstance(metadata, dict):
        return {} if metadata is None else {"details": metadata}
    return {name: value for name, value in metadata.items() if name not in {"changes", "reason"}}


def _differences(kind: str, changes: dict[str, Any]) -> Iterator[Difference]:
    for name, pair in changes.items():
        field = field_of(kind, str(name))
        label = heading(field) if field is not None else printable(str(name)).replace("_", " ").capitalize()
        if pair == CHANGED or pair == [CHANGED, CHANGED]:
            secret = markup('<span class="secret">{}</span>', "a secret")
            yield Difference(label, secret, markup('<span class="secret">{}</span>', "another"))
        elif isinstance(pair, list) and len(pair) == 2:
            yield _difference(label, field, *pair)
        else:
            yield Difference(label, EMPTY, _shown(field, pair))


def _difference(label: str, field: Any, old: Any, new: Any) -> Difference:
    one, other = _text(field, old), _text(field, new)
    both = _marked(_PARTS.findall(printable(one)), _PARTS.findall(printable(other))) if one and other else None
    return Difference(label, _shown(field, old), _shown(field, new), both)


def _text(field: Any, value: Any) -> str | None:
    """A value in which words can be compared; None for what is compared as a whole."""
    if isinstance(value, dict | list):
        return as_text(value, indent=1)
    is_free = field is None or (isinstance(field, Text | LongText) and not field.choices)
    return value if is_free and isinstance(value, str) and " " in value else None


def _shown(field: Any, value: Any) -> SafeString:
    if isinstance(value, dict | list):
        return markup('<pre class="raw">{}</pre>', _text(field, value))
    if value is None or value == "":
        return EMPTY
    if isinstance(field, Text) or (isinstance(field, Rate) and isinstance(value, int | float)):
        return cell_of(field, value)
    if field is None or isinstance(field, LongText | Json) or isinstance(value, str):
        return markup('<span class="text">{}</span>', printable(str(value)))
    return cell_of(field, value)


def _marked(before: list[str], after: list[str]) -> SafeString | None:
    """Both texts in one: what went, what came, and what stayed; None for long ones."""
    if max(len(before), len(after)) > LONG:
        return None
    pieces = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = escape("".join(before[a:b])), escape("".join(after[c:d]))
        if what == "equal":
            pieces.append(str(come))
            continue
        pieces += [f"<del>{gone}</del>"] * bool(gone) + [f"<ins>{come}</ins>"] * bool(come)
    return mark_safe("".join(pieces))  # noqa: S308  # escaped piece by piece
