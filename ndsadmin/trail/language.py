"""The query language of the trail.

    actor:ada action:update_* -action:login after:7d ok:false "held for a month"

Terms are joined by AND, terms of one field by OR, those with a minus in front are excluded. Whatever has no field is
free text. A value with spaces stands in double quotes, a quote in it behind a backslash. The form's fields are the same
terms.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from security.columns import now
from security.columns.times import format_time

LONGEST = 500  # characters of a query
MOST_WORDS = 20  # of free text
YEARS = range(1970, 2100)  # what a time can be asked for in; beyond, a day more may not exist
FIELDS: Mapping[str, str] = MappingProxyType({
    "actor": "who did it: an address, a name, an id, me or nobody",
    "action": "what was done; update_* stands for all that begin so",
    "tenant": "in whose trail: a name, an id, or platform",
    "resource": "what it was done to: kind, kind/id, or /id",
    "ip": "from which address; 203.0.113.* for all that begin so",
    "request": "in which request",
    "ok": "true, or false for what was refused or failed",
    "after": "from a day or time on, in UTC; or the last 24h, 7d",
    "before": "before a day or time, in UTC",
})  # fmt: skip
ONCE = ("ok", "after", "before")  # can be said once, and not be excluded
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}

_TOKEN = re.compile(r"""(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]*))""")
_AGO = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": dt.timedelta(hours=1), "d": dt.timedelta(days=1), "w": dt.timedelta(weeks=1)}


class QueryError(ValueError):
    """A query that is not understood: the message, and where in the text."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True)
class Term:
    """``field`` is empty for free text; ``start`` and ``end`` are its place in the query."""

    field: str
    value: str
    is_excluded: bool = False
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        is_bare = re.fullmatch(r'[^\s"]+', self.value) and (
            self.field or re.match(r"-?[A-Za-z_]+:", self.value) is None
        )
        value = self.value if is_bare else '"{}"'.format(re.sub(r'(["\\])', r"\\\1", self.value))
        return f"{'-' * self.is_excluded}{self.field}{':' * bool(self.field)}{value}"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def words(self) -> list[str]:
        return [term.value for term in self.terms if not term.field]

    def values(self, field: str, *, excluded: bool = False) -> list[str]:
        return [term.value for term in self.terms if term.field == field and term.is_excluded == excluded]

    def value(self, field: str) -> str:
        return next(iter(self.values(field)), "")

    def without(self, *fields: str) -> "Query":
        return Query(tuple(term for term in self.terms if term.field not in fields))

    def having(self, field: str, values: Sequence[str]) -> "Query":
        """The query with ``values`` in place of what it asks of ``field``."""
        kept = tuple(term for term in self.terms if term.field != field or term.is_excluded)
        return Query((*kept, *(Term(field, value) for value in values if value)))


def parse(text: str) -> Query:
    """``text`` as a query.

    Raises:
        QueryError: a field that does not exist, a value that is none for it, or a quote that is not closed.
    """
    if len(text) > LONGEST:
        raise QueryError(f"A query has at most {LONGEST} characters.", LONGEST, len(text))
    terms: list[Term] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        assert found is not None  # it may be empty
        end = found.end()
        if end == at or text[end : end + 1] == '"':
            raise QueryError("A quote is opened that is not closed.", text.index('"', at), len(text))
        terms.append(_term(found, at, end))
        at = end
    _check_once(terms)
    words = [term for term in terms if not term.field]
    if sum(len(re.findall(r"\w+", term.value)) or 1 for term in words) > MOST_WORDS:
        raise QueryError(f"Free text has at most {MOST_WORDS} words.", words[-1].start, words[-1].end)
    return Query(tuple(terms))


def moment_of(value: str) -> str | None:
    """The UTC time that ``value`` means, as the log writes it; None where it means none.

    A day is its first second; ``7d`` is seven days ago.
    """
    if value in {"today", "yesterday"}:
        return format_time(_midnight(now()) - dt.timedelta(days=value == "yesterday"))
    try:
        if ago := _AGO.fullmatch(value):
            found = now() - int(ago[1]) * _UNITS[ago[2]]
        else:
            found = dt.datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        return None
    if found.year not in YEARS:
        return None
    return format_time(found if found.tzinfo else found.replace(tzinfo=dt.UTC))


def _term(found: re.Match[str], start: int, end: int) -> Term:
    field = (found["field"] or "").lower()
    value = found["bare"] if found["quoted"] is None else re.sub(r"\\(.)", r"\1", found["quoted"], flags=re.DOTALL)
    excluded = bool(found["minus"])
    if not field:
        if excluded and not value:
            raise QueryError("Nothing follows the minus.", start, end)
        return Term("", f"-{value}", start=start, end=end) if excluded else Term("", value, start=start, end=end)
    if field not in FIELDS:
        raise QueryError(f"There is no field {field}: expected one of {', '.join(FIELDS)}.", start, end)
    if not value:
        raise QueryError(f"{field}: expected {FIELDS[field]}.", start, end)
    if excluded and field in ONCE:
        raise QueryError(f"{field}: cannot be excluded.", start, end)
    if field == "resource" and value.strip("/") == "":
        raise QueryError(f"resource: expected {FIELDS[field]}.", start, end)
    if field == "ok" and value.lower() not in TRUTHS:
        raise QueryError(f"ok: expected true or false, got {value!r}.", start, end)
    if field in {"after", "before"} and moment_of(value) is None:
        raise QueryError(f"{field}: expected a day such as 2026-11-22, a time or 7d, got {value!r}.", start, end)
    return Term(field, value, excluded, start, end)


def _check_once(terms: Sequence[Term]) -> None:
    for field in ONCE:
        twice = [term for term in terms if term.field == field][1:]
        if twice:
            raise QueryError(f"{field}: is said twice.", twice[0].start, twice[0].end)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
