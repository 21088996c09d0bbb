"""Colours of a palette: their names in words, and how well one reads on another.

Contrast and luminance: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

import colorsys
import math
import re
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-fA-F]{6}")
READABLE, LARGE = 4.5, 3.0  # to one: text, and text from 24 px (domain.md, Guards)
HUES = (
    (15, "red"), (40, "orange"), (65, "yellow"), (90, "lime"), (150, "green"), (175, "teal"), (200, "cyan"),
    (255, "blue"), (290, "violet"), (330, "magenta"), (345, "pink"), (360, "red"),
)  # fmt: skip
GREY, VIVID = 0.12, 0.65  # saturation below and from which a colour is called so
DARKEST, DARK, LIGHT, LIGHTEST = 0.12, 0.35, 0.68, 0.93  # lightness
NEUTRAL, PITCH, SNOW = 3.0, 8.0, 96.0  # of CIE Lab: how far from grey; lightness below and above which it is nobody's


class Parts(NamedTuple):
    """Red, green and blue, 0 to 1."""

    red: float
    green: float
    blue: float


class Contrast(NamedTuple):
    """Two colours and the ratio between them, 1 to 21."""

    one: str
    other: str
    ratio: float

    @classmethod
    def of(cls, one: str, other: str) -> "Contrast":
        return cls(one, other, contrast(one, other))

    @property
    def verdict(self) -> str:
        return "text" if self.ratio >= READABLE else "large text" if self.ratio >= LARGE else "no text"

    @property
    def tone(self) -> str:
        return {"text": "good", "large text": "warn", "no text": "bad"}[self.verdict]


def is_colour(value: object) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours in ``#rrggbb``."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def called(colour: str) -> str:
    """``#1a5f7a`` in words: dark cyan."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    if lightness <= DARKEST:
        return "black" if saturation < GREY or lightness < DARKEST / 3 else f"near-black {_hue(hue)}"
    if lightness >= LIGHTEST:
        return "white" if lightness > 0.985 or saturation < GREY else f"pale {_hue(hue)}"
    shade = "dark " if lightness < DARK else "light " if lightness > LIGHT else ""
    if saturation < GREY:
        return f"{shade}grey"
    return f"{shade or ('vivid ' if saturation >= VIVID else '')}{_hue(hue)}"


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``colour``."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))


def _hue(hue: float) -> str:
    return next(name for end, name in HUES if hue * 360 <= end)


def _parts(colour: str) -> Parts:
    return Parts(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def named_parts(text: str) -> Parts | None:
    """The colour that is called ``#0047ab``, ``0047ab``, ``0x0047ab``, ``#04a``, ``0, 71, 171``, ``rgb(0, 71, 171)`` or
    ``hsl(215, 100%, 33%)``.

    What it says of transparency does not count. None for what is no colour.
    """
    digits = text.strip().lstrip("#").lower().removeprefix("0x")
    if "(" not in text and "," not in text:
        digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) in {3, 4} else digits[:6]
        return _parts(f"#{digits}") if HEX.fullmatch(f"#{digits}") else None
    found = re.findall(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(%?)", text)[:3]
    if len(found) < len(Parts._fields):
        return None
    if text.strip().lower().startswith("hsl"):
        hue, saturation, lightness = (float(number) for number, _ in found)
        return Parts(*colorsys.hls_to_rgb(hue % 360 / 360, min(lightness / 100, 1), min(saturation / 100, 1)))
    return Parts(*(min(float(number) / (100 if percent else 255), 1.0) for number, percent in found))


def written(colour: Parts) -> str:
    """``#rrggbb``."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def difference(colour: str, other: Parts) -> float:
    """How far ``#rrggbb`` and a colour lie apart in CIE Lab (CIE 1976); below 2.3 an eye tells them with effort."""
    return math.dist(lab(_parts(colour)), lab(other))


def is_neutral(colour: Parts) -> bool:
    """Whether a colour is black or white to the eye: nobody's own."""
    lightness, a, b = lab(colour)
    return math.hypot(a, b) < NEUTRAL and not PITCH < lightness < SNOW


def lab(colour: Parts) -> tuple[float, float, float]:
    """Lightness 0 to 100, green to red, blue to yellow, under D65 (CIE 15:2018, 8.2.1)."""
    red, green, blue = (_linear(part) for part in colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (_root(part) for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
