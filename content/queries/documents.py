"""What a version of a skill says, taken apart into single values and put together again.

leaves({"fonts": [{"name": "serif"}]})   -> {("fonts", 0, "name"): "serif"}
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from security.columns.documents import printable

Path = tuple[str | int, ...]
GONE: Final = object()
"""In place of a value that is taken out."""
DEEPEST = 40  # levels; what lies deeper is one value


def leaves(document: Any) -> dict[Path, Any]:
    """Each value of a document with the way to it. An empty list or object is a value."""
    return dict(_leaves(document, ()))


def replaced(document: Any, values: Mapping[Path, Any], path: Path = ()) -> Any:
    """``document`` with other values where ``values`` says so, and without those that are `GONE`."""
    if path in values:
        return values[path]
    if len(path) > DEEPEST:
        return document
    members = [(name, replaced(member, values, (*path, name))) for name, member in _members(document)]
    kept = [(name, member) for name, member in members if member is not GONE]
    if isinstance(document, dict):
        return dict(kept)
    return [member for _, member in kept] if isinstance(document, list) else document


def spoken(path: Path) -> str:
    """``fonts 1 name``: the way as people read it."""
    return printable(" ".join(str(part + 1) if isinstance(part, int) else part for part in path))


def _leaves(document: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    members = _members(document) if len(path) <= DEEPEST else []
    if path and not members:
        yield path, document
    for name, member in members:
        yield from _leaves(member, (*path, name))


def _members(document: Any) -> list[tuple[Any, Any]]:
    if isinstance(document, dict):
        return list(document.items())
    return list(enumerate(document)) if isinstance(document, list) else []
