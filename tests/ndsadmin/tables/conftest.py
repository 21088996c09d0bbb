"""Lists as their pages read them, without the pages."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.http import QueryDict

from ndsadmin.tables.asking import asked_of, start_of
from ndsadmin.tables.paging import Page, Start, page_of
from security.roles import Role
from security.scope import Reach, Scope, acting


@pytest.fixture
def as_operator() -> Iterator[Scope]:
    with acting(Scope(request_id="r", role=Role.OPERATOR, reach=Reach.PLATFORM)) as scope:
        yield scope


def page(model, query: str = "", start: Start | None = None) -> Page:
    """The page of ``model`` that an address names."""
    asked = asked_of(admin.site.tables()[model], QueryDict(query))
    at = start or start_of(asked, QueryDict(query))
    return page_of(asked.everything, asked.reading, [model._meta.pk.attname], at)


def keys(found: Page) -> list[str]:
    return [row[0] for row in found.rows]


def walk(model, query: str = "") -> list[list[str]]:
    """The keys of all pages from the first to the last."""
    found = page(model, query)
    pages = [keys(found)]
    while found.after is not None:
        found = page(model, query, Start(found.after))
        pages.append(keys(found))
    return pages


def walk_back(model, query: str = "") -> list[list[str]]:
    """The keys of all pages from the last back to the first, in reading order."""
    found = page(model, f"{query}&last=1")
    pages = [keys(found)]
    while found.before is not None:
        found = page(model, query, Start(found.before, is_forward=False))
        pages.append(keys(found))
    return pages[::-1]
