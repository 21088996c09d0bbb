"""What of a tenant's brand is searched: names, words and lines, as the leak scan compares them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

import snowballstemmer

from content.leaks.folding import words_of
from tenants.brands import WEIGHTS
from tenants.colours import named_parts, written

_STEMMER = snowballstemmer.stemmer("english")
SHORTEST = 3  # letters of a term: shorter ones are in every text
COMPARING = ("li", "est", "er")  # cheaply (as Porter leaves it), cheapest, cheaper
PLAIN_TITLE = 6  # letters from which a title of one word is somebody's own
_FORMS = (
    "ltd limited plc llc llp inc incorporated corp corporation co company gmbh ag kg ohg ug se sa sas sarl srl spa bv "
    "nv ab as asa oy oyj aps sro kft pty"
)
INCORPORATED = frozenset(_FORMS.split())
GENERIC = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"})
QUOTED = 5  # words in a row that are a quotation of a longer line


class TermKind(StrEnum):
    """What a hit is of, as people read it."""

    TENANT = "tenant name"
    PRODUCT = "product"
    LEXICON = "word of the lexicon"
    MESSAGE = "tagline or message"
    TYPEFACE = "typeface"
    KNOWLEDGE = "knowledge title"
    EMAIL = "e-mail address"
    DOMAIN = "domain"
    HANDLE = "social handle"
    COLOUR = "colour of the palette"
    PRICE = "price"


NAMES = frozenset({TermKind.TENANT, TermKind.PRODUCT})
"""Kinds that are looked for also where they are as short as ``Q7``."""
STEMMED = frozenset({TermKind.TENANT, TermKind.PRODUCT, TermKind.LEXICON})
"""Kinds of which other forms of a word count: ``bargains`` for ``bargain``."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something of the brand. ``parts`` are its folded words, joined; its stems too where other forms count."""

    kind: TermKind
    text: str
    letters: str = field(compare=False)
    stems: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Material:
    """A tenant's brand as it is stored: documents of its profile, and what else names it."""

    names: Iterable[str] = ()
    documents: Mapping[str, Any] = field(default_factory=dict)  # palette, typography, lexicon, messaging
    titles: Iterable[str] = ()
    handles: Iterable[str] = ()
    domains: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is searched: terms, the colours of the palette, and names too short for it, which are looked for as they
    are written."""

    terms: tuple[Term, ...]
    palette: tuple[str, ...]
    short: Mapping[str, TermKind] = field(default_factory=dict)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """``word`` without its ending: by Porter's second algorithm, and without what compares."""
    found: str = _STEMMER.stemWord(word)
    ending = next((e for e in COMPARING if found.endswith(e) and len(found) - len(e) > SHORTEST), "")
    return found.removesuffix(ending)


def terms_of(material: Material) -> Terms:
    """The terms of a brand, each once."""
    documents, colours = material.documents, list(leaves(material.documents.get("palette")))
    given = [
        *((TermKind.TENANT, text) for name in material.names for text in (name, _unincorporated(name))),
        *_lexicon(documents.get("lexicon")),
        *_messages(documents.get("messaging")),
        *(
            (TermKind.TYPEFACE, _family(face))
            for text in leaves(documents.get("typography"))
            for face in text.split(",")
        ),
        *(
            (TermKind.COLOUR, text)
            for text in leaves(documents.get("palette"))
            if not named_parts(text) and _is_own(text)
        ),
        *((TermKind.KNOWLEDGE, title) for title in material.titles if _is_own(title)),
        *((TermKind.HANDLE, handle) for handle in material.handles),
        *((TermKind.DOMAIN, domain) for domain in material.domains),
    ]
    made = [(kind, text.strip(), _term(kind, text)) for kind, text in given]
    palette = {written(parts) for text in colours if (parts := named_parts(text))}
    short = {text: kind for kind, text, term in made if kind in NAMES and term is None and text}
    terms = dict.fromkeys(term for _, _, term in made if term is not None)
    return Terms(tuple(terms), tuple(sorted(palette)), dict(sorted(short.items())))


def leaves(document: Any) -> Iterator[str]:
    """Every text in a document, however deep; what is no text is none."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for member in document.values():
            yield from leaves(member)
    elif isinstance(document, list | tuple):
        for member in document:
            yield from leaves(member)


def _lexicon(lexicon: Any) -> Iterator[tuple[TermKind, str]]:
    if not isinstance(lexicon, Mapping):
        yield from ((TermKind.LEXICON, text) for text in leaves(lexicon))
        return
    for name, words in lexicon.items():
        kind = TermKind.PRODUCT if "product" in str(name).lower() else TermKind.LEXICON
        yield from ((kind, text) for text in leaves(words))
        if kind is TermKind.PRODUCT:
            yield from ((kind, name) for name in _named_members(words))


def _named_members(products: Any) -> Iterator[str]:
    """Products that are named by what they are kept under: ``{"Veloria": …}``, ``[{"Veloria": {…}}]``."""
    if isinstance(products, Mapping):
        yield from map(str, products)
    elif isinstance(products, list | tuple):
        listed = (pair for member in products if isinstance(member, Mapping) for pair in member.items())
        yield from (str(name) for name, about in listed if isinstance(about, Mapping))


def _messages(messaging: Any) -> Iterator[tuple[TermKind, str]]:
    """Each line; of a longer one each run of `QUOTED` words as well."""
    for line in leaves(messaging):
        yield TermKind.MESSAGE, line
        words = line.split()
        for start in range(len(words) - QUOTED + 1 if len(words) > QUOTED else 0):
            yield TermKind.MESSAGE, " ".join(words[start : start + QUOTED])


def _unincorporated(name: str) -> str:
    """``Next Day Steel`` of ``Next Day Steel Ltd``."""
    *words, last = name.split() or [""]
    return " ".join(words) if words and last.rstrip(".").lower().replace(".", "") in INCORPORATED else name


def _parted(typography: Any) -> Iterator[str]:
    """Each face of a stack."""
    return (face for text in leaves(typography) for face in text.split(","))


def _family(text: str) -> str:
    """``Montserrat Bold 48pt`` without weight and size."""
    words = [word for word in text.split() if word.capitalize() not in WEIGHTS and word.lower() not in GENERIC]
    return " ".join(word for word in words if not word[0].isdigit())


def _is_own(title: str) -> bool:
    """Whether a title says something of its tenant: a single short word does not."""
    words = words_of(title)
    return len(words) > 1 or sum(len(word.text) for word in words) >= PLAIN_TITLE


def _term(kind: TermKind, text: str) -> Term | None:
    words = [word.text for word in words_of(text)]
    letters = "".join(words)
    least = SHORTEST + any(sign in text for sign in "&+")  # A&BC: its letters are in many a text
    if letters.isascii() and len(letters) < least:
        return None
    return Term(kind, " ".join(text.split()), letters, "".join(map(stem, words)) if kind in STEMMED else "")
