"""Details of an entry as they are stored: plain JSON, and cut where they are too large, never left out.

What was cut is known by the hash and the length of the whole: ``_original`` holds the SHA-256 of its JSON text (UTF-8,
compact, keys in order) and its number of characters.
"""

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

MOST = 16_000  # characters of an entry's details
DEEPEST = 100  # levels; what is deeper is a text
STEPS = ((400, 40, 6), (80, 12, 4), (20, 4, 3), (10, 2, 2))  # characters of a text, members, levels: until it fits
CUT = "…"
LARGEST = 10**300  # digits enough; Python writes no integer of more than 4,300
ORIGINAL = "_original"
REASON = 400  # characters of a reason that are kept however large the rest is


def fitted(details: Mapping[str, Any]) -> dict[str, Any]:
    """``details`` as they are stored."""
    whole: dict[str, Any] = _plain(details, DEEPEST)
    text = _text(whole)
    if len(text) <= MOST:
        return whole
    original = {"sha256": hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest(), "length": len(text)}
    kept = {"reason": str(whole["reason"])[:REASON]} if "reason" in whole else {}
    shortened: dict[str, Any] = {}
    for step in STEPS:
        shortened = {**_cut(whole, *step), **kept, ORIGINAL: original}
        if len(_text(shortened)) <= MOST:
            break
    return shortened


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: Any, levels: int) -> Any:
    """``value`` as JSON knows it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST else "a very large number"
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value)} bytes"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v, levels - 1) for k, v in value.items()} if levels else CUT
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(member, levels - 1) for member in value] if levels else CUT
    return str(value)


def _cut(value: Any, characters: int, members: int, levels: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= characters else value[:characters] + CUT
    if not isinstance(value, dict | list):
        return value
    if not levels:
        return CUT
    if isinstance(value, dict):
        kept = list(value.items())[:members]
        rest = {CUT: len(value) - members} if len(value) > members else {}
        return {k[:characters]: _cut(v, characters, members, levels - 1) for k, v in kept} | rest
    more = [CUT] if len(value) > members else []
    return [_cut(v, characters, members, levels - 1) for v in value[:members]] + more
