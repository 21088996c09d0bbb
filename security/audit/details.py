"""Details of an entry that are too large are cut, never left out.

What was cut is known by the hash and the length of the whole: ``original`` holds the SHA-256 of its JSON text (UTF-8,
compact, keys in order) and its number of characters.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MOST = 16_000  # characters of an entry's details
STEPS = ((400, 40, 6), (80, 12, 4), (20, 4, 3), (10, 2, 2))  # characters of a text, members, levels: until it fits
CUT = "…"


def fitted(details: Mapping[str, Any]) -> dict[str, Any]:
    """``details`` as they are stored."""
    text = _text(details)
    if len(text) <= MOST:
        return dict(details)
    original = {"sha256": hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest(), "length": len(text)}
    shortened: dict[str, Any] = {}
    for step in STEPS:
        shortened = {**_cut(details, *step), "original": original}
        if len(_text(shortened)) <= MOST:
            break
    return shortened


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def _cut(value: Any, characters: int, members: int, levels: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= characters else value[:characters] + CUT
    if not isinstance(value, Mapping | list | tuple):
        return value
    if not levels:
        return CUT
    if isinstance(value, Mapping):
        kept = list(value.items())[:members]
        rest = {CUT: len(value) - members} if len(value) > members else {}
        return {str(k)[:characters]: _cut(v, characters, members, levels - 1) for k, v in kept} | rest
    more = [CUT] if len(value) > members else []
    return [_cut(v, characters, members, levels - 1) for v in value[:members]] + more
