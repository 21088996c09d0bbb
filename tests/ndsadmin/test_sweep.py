"""Every address of the site as the owners of two tenants, over rows of which each carries its tenant's canary.

The addresses come from the resolver and the rows from the data: a page or a table that is added is swept by itself.
Keys of the other tenant go into path, query and body. No answer, header, file or line of a log may hold the other's
canary, and a row of the other's is not found. Dies where a page reads past its scope, or shows what it could not read.
"""

import gzip
import re
import sqlite3
from contextlib import closing
from functools import cache

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from ndsadmin.db.sqlite.base import DatabaseWrapper
from ndsadmin.tables.addresses import key_fields, list_address, quote_key
from security.columns import Blob, Hash, Int, Json, LongText, Real, Text, Time
from security.scope import Scope, acting
from tenants.models import User
from tests.arranging import without_triggers
from tests.conftest import without_scope
from tests.security.rls.conftest import world  # noqa: F401
from tests.security.rls.scenarios import MODELS
from tests.security.rls.world import CLOSED, OWN

TENANTS = ("tenant_001", "tenant_002")
OTHER = dict(zip(TENANTS, reversed(TENANTS), strict=True))
KEPT = {"visibility", "status", "role", "password", "region", "tier"}
SHARED = {"skills", "skill_versions", "skill_embeddings"}  # global rows are everybody's
FOREIGN = 2  # keys of each table that are tried


def canary(tenant: str) -> str:
    return f"canary-of-{tenant}"


def carriers(model) -> list:
    """Columns that can carry a text: none that a key, a policy or a choice stands on."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, Text | LongText | Json | Blob)
        and not (field.is_relation or field.primary_key or field.choices or field.name in KEPT)
        and field not in key_fields(model)
        and not isinstance(field, Hash | Int | Real | Time)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def sown(world, tmp_path_factory):  # noqa: F811
    """The database of several tenants, each row with its tenant's canary in whatever can hold one."""
    path = tmp_path_factory.mktemp("sweep") / "sown.sqlite3"
    with closing(sqlite3.connect(world.path("all"))) as source, closing(sqlite3.connect(path)) as target, target:
        source.backup(target)
        with without_triggers(target):
            for model in MODELS:
                sow(target, model)
    return path


def sow(target, model) -> None:
    table = model._meta.db_table
    own = OWN[table]
    if table in SHARED:
        own = own.replace("IN ('global', 'tenant:' || :t)", "= 'tenant:' || :t")
    for field in carriers(model):
        unique = f" || ' ' || {model._meta.pk.column if not key_fields(model)[1:] else 'rowid'}"
        value = f"json_quote('{{}}'{unique})" if isinstance(field, Json) else f"'{{}}'{unique}"
        for tenant in TENANTS:
            target.execute(
                f"UPDATE {table} SET {field.column} = {value.format(canary(tenant))} WHERE {own}", {"t": tenant}
            )


@pytest.fixture
def site(sown, django_db_blocker, settings):
    """The site over that database."""
    settings.ALLOWED_HOSTS = ["*"]
    usual = connections["default"]
    with django_db_blocker.unblock():
        connections["default"] = DatabaseWrapper({**usual.settings_dict, "NAME": str(sown)}, "default")
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = usual


def owner(tenant: str) -> User:
    return User.objects.select_related("tenant").get(tenant_id=tenant, role="owner")


def foreign_keys(tenant: str) -> dict:
    """Some keys of each table that are the other tenant's, quoted as in addresses."""
    found = {}
    with acting(Scope.of_command("sweep")), connections["default"].cursor() as cursor:
        for model in MODELS:
            table = model._meta.db_table
            own = OWN[table].replace("IN ('global', 'tenant:' || :t)", "= 'tenant:' || :t")
            columns = ", ".join(f'"{field.column}"' for field in key_fields(model))
            condition = own.replace(":t", f"'{OTHER[tenant]}'")
            cursor.execute(f"SELECT {columns} FROM {table} WHERE {condition} LIMIT {FOREIGN}")
            found[model] = [quote_key(tuple(map(str, row))) for row in cursor.fetchall()]
    return found


@cache
def routes() -> tuple[str, ...]:
    """Every route of the site, with its parameters as ``<name>``."""

    def walk(patterns, prefix: str = "/"):
        for entry in patterns:
            route = prefix + str(entry.pattern).replace("^", "").replace("$", "").replace(r"\Z", "")
            if isinstance(entry, URLPattern):
                yield route
            else:
                yield from walk(entry.url_patterns, route)

    return tuple(sorted(set(walk(get_resolver().url_patterns))))


def addresses(keys: dict) -> list[tuple[str, bool]]:
    """Addresses to fetch, and whether each names a row of the other's."""
    found = []
    for route in routes():
        if not (names := re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", route)):
            found.append((route, False))
            continue
        models = [model for model in keys if route.startswith(list_address(model))]
        values = [(key, True) for model in models for key in keys[model]] or [("content", False), ("tenant_002", False)]
        for value, is_foreign in values:
            address = re.sub(r"<[^>]+>|\(\?P<\w+>.*\)", value, route)
            found.append((re.sub(r"[\\?]", "", address), is_foreign and len(names) == 1))
    return found


def text_of(response) -> str:
    """All that an answer holds."""
    body = without_scope(lambda: b"".join(response.streaming_content)) if response.streaming else response.content
    body = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
    return f"{response.status_code} {dict(response.headers)} {response.cookies} {body.decode(errors='replace')}"


@pytest.mark.parametrize("tenant", TENANTS)
def test_no_page_holds_anything_of_the_other(tenant, site, caplog):
    keys, client = foreign_keys(tenant), Client(raise_request_exception=False)
    client.force_login(owner(tenant))
    some = [key for listed in keys.values() for key in listed]
    told, missed = [], []
    for address, is_foreign in addresses(keys):
        if address == "/logout/":
            continue
        for response in asked(client, address, some, keys):
            text = text_of(response)
            told += [address] if canary(OTHER[tenant]) in text else []
            missed += [(address, response.status_code)] if response.status_code >= 500 else []
            if is_foreign and response.status_code not in {404, 403, 405}:
                missed.append((address, response.status_code))

    assert told == []
    assert missed == []
    assert canary(OTHER[tenant]) not in caplog.text


def asked(client, address: str, some: list[str], keys: dict):
    """``address`` in every way, with keys of the other's wherever there is room for one."""
    models = [model for model in keys if address == list_address(model)]
    yield client.get(address)
    yield client.post(
        address, {"row": some[:5], "action": "resolve", "format": "csv", "person": some[0], "tenant": "x"}
    )
    for model in models:
        names = ["tenant", *(f.name for f in model._meta.concrete_fields if f.is_relation)]
        yield client.get(address, {name: some[number % len(some)] for number, name in enumerate(names)})
        yield client.get(address, {"tenant": ["tenant_001", "tenant_002"]})
        for key in keys[model]:
            yield client.get(address, {"at": key})
            yield client.get(address, {"q": key})
        for kind in ("csv", "json", "ndjson"):
            yield client.post(f"{address}export/", {"format": kind})
            yield client.post(f"{address}export/?tenant={some[0]}", {"format": kind})
        yield client.post(f"{address}bulk/", {"row": keys[model], "action": "resolve", "reason": "x"})
        yield client.post(f"{address}add/", dict.fromkeys(names, some[0]))
    if address == "/search/":
        for key in some:
            yield client.get(address, {"q": key[:12]})
            yield client.get(address, {"q": "canary", "part": "hits"})


def test_no_page_asks_for_distinct_over_an_outer_join(site):
    """The one form that row-level security makes slow: SQLite reads all of the tenant's rows for it."""
    client = Client()
    client.force_login(owner("tenant_001"))
    own = foreign_keys("tenant_002")  # of the other's other
    with CaptureQueriesContext(connections["default"]) as captured:
        for address, _ in addresses(own):
            if address != "/logout/":
                client.get(address)

    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) > 300
    assert [sql for sql in asked if "DISTINCT" in sql and re.search("LEFT|RIGHT|FULL", sql)] == []


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_sweep_would_see_a_leak(tenant, site):
    """The same addresses as an operator do hold canaries: of both."""
    operator = User.objects.filter(tenant_id="platform", role="owner").first()
    client = Client()
    client.force_login(operator)

    seen = [list_address(m) for m in MODELS if canary(tenant) in text_of(client.get(list_address(m)))]

    assert len(seen) > 10


def test_every_table_is_swept():
    swept = {model for model in MODELS if any(route.startswith(list_address(model)) for route in routes())}

    assert {model._meta.db_table for model in swept} | set(CLOSED) >= {
        model._meta.db_table for model in admin.site.tables()
    }
