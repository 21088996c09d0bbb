"""Colours of a palette: their names in words, and how well one reads on another.

Contrast and luminance: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

import colorsys
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


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
