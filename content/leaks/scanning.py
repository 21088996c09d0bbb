"""Finding a brand in texts: `scan`.

Rules:

- All texts are one run of words, so that a name is found that is split over lines, spaces, hyphens, members of a
  document or their keys. It begins where a word does and ends where one does; a long one (`LONG`) is found anywhere.
- E-mail addresses, domains, handles and prices are found by their form, whosever they are.
- A colour is found in every notation of CSS that names its parts, where it is as near to one of the palette as the
  guard takes two for the same (domain.md, Guards). Black and white are everybody's.

    scan([Text("fragments.system", "Close in cobalt  CYCLES blue")], terms)
      -> [Hit(kind=TENANT, term="Cobalt Cycles", place="fragments.system", start=9, end=23)]
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from content.leaks.folding import Word, decoded, seen, words_of
from content.leaks.terms import Term, TermKind, Terms, stem
from tenants.colours import difference, is_neutral, named_parts

MOST = 60_000  # characters of a version: it takes a third of a second
LONG = 12  # letters of a term that nobody writes by chance
NEAR = 10.0  # CIE Lab: the tolerance of the guard brand_palette

_TOP = (
    "com|net|org|info|biz|io|co|eu|uk|de|fr|es|it|nl|be|at|ch|ie|us|ca|au|nz|jp|in|se|no|dk|fi|pl|pt|cz|shop|store|"
    "online|site|app|dev|agency|studio|tech|example|test|social|me|tv|ai|xyz|cloud|bike|za|ru|pro|blog|ly|gg|global|world|"
    "sg|hk|kr|tw|cn|br|mx|ph|vn|ae|il|gr|hu|ro|sk|lt|lv|ee|lu|cl|pe|scot|wales|asia|berlin|london|paris|nyc|tokyo|"
    "amsterdam|hamburg|koeln|wien|bayern"
)
_DOT = r"(?:\.|\s?(?:\(dot\)|\[dot\]|\sdot\s)\s?)"
_AT = r"\s?(?:@|\(at\)|\[at\])\s?"
_NUMBER = r"[0-9][0-9.,' ]{0,15}k?"
_MONEY = "€£¥₹₩₽₺₱฿₫₴₦₪₡"
_CODES = (
    "EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|SGD|AUD|NZD|HKD|INR|CNY|RMB|KRW|THB|MYR|IDR|VND|TWD|BRL|MXN|ZAR|HUF|"
    "CZK|RON|ILS"
)
_HEX = "CAD|AED"  # of which a key in hexadecimal digits is full: with a space alone
_SIGNS = (
    rf"(?:[{_MONEY}]|\$(?!\w)|(?<=\s)(?:{_HEX})\b|(?<![a-z])(?:{_CODES}|kr|zł|euros?|(?:US )?dollars?|pounds?|quid|"
    r"bucks|cents?|pence|yen|yuan|rupees?|francs?|baht|ringgit|rupiah|pesos?|kron(?:er|or|a)|forint|złot(?:y|ych))\b|,-)"
)
_FORMS = {
    TermKind.EMAIL: rf"(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,8}}",
    TermKind.DOMAIN: r"(?:https?://|www\.)[\w.-]{2,200}|"
    rf"(?<![\w@.{{)\]-])(?:[^\W_](?:[^\W_]|-){{0,62}}{_DOT}){{1,8}}(?:{_TOP})(?![\w-])(?!\.[a-z])",
    TermKind.HANDLE: r"(?<![\w.@])@\s?[a-z_][\w.]{1,29}",
    TermKind.PRICE: rf"(?:[${_MONEY}]|\b(?:{_CODES}|R\$|Rs\.?)(?![a-z])|\b(?:{_HEX})\s)\s*{_NUMBER}|"
    rf"(?<!\w){_NUMBER}\s?{_SIGNS}",
}
FORMS = [(kind, re.compile(form, re.IGNORECASE)) for kind, form in _FORMS.items()]
_COLOUR = re.compile(r"0x[0-9a-f]{6}\b|(?<![0-9,.])[0-9]{1,3}, ?[0-9]{1,3}, ?[0-9]{1,3}(?![0-9,.])|#[0-9a-f]{8}\b|"
                     r"#[0-9a-f]{6}\b|#[0-9a-f]{3,4}\b|(?<![\w#])(?=[a-f]*[0-9])[0-9a-f]{6}(?!\w)|"
                     r"\b(?:rgb|hsl)a?\s*\([^()]{5,60}\)", re.I)  # fmt: skip

ORDER = {kind: place for place, kind in enumerate(TermKind)}


class TooLong(Exception):
    """Texts that nobody could be kept waiting for."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something that a skill says, and where."""

    place: str
    text: str
    is_name: bool = False  # of a part, whose value is another text


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """``text`` in the text at ``place``, from ``start`` to before ``end``, is ``term`` of the brand."""

    place: str
    start: int
    end: int
    kind: TermKind
    term: str


@dataclass(frozen=True, slots=True)
class _Run:
    """The words of all texts, joined; and for each where it begins and which text it is of."""

    letters: str
    starts: Sequence[int]  # ascending, one a word
    words: Sequence[Word]
    places: Sequence[int]
    is_stemmed: bool = False

    @classmethod
    def of(cls, found: Sequence[tuple[int, Word]], form: Iterable[str], *, is_stemmed: bool = False) -> "_Run":
        starts, pieces, at = [], [], 0
        for piece in form:
            starts.append(at)
            pieces.append(piece)
            at += len(piece)
        return cls("".join(pieces), starts, [word for _, word in found], [place for place, _ in found], is_stemmed)

    def finds(self, letters: str) -> Iterator[tuple[int, int]]:
        """The first and the last word of each place where ``letters`` stand."""
        at = self.letters.find(letters) if letters else -1
        while at >= 0:
            first, last = bisect_right(self.starts, at) - 1, bisect_right(self.starts, at + len(letters) - 1) - 1
            end = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.letters)
            is_bounded = self.starts[first] == at and end == at + len(letters)
            if is_bounded or len(letters) >= LONG:
                yield first, last
            at = self.letters.find(letters, at + 1)


def scan(texts: Sequence[Text], terms: Terms) -> list[Hit]:
    """What ``texts`` give away, in their order; each place once.

    Raises:
        TooLong: they are longer than `MOST` together.
    """
    if sum(len(text.text) for text in texts) > MOST:
        raise TooLong(f"More than {MOST:,} characters: too long to be searched.")
    found = _found(texts, terms)
    plain = [Text(text.place, decoded(text.text), text.is_name) for text in texts]
    told = {(number, hit.kind, hit.term) for number, hit in found}
    for number, hit in _found(plain, terms) if any(a.text != b.text for a, b in zip(texts, plain, strict=True)) else ():
        if (number, hit.kind, hit.term) not in told:  # seen only once it is read as it will be shown
            found.add((number, Hit(hit.place, 0, len(texts[number].text), hit.kind, hit.term)))
    return [hit for _, hit in sorted(_widest(found))]


def _found(texts: Sequence[Text], terms: Terms) -> set[tuple[int, Hit]]:
    hits: set[tuple[int, Hit]] = set()
    for run in _runs(texts):
        for term in terms.terms:
            for first, last in run.finds(term.stems if run.is_stemmed else term.letters):
                hits.update(_marked(texts, run, first, last, term))
    for number, text in enumerate(texts):
        hits.update((number, hit) for hit in _by_form(text, terms))
    return hits


def _runs(texts: Sequence[Text]) -> Iterator["_Run"]:
    """All words; their stems; words that end where a number begins; and those of values, without names of parts."""
    found = [(number, word) for number, text in enumerate(texts) for word in words_of(text.text)]
    yield _Run.of(found, [word.text for _, word in found])
    yield _Run.of(found, [stem(word.text) for _, word in found], is_stemmed=True)
    split = [(number, word) for number, text in enumerate(texts) for word in words_of(text.text, split_numbers=True)]
    if len(split) != len(found):
        yield _Run.of(split, [word.text for _, word in split])
    values = [(number, word) for number, word in found if not texts[number].is_name]
    if len(values) != len(found):
        yield _Run.of(values, [word.text for _, word in values])


def _marked(texts: Sequence[Text], run: _Run, first: int, last: int, term: Term) -> Iterator[tuple[int, Hit]]:
    """The hit in each text that the words from ``first`` to ``last`` lie in."""
    for number in range(run.places[first], run.places[last] + 1):
        words = [run.words[at] for at in range(first, last + 1) if run.places[at] == number]
        if words:
            yield number, Hit(texts[number].place, words[0].start, words[-1].end, term.kind, term.text)


def _by_form(text: Text, terms: Terms) -> Iterator[Hit]:
    plain, origin = seen(text.text)
    palette = terms.palette
    for name in terms.short:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", plain):
            yield _hit(text, origin, match, terms.short[name], name)
    for kind, form in FORMS:
        for match in form.finditer(plain):
            yield _hit(text, origin, match, kind, " ".join(match[0].split()))
    for match in _COLOUR.finditer(plain):
        parts = named_parts(match[0])
        near = min(palette, key=lambda colour: difference(colour, parts), default=None) if parts else None
        if parts and near and not is_neutral(parts) and difference(near, parts) <= NEAR:
            yield _hit(text, origin, match, TermKind.COLOUR, near)


def _hit(text: Text, origin: Sequence[int], match: re.Match[str], kind: TermKind, term: str) -> Hit:
    start, end = match.span()
    while plain_space(match.string[end - 1]):
        end -= 1
    return Hit(text.place, origin[start], origin[end - 1] + 1, kind, term)


def plain_space(character: str) -> bool:
    return character.isspace() or character in ".,'"


def _widest(hits: Iterable[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    """Without those that lie in a larger one: the five words of a quotation, the domain of an address. Of several in
    one place the kind that comes first is told."""
    kept: list[tuple[int, Hit]] = []
    for number, hit in sorted(hits, key=lambda pair: (pair[0], pair[1].start, -pair[1].end, ORDER[pair[1].kind])):
        last = kept[-1] if kept else None
        if last is None or last[0] != number or hit.end > last[1].end:
            kept.append((number, hit))
    return kept
