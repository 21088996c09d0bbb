"""Jumping: pages by their names, and tenants, people, skills and posts by how a name or key begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse

from content.models import Skill
from ndsadmin.dashboard.menu import menu_for
from ndsadmin.tables.addresses import list_address, row_address
from ndsadmin.tables.cells import cut
from ndsadmin.tables.names import plural
from ndsadmin.tables.search import keys_of, searched
from publishing.models import PublishedPost
from security.contract import ContractTable, allowed
from security.modeladmin import TableAdmin
from security.roles import Role, Verb
from security.scope import current_scope
from tenants.models import Tenant, User

SHOWN = 5  # hits a group: what a person reads before typing one more letter
SOUGHT: dict[type[ContractTable], tuple[str, ...]] = {
    # what a hit says: its name, then what tells it from others of that name
    Tenant: ("name", "tenant_id"),
    User: ("full_name", "email"),
    Skill: ("name", "visibility"),
    PublishedPost: ("text", "published_at"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    label: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; ``more`` is the address of all of them, where there are more."""

    title: str
    hits: list[Hit]
    more: str | None = None


def found(words: str) -> list[Group]:
    """What begins with ``words``, as far as its seeker may see it. Two queries a table, one where nothing is found."""
    role = current_scope().role
    if not words:
        return []
    groups = [Group("Pages", list(_pages(words, role))), *_rows(words, role)]
    return [group for group in groups if group.hits]


def _pages(words: str, role: Role | None) -> Iterator[Hit]:
    """Pages one of whose words begins with ``words``, and tables behind them."""
    menu, wanted = menu_for(role), f" {words.lower()}"
    places = [(page, "Page") for page in menu.pages]
    places += [(item, section.title) for section in menu.tables for item in section.items]
    named = (Hit(item.title, where, item.address) for item, where in places if wanted in f" {item.title.lower()}")
    return islice(named, SHOWN)


def _rows(words: str, role: Role | None) -> Iterator[Group]:
    tables: dict[Any, Any] = admin.site.tables()  # type: ignore[attr-defined]  # our site
    for model, columns in SOUGHT.items():
        if allowed(Verb.VIEW, model):
            yield _group(tables[model], columns, words)


def _group(table: TableAdmin, columns: tuple[str, ...], words: str) -> Group:
    model, masked = table.model, table.masked()
    seen = [field for field in table.shown_fields() if field.column not in masked]
    names = {field.name for field in seen}
    keys = keys_of(table.listed(), searched(model, seen), words, SHOWN + 1)
    shown = [name for name in columns if name in names]
    rows = model._default_manager.filter(pk__in=keys[:SHOWN]).values_list("pk", *shown) if keys else ()
    hits = [_hit(model, row) for row in _sorted(rows)]
    more = f"{list_address(model)}?{urlencode({'q': words})}" if len(keys) > SHOWN else None
    return Group(plural(model), hits, more)


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: tuple(str(value).lower() for value in (*row[1:], row[0])))


def _hit(model: type[ContractTable], row: tuple[Any, ...]) -> Hit:
    key, *values = row
    texts = [cut(f"{value:%-d %b %Y, %H:%M}" if hasattr(value, "hour") else str(value)) for value in values if value]
    label, *details = texts or [str(key)]
    address = reverse("skill", args=[key]) if model is Skill else row_address(model, key)  # it has a page of its own
    return Hit(label, " · ".join(details) or str(key), address)
