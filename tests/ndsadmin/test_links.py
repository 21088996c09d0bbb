"""Every link that a person can follow leads somewhere: on the sample, and on an empty database."""

import dataclasses
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.core.management import call_command
from django.test import Client, override_settings

from ndsadmin.tables.addresses import list_address
from security.contract import contract_tables
from security.scope import Scope, acting
from tests.left_behind import made_for_a_while

pytestmark = pytest.mark.django_db
HREF = re.compile(r'<a [^>]*href="([^"]*)"|<form (?![^>]*method="post")[^>]*action="([^"]*)"')
ROWS = 3  # rows of each list page that are opened
READ = 4  # pages of a list, and rows of it, whose own links are followed
APPS = ("tenants", "content", "publishing", "analytics", "security")


def links(page: str, at: str) -> Iterator[str]:
    """The addresses of this site that a page leads to, one list's rows cut to a few."""
    rows = 0
    for found in HREF.finditer(page):
        parts = urlsplit(urljoin(at, unescape(found[1] or found[2] or "")))
        if parts.netloc or parts.path == "/logout/":
            continue
        if 'class="row-link"' in found[0] and (rows := rows + 1) > ROWS:
            continue
        yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def crawl(client: Client, start: list[str], within: str) -> dict[str, int]:
    """Status by address of what can be reached from ``start``. Of each list a few pages are read on, and only below
    ``within``; every link on a page that is read is opened."""
    waiting, seen, read = list(start), {}, Counter()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        response = client.get(address)
        seen[address] = response.status_code
        path = address.split("?")[0]
        kind = path if path.count("/") == 4 else path.rsplit("/", 2)[0]  # a list, or the rows of one
        read[kind] += 1
        if address.startswith(within) and read[kind] <= READ:
            waiting += links(response.content.decode(), path)
    return seen


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, export, tmp_path_factory):
    """The sample's rows, imported once; the tests of this module only read them."""
    reports = dataclasses.replace(django_settings.NDS, data_dir=tmp_path_factory.mktemp("links"))
    with (
        django_db_blocker.unblock(),
        made_for_a_while(),
        acting(Scope.of_command("test")),
        override_settings(NDS=reports),
    ):
        call_command("import_d1", str(export), stdout=io.StringIO())
        yield


def test_every_link_leads_somewhere_on_an_empty_database(client_of_operator):
    seen = crawl(client_of_operator, ["/"], "/")

    assert {address: status for address, status in seen.items() if status != 200} == {}
    assert {list_address(model) for model in admin.site.tables()} <= set(seen)


@pytest.mark.parametrize("app", APPS)
def test_every_link_leads_somewhere_on_the_sample(app, sample, client_of_operator):
    seen = crawl(client_of_operator, ["/", "/data/", f"/data/{app}/"], f"/data/{app}/")

    assert {address: status for address, status in seen.items() if status != 200} == {}
    lists = {list_address(m) for m in contract_tables() if m._meta.app_label == app}
    assert lists <= set(seen)
    assert len(seen) > 50
