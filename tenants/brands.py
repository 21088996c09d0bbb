"""What the documents of a brand profile say, as people read and edit it.

The pipeline's forms (a real export): ``palette`` a list of ``#rrggbb``; ``typography`` by role, as in ``Inter 16pt``;
``logo_rules`` sizes in pixels; ``lexicon`` words to avoid and, under other names, words to use, each a list or one
text; ``messaging`` lists of lines. What is of no such form is told as odd, and kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from security.columns.documents import printable
from tenants.colours import is_colour

AVOID = "avoid"
MIN_SIZE, SAFE_ZONE = "min_size_px", "safe_zone_px"
WEIGHTS = {
    "Thin": 100, "Light": 300, "Regular": 400, "Medium": 500, "Semibold": 600, "Bold": 700, "Extrabold": 800,
    "Black": 900,
}  # fmt: skip
_SIZE = re.compile(r"([0-9]{1,3})(pt|px)")
LONGEST = 120  # characters of a typeface


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
    odd += [f"typography.{printable(role)}" for role, face in faces.items() if face is None]
    odd += ["palette"] * (len(palette) != sum(map(is_colour, palette)) or not isinstance(documents["palette"], list))
    for name, document in (("lexicon", lexicon), ("messaging", messaging)):
        odd += [f"{name}.{printable(member)}" for member, words in document.items() if not is_editable(words)]
    return Brand(
        palette=tuple(colour for colour in palette if is_colour(colour)),
        typefaces=tuple(face for face in faces.values() if face is not None),
        min_size=_pixels(rules.get(MIN_SIZE)),
        safe_zone=_pixels(rules.get(SAFE_ZONE)),
        use={name: lines(words) for name, words in lexicon.items() if name != AVOID and is_editable(words)},
        avoid=lines(lexicon.get(AVOID)) if is_editable(lexicon.get(AVOID)) else (),
        messaging={name: lines(words) for name, words in messaging.items() if is_editable(words)},
        odd=tuple(odd),
    )


def typeface(role: str, text: Any) -> Typeface | None:
    """``Montserrat Bold 48pt`` taken apart; None for what is none."""
    words = text.split() if isinstance(text, str) and len(text) <= LONGEST and text.isprintable() else []
    size = _SIZE.fullmatch(words[-1].lower()) if words else None
    if size is None:
        return None
    *family, last = words[:-1] or [""]
    weight = last.capitalize() if family and last.isascii() and last.capitalize() in WEIGHTS else "Regular"
    name = " ".join(family if weight != "Regular" or (last.capitalize() == "Regular" and family) else words[:-1])
    return Typeface(role, name, weight, int(size[1]), size[2]) if name else None


def lines(words: Any) -> tuple[str, ...]:
    """One text or a list of texts as lines."""
    given = words if isinstance(words, list) else [words] if words not in (None, "") else []
    return tuple(printable(str(word)) for word in given if word not in (None, ""))


def is_editable(words: Any) -> bool:
    """Whether a form can show ``words`` and give them back: a line, or a list of lines."""
    given = words if isinstance(words, list) else [words]
    return words is None or all(
        isinstance(word, str) and word == printable(word) and "\n" not in word for word in given
    )


def merged(before: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    """``before`` with what ``brand`` says otherwise; whatever it says the same stays as it is, to the letter."""
    old = brand_of(before)
    lexicon, messaging = _object(before, "lexicon", []), _object(before, "messaging", [])
    made = {
        "palette": _palette(before["palette"], old, brand),
        "typography": _typography(_object(before, "typography", []), old, brand),
        "logo_rules": _sizes(_object(before, "logo_rules", []), old, brand),
        "lexicon": _words(lexicon, {**old.use, AVOID: old.avoid}, {**brand.use, AVOID: brand.avoid}) or None,
        "messaging": _words(messaging, old.messaging, brand.messaging) or None,
    }
    return {name: value if _is_formed(before, name) else before[name] for name, value in made.items()}


def _palette(before: Any, old: Brand, brand: Brand) -> list[Any]:
    given = before if isinstance(before, list) else []
    if [colour.lower() for colour in old.palette] == list(brand.palette):
        return given
    return [*brand.palette, *(colour for colour in given if not is_colour(colour))]


def _typography(before: dict[str, Any], old: Brand, brand: Brand) -> dict[str, Any]:
    if old.typefaces == brand.typefaces:
        return before
    kept = {role: text for role, text in before.items() if typeface(role, text) is None}
    same = {face.role: before[face.role] for face in old.typefaces if face in brand.typefaces}
    return kept | {face.role: same.get(face.role, face.text) for face in brand.typefaces}


def _sizes(before: dict[str, Any], old: Brand, brand: Brand) -> dict[str, Any]:
    sizes = {MIN_SIZE: (old.min_size, brand.min_size), SAFE_ZONE: (old.safe_zone, brand.safe_zone)}
    changed = {name: now for name, (then, now) in sizes.items() if then != now}
    return {name: size for name, size in {**before, **changed}.items() if name not in changed or size is not None}


def _words(
    before: dict[str, Any], old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    found = dict(before)
    for name, words in new.items():
        if _tidy(old.get(name, ())) == _tidy(words):
            continue
        if words:
            found[name] = _like(before.get(name), words)
        else:
            found.pop(name, None)
    return found


def _tidy(words: tuple[str, ...]) -> list[str]:
    return [word.strip() for word in words if word.strip()]


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
