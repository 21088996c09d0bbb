"""Text as the leak scan reads it: what looks the same is the same.

Rules:

- Letters lose case, accents, width and style (NFKD, casefold); those of other scripts that look like Latin ones are
  read as these, and a digit among letters as the letter that it stands for. Characters without width are not there.
- Words end at whatever is no letter or digit, and where a capital follows a small letter (``cobaltCycles``).
- Each folded character knows where it came from, so that a hit can be marked in the text as it was written.

    [word.text for word in words_of("Со\u200bbaltCycles")]   -> ["cobalt", "cycles"]    # with a Cyrillic Со
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

# What is read as a Latin letter though Unicode decomposes it into none: the common lookalikes of UTS 39.
_PAIRS = (
    "аa сc ԁd еe һh іi јj ӏl кk мm нh оo рp ԛq тt ѕs уy ѵv ԝw хx ьb гr пn вb зe "  # Cyrillic
    "αa βb γy δd εe ζz ηn ιi κk μu νv οo πn ρp σo ςs τt υu χx ωw ϲc "  # Greek
    "օo ոn սu հh ցg յj զq "  # Armenian
    "ıi łl øo đd ħh ŧt ɑa ɡg ɩi ʏy ꜱs ᴏo ᴄc ᴠv ᴡw ᴢz þp"
)
ALIKE = {**{pair[0]: pair[1] for pair in _PAIRS.split()}, "ß": "ss", "æ": "ae", "œ": "oe"}
DIGITS = str.maketrans("013457$@", "oleastsa")  # in a word that has letters too
_TAGS, _ESCAPES = re.compile(r"<[^<>]{1,80}>"), re.compile(r"\\[nrt]")
_RUNS, _CONTROLS = re.compile(r"[A-Za-z0-9][A-Za-z0-9$@]*"), re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])")
_ACCENTS = ("Mn", "Me")
_WIDTHLESS = ("Cf", "Cc")
_UNREAD = "\u115f\u1160\u3164\uffa0™®©℠"  # letters of Hangul that show nothing; marks behind a name
_IDEOGRAPHS = "\u2e80"  # from here on scripts write without spaces: each sign is a word


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, and where it stands in its text: from ``start`` to before ``end``."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def folded(character: str) -> str:
    """What ``character`` is read as: a few letters, or nothing."""
    plain = unicodedata.normalize("NFKD", character).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(ALIKE.get(c, c) for c in plain if unicodedata.category(c) not in _ACCENTS)


def is_widthless(character: str) -> bool:
    """Whether ``character`` is not there for who reads: it shows nothing, or is a sign behind a name."""
    if character in _UNREAD:
        return True
    return unicodedata.category(character) in _WIDTHLESS and character not in "\n\r\t"


def seen(text: str) -> tuple[str, list[int]]:
    """``text`` without what has no width and in compatible characters, and where each of its characters was."""
    kept = [(c, at) for at, raw in enumerate(text) if not is_widthless(raw) for c in unicodedata.normalize("NFKC", raw)]
    return "".join(c for c, _ in kept), [at for _, at in kept]


def decoded(text: str) -> str:
    """``text`` with what stands for a character in HTML, in an address or in a program, read as that character; tags
    are spaces."""
    plain = _ESCAPES.sub(" ", _TAGS.sub(" ", html.unescape(text)))
    return unquote(plain) if "%" in plain else plain


def words_of(text: str, *, split_numbers: bool = False) -> list[Word]:
    """The words of ``text`` in order. With ``split_numbers`` they end between a letter and a digit too."""
    plain = _plain_words if text.isascii() and not _CONTROLS.search(text) else _words
    return list(plain(text, split_numbers=split_numbers))


def _plain_words(text: str, *, split_numbers: bool) -> Iterator[Word]:
    """The same of a text in ASCII, ten times as fast: most of them are."""
    borders = _NUMBERED if split_numbers else _CAMEL
    for run in _RUNS.finditer(text):
        start = run.start()
        for piece in borders.split(run[0]):
            yield _word([piece.lower()], start, start + len(piece))
            start += len(piece)


def _words(text: str, *, split_numbers: bool) -> Iterator[Word]:
    letters: list[str] = []
    start = end = 0
    was_small = False
    for at, character in enumerate(text):
        if is_widthless(character):
            continue
        plain = folded(character)
        is_part = bool(plain) and all(c.isalnum() or (c in "$@" and letters) for c in plain)
        is_accent = not plain and unicodedata.category(character) in _ACCENTS
        if is_accent:
            end = at + 1 if letters else end
            continue
        before = letters[-1][-1] if letters else ""
        is_next = (
            (was_small and character.isupper())
            or max(plain[:1], before) >= _IDEOGRAPHS
            or (split_numbers and before.isdigit() != plain[:1].isdigit())
        )
        if letters and (not is_part or is_next):
            yield _word(letters, start, end)
            letters = []
        if is_part:
            start = start if letters else at
            letters.append(plain)
            end = at + 1
        was_small = character.islower()
    if letters:
        yield _word(letters, start, end)


def _word(letters: list[str], start: int, end: int) -> Word:
    text = "".join(letters)
    mixed = any(c.isalpha() for c in text) and not all(c.isalpha() for c in text)
    return Word(text.translate(DIGITS) if mixed else text, start, end)
