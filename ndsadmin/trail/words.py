"""Free text in the trail.

Where there is a full-text table (`security.triggers.WORDS`), whole words are found in all entries, newest first; a
word with a star stands for all that begin so. Without it each entry is asked whether it mentions the text, as far as
lists read on (`ndsadmin.tables.paging.WINDOW`).

Who did something is found by name, address and id alike: names are looked up among the people, since the log holds
ids alone.
"""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from ndsadmin.tables.asking import Asked
from ndsadmin.tables.conditions import Condition
from ndsadmin.tables.counts import COUNTED, RowNumber, at_most
from ndsadmin.tables.paging import PAGE, WINDOW, BadCursor, Page, Start
from security.columns.documents import Member
from security.columns.places import Stored, Unindexed
from security.models import AuditLog
from security.triggers import WORDS, WORDS_COLUMNS
from tenants.models import User

FEW_PEOPLE = 200  # whose names hold a word
SHORTEST = 3  # characters of a word that is looked for in names
PIECE = 1_000  # entries whose other conditions are asked at once
KEY = re.compile(r"\w+(?:-\w+)+")
_WORD = re.compile(r"\w+")


class Mentions(Condition):
    """An entry's action, object, actor, reason or error contains each word of ``value``, or its actor is called so."""

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        texts = {
            "said_action": Unindexed(F("action")),
            "said_kind": Unindexed(F("resource_type")),
            "said_object": Unindexed(F("resource_id")),
            "said_reason": Member("metadata", "reason"),
            "said_error": F("error_message"),
        }
        asked: QuerySet[Any] = rows.alias(**texts, said_actor=Coalesce(Unindexed(F("user_id")), F("user_id")))
        test = Q()
        for word in _WORD.findall(self.value):
            test &= reduce(or_, (Q(**{f"{name}__icontains": word}) for name in texts))
        by = Q(said_actor__in=[self.value, *people_called(self.value.rstrip("*"))])
        return asked.filter(by | test if test else by)


class Found(Condition):
    """The full-text table finds an entry by ``value``; None finds nothing."""

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.value is None:
            return rows.none()
        numbers = RawSQL(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s", [self.value])  # noqa: S608, S611
        found: QuerySet[Any] = rows.alias(at=RowNumber()).filter(at__in=numbers)
        return found


def is_indexed() -> bool:
    """Whether there is a full-text table. One query, where one is wanted: it is away while a database is exported."""
    return settings.AUDIT_WORDS and WORDS in connection.introspection.table_names()


def match_of(texts: Sequence[str]) -> str | None:
    """The query of the full-text table (https://www.sqlite.org/fts5.html, 3) that finds entries with all of
    ``texts``; None where they hold no word. One query a text, for people of that name."""
    parts = [part for text in texts if (part := _part(text))]
    spoken = " ".join(WORDS_COLUMNS[1:])
    return f"{{{spoken}}} : ({' AND '.join(parts)})" if parts else None


def page_of_words(asked: Asked, columns: list[Any], start: Start, match: str, size: int = PAGE) -> Page:
    """The page of ``columns`` of entries that ``match`` and the other conditions find, the latest recorded first.

    The places of the page are keys of entries. One query a piece and its rows, and one where ``start`` names an entry.

    Raises:
        BadCursor: the entry that the page starts from is there no more.
    """
    match = _narrowed(match, asked)
    has_others = bool(asked.reading.given or asked.reading.asked or asked.reading.span)
    limit = PIECE if has_others else size + 1
    rows: list[tuple[Any, ...]] = []
    at, looked, is_over = _number(start.place), 0, False
    if at is None and start.place is not None:
        raise BadCursor  # the entry is there no more
    while len(rows) <= size and looked < WINDOW and not is_over:
        numbers = _numbers(match, at, limit, descending=start.is_forward)
        rows += _rows(asked, columns, numbers, descending=start.is_forward)
        looked, is_over = looked + len(numbers), len(numbers) < limit
        at = numbers[-1] if numbers else at
    found = rows[:size]
    is_cut = len(rows) <= size and not is_over
    further = found[-1][-1] if len(rows) > size else (_key(at) if is_cut and at is not None else None)
    behind = found[0][-1] if found and start.place is not None else None
    stopped = further if is_cut else None
    if start.is_forward:
        return Page(found, before=behind, after=further, searched_to=stopped)
    return Page(found[::-1], before=further, after=behind, searched_to=stopped)


def newest_with(asked: Asked, match: str, number: int) -> QuerySet[Any]:
    """Of the ``number`` entries that ``match`` finds, the latest recorded, those that meet the other conditions. One
    query now."""
    return _among(asked, _numbers(_narrowed(match, asked), None, number, descending=True))


def _narrowed(match: str, asked: Asked) -> str:
    """``match`` of one actor, action or tenant, where the other conditions name one: fewer entries are asked then."""
    words: dict[str, tuple[str, Callable[[Any], str]]] = {
        "user": ("actor", str),
        "action": ("action", str),
        "tenant": ("tenant", _hexadecimal),
    }
    for condition in (*asked.reading.given, *asked.reading.asked):
        column, word_of = words.get(condition.field, ("", str))
        word = word_of(condition.value).replace("-", "") if column and condition.lookup == "exact" else ""
        if _WORD.fullmatch(word):
            match += f' AND {column} : "{word}"'
    return match


def _hexadecimal(value: object) -> str:
    return str(value).encode().hex()


def count_of_words(match: str) -> str:
    """How many entries ``match`` finds, as far as lists count. One query."""
    with connection.cursor() as cursor:
        limited = f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s LIMIT {COUNTED + 1}"  # noqa: S608
        cursor.execute(f"SELECT COUNT(*) FROM ({limited})", [match])  # noqa: S608
        return at_most(cursor.fetchone()[0])


def people_called(text: str) -> list[str]:
    """Ids of people whose name or address holds ``text``. One query, which reads all people in reach: they are few."""
    if len(text) < SHORTEST:
        return []
    called = User.objects.filter(Q(full_name__icontains=text) | Q(email__icontains=text))
    return [str(key) for key in called.order_by("pk").values_list("pk", flat=True)[:FEW_PEOPLE]]


def _part(text: str) -> str | None:
    """What one text asks: all of its words, or somebody of that name."""
    words = [word for chunk in text.split() if (word := _chunk(chunk))]
    if not words:
        return None
    together = " AND ".join(words)
    keys = [key.replace("-", "") for key in people_called(text.rstrip("*"))]
    people = [f'actor : "{key}"' for key in keys if _WORD.fullmatch(key)]
    return f"({' OR '.join([f'({together})', *people])})" if people or len(words) > 1 else together


def _chunk(text: str) -> str | None:
    """What stands between two spaces: its words, or, with dashes in it, the key that is one word without them."""
    star = "*" if text.endswith("*") else ""
    words = _WORD.findall(text)
    if not words:
        return None
    together = " AND ".join(f'"{word}"' for word in words[:-1]) + " AND " * (len(words) > 1) + f'"{words[-1]}"{star}'
    if len(words) > 1 and KEY.fullmatch(text.rstrip("*")):
        return f"""(({together}) OR "{"".join(words)}"{star})"""
    return f"({together})" if len(words) > 1 else together


def _numbers(match: str, at: int | None, limit: int, *, descending: bool) -> list[int]:
    beyond = "" if at is None else f" AND rowid {'<' if descending else '>'} {at:d}"
    order = "DESC" if descending else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s{beyond} ORDER BY rowid {order} LIMIT {limit:d}",  # noqa: S608
            [match],
        )
        return [number for (number,) in cursor.fetchall()]


def _rows(asked: Asked, columns: list[Any], numbers: list[int], *, descending: bool) -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    ordered = _among(asked, numbers).order_by("-at" if descending else "at").annotate(stored_key=Stored("log_id"))
    return list(ordered.values_list(*columns, "stored_key"))


def _among(asked: Asked, numbers: list[int]) -> QuerySet[Any]:
    """What is asked for, of the entries stored under ``numbers``."""
    reading = asked.reading
    rows: QuerySet[Any] = reading.matching(reading.rows(asked.everything))
    found: QuerySet[Any] = rows.alias(at=RowNumber()).filter(at__in=numbers)
    return found


def _number(key: bytes | None) -> int | None:
    """The number under which the entry with the key ``key`` is stored."""
    if key is None:
        return None
    rows = AuditLog.objects.filter(pk=key.decode("utf-8", "replace")).annotate(at=RowNumber())
    return rows.values_list("at", flat=True).first()


def _key(number: int) -> bytes | None:
    rows = AuditLog.objects.alias(at=RowNumber()).filter(at=number).annotate(stored_key=Stored("log_id"))
    found = rows.values_list("stored_key", flat=True).first()
    return None if found is None else bytes(found)
