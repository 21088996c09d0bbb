"""Texts with the hits of the leak scan marked in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.leaks import Hit, Text
from content.queries.review import ITS_NAME, TOGETHER
from security.columns.documents import printable


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; with what it tells of, where it does."""

    text: str
    hit: Hit | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    place: str
    pieces: list[Piece]
    hits: list[Hit]

    @property
    def is_name(self) -> bool:
        """Whether it is the name of a part, or parts together: shown to people where it tells something."""
        return self.place.endswith((ITS_NAME, TOGETHER))


def marked(texts: Sequence[Text], hits: Sequence[Hit]) -> list[Marked]:
    """Each text with its hits; of several that overlap the first is marked, and all are named."""
    found, left = [], list(hits)
    for text in texts:
        own = [hit for hit in left if hit.place == text.place and hit.end <= len(text.text)]
        found.append(Marked(printable(text.place), list(_pieces(text.text, own)), own))
    return found


def _pieces(text: str, hits: Sequence[Hit]) -> Iterator[Piece]:
    at = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= at:
            if hit.start > at:
                yield Piece(printable(text[at : hit.start]))
            yield Piece(printable(text[hit.start : hit.end]), hit)
            at = hit.end
    if at < len(text):
        yield Piece(printable(text[at:]))
