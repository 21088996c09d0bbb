"""What the documents of a brand profile say, as people read and edit it.

The pipeline's forms (a real export): ``palette`` a list of ``#rrggbb``; ``typography`` by role, as in ``Inter 16pt``;
``logo_rules`` sizes in pixels; ``lexicon`` words to avoid and, under other names, words to use, each a list or one
text; ``messaging`` lists of lines. What is of no such form is told as odd, and kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenants.colours import is_colour

AVOID = "avoid"
MIN_SIZE, SAFE_ZONE = "min_size_px", "safe_zone_px"
WEIGHTS = {
    "Thin": 100, "Light": 300, "Regular": 400, "Medium": 500, "Semibold": 600, "Bold": 700, "Extrabold": 800,
    "Black": 900,
}  # fmt: skip
_FACE = re.compile(
    rf"(?P<family>.+?)(?:\s+(?P<weight>{'|'.join(WEIGHTS)}))?\s+(?P<size>\d{{1,3}})(?P<unit>pt|px)", re.I
)


@dataclass(frozen=True, slots=True)
class Typeface:
    """How the text of one role is set."""

    role: str
    family: str
    weight: str
    size: int
    unit: str = "pt"

    @property
    def text(self) -> str:
        weight = "" if self.weight == "Regular" else f"{self.weight} "
        return f"{self.family} {weight}{self.size}{self.unit}"

    @property
    def number(self) -> int:
        """The weight as CSS counts it."""
        return WEIGHTS[self.weight]

    @property
    def pixels(self) -> float:
        return self.size * 4 / 3 if self.unit == "pt" else float(self.size)


@dataclass(frozen=True, slots=True)
class Brand:
    """``odd`` names what is not of the pipeline's forms."""

    palette: tuple[str, ...]
    typefaces: tuple[Typeface, ...]
    min_size: int | None
    safe_zone: int | None
    use: Mapping[str, tuple[str, ...]]
    avoid: tuple[str, ...]
    messaging: Mapping[str, tuple[str, ...]]
    odd: tuple[str, ...] = ()


def brand_of(documents: Mapping[str, Any]) -> Brand:
    """The brand that a profile's documents describe."""
    odd: list[str] = []
    palette = documents["palette"] if isinstance(documents["palette"], list) else []
    typography, rules = _object(documents, "typography", odd), _object(documents, "logo_rules", odd)
    lexicon, messaging = _object(documents, "lexicon", odd), _object(documents, "messaging", odd)
    faces = {role: typeface(role, text) for role, text in typography.items()}
    odd += [f"typography.{role}" for role, face in faces.items() if face is None]
    odd += ["palette"] * (len(palette) != sum(map(is_colour, palette)) or not isinstance(documents["palette"], list))
    return Brand(
        palette=tuple(colour for colour in palette if is_colour(colour)),
        typefaces=tuple(face for face in faces.values() if face is not None),
        min_size=_pixels(rules.get(MIN_SIZE)),
        safe_zone=_pixels(rules.get(SAFE_ZONE)),
        use={name: lines(words) for name, words in lexicon.items() if name != AVOID},
        avoid=lines(lexicon.get(AVOID)),
        messaging={name: lines(words) for name, words in messaging.items()},
        odd=tuple(odd),
    )


def typeface(role: str, text: Any) -> Typeface | None:
    """``Montserrat Bold 48pt`` taken apart; None for what is none."""
    found = _FACE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    weight = (found["weight"] or "Regular").capitalize()
    return Typeface(role, found["family"], weight, int(found["size"]), found["unit"].lower())


def lines(words: Any) -> tuple[str, ...]:
    """One text or a list of texts as lines."""
    given = words if isinstance(words, list) else [words] if words not in (None, "") else []
    return tuple(str(word) for word in given if word not in (None, ""))


def merged(before: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    """``before`` with what ``brand`` says in it; what people do not edit stays as it is."""
    faces = _object(before, "typography", [])
    rules, lexicon = _object(before, "logo_rules", []), _object(before, "lexicon", [])
    messaging = _object(before, "messaging", [])
    kept = {role: text for role, text in faces.items() if typeface(role, text) is None}
    sizes = {MIN_SIZE: brand.min_size, SAFE_ZONE: brand.safe_zone}
    words = {**{name: _like(lexicon.get(name), use) for name, use in brand.use.items()}, AVOID: list(brand.avoid)}
    said = {name: _like(messaging.get(name), text) for name, text in brand.messaging.items()}
    palette = before["palette"] if isinstance(before["palette"], list) else []
    others = [colour for colour in palette if not is_colour(colour)]
    made = {
        "palette": [*brand.palette, *others],
        "typography": kept | {face.role: face.text for face in brand.typefaces},
        "logo_rules": {**rules, **{name: size for name, size in sizes.items() if size is not None}},
        "lexicon": {name: word for name, word in words.items() if word} or None,
        "messaging": {name: text for name, text in said.items() if text} or None,
    }
    return {name: value if _is_formed(before, name) else before[name] for name, value in made.items()}


def _is_formed(before: Mapping[str, Any], name: str) -> bool:
    return before[name] is None or isinstance(before[name], list if name == "palette" else dict)


def _like(before: Any, words: Iterable[str]) -> Any:
    """A text where there was one and still is one, else a list."""
    found = list(words)
    return found[0] if isinstance(before, str) and len(found) == 1 else found


def _object(documents: Mapping[str, Any], name: str, odd: list[str]) -> dict[str, Any]:
    value = documents.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        odd.append(name)
        return {}
    return {str(key): member for key, member in value.items()}


def _pixels(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4096 else None
