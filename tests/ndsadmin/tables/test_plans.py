"""What SQLite does for a list: it walks an index, it never reads or sorts a whole table."""

import pytest
from django.contrib import admin
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from ndsadmin.tables import export, paging
from ndsadmin.tables.asking import asked_of
from ndsadmin.tables.conditions import orders_of
from ndsadmin.tables.counts import counted
from ndsadmin.tables.export import Export
from ndsadmin.tables.paging import Start, page_of
from security.contract import contract_tables
from security.models import AuditLog
from security.orders import walks
from tests.factories import security
from tests.ndsadmin.tables.test_listing import QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]
WORDS = {"isnull": "-", True: "1", False: "0"}


def narrowings(model) -> list[str]:
    """What every index of ours is for: nothing, one tenant, one account, whatever is rare."""
    found = []
    for walk in walks(model):
        parts = [f"{name}=x" for name in walk.within]
        parts += [
            f"{lookup.split('__')[0]}={'-' if 'isnull' in lookup else WORDS[value]}" for lookup, value in walk.where
        ]
        found.append("&".join(parts))
    return sorted(set(found))


CASES = [
    (model, "&".join(filter(None, (narrowing, f"sort={sign}{order}"))))
    for model in contract_tables()
    for order in orders_of(model)
    for sign in ("", "-")
    for narrowing in narrowings(model)
    if any(
        walk.place.column == order
        and walk.fixed == {part.split("=")[0] for part in narrowing.split("&") if part}
        for walk in walks(model)
    )
]  # fmt: skip


def plans(captured: CaptureQueriesContext, table: str) -> list[str]:
    """What SQLite says of every query on ``table``."""
    told = []
    with connection.cursor() as database:
        for query in captured.captured_queries:
            if f'FROM "{table}"' in query["sql"] and query["sql"].startswith("SELECT"):
                database.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                told += [row[3] for row in database.fetchall()]
    return told


def check(told: list[str], table: str) -> None:
    own = [step for step in told if table in step]
    assert own, told
    assert [step for step in told if "TEMP B-TREE" in step] == []
    assert [step for step in own if "INDEX" not in step and "PRIMARY KEY" not in step] == []


@pytest.mark.parametrize(("model", "query"), CASES, ids=lambda v: v if isinstance(v, str) else v._meta.db_table)
def test_a_list_walks_an_index(model, query, monkeypatch):
    """First page, a page behind it, a page in front, the last one and the count; with a filter asked row by row.

    From a place on the index is searched, not read from its start: so a `Restored` with an affinity fails here.
    """
    monkeypatch.setattr(paging, "WINDOW", 2)
    place = b"2026-11-20 00:00:00\x1fkey"
    starts = [Start(), Start(place), Start(place, is_forward=False), Start(is_forward=False)]
    choice = next((f.name for f in model._meta.concrete_fields if f.choices and f"{f.name}=" not in query), None)
    for more in ("", *((f"&{choice}=x",) if choice else ())):
        asked = asked_of(admin.site.tables()[model], QueryDict(query + more))
        fields = [field.attname for field in asked.seen]
        with CaptureQueriesContext(connection) as captured:
            for start in starts:
                page_of(asked.everything, asked.reading, fields, start)
            if not asked.reading.is_bounded:  # else it is counted only where a window holds the whole list
                counted(asked.reading.rows(asked.everything), next(iter(asked.reading.walk.fixed), fields[0]))

        told = plans(captured, model._meta.db_table)
        check(told, model._meta.db_table)
        if f"{model._meta.pk.name}=" not in query:  # else it is one row, found by its key
            assert [step for step in told if "<expr><?" in step], "a page from a place on"
            assert [step for step in told if "<expr>>?" in step], "a page back from a place"


@pytest.mark.parametrize("query", ["", "tenant=x", "sort=timestamp&action=x"])
def test_an_export_walks_an_index(query):
    security.audit_entry()
    asked = asked_of(admin.site.tables()[AuditLog], QueryDict(query))
    with CaptureQueriesContext(connection) as captured:
        b"".join(Export(asked, "ndjson").stream())

    told = plans(captured, "audit_logs")
    assert [step for step in told if "TEMP B-TREE" in step] == []


def test_a_further_piece_of_an_export_is_searched_for(monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 1)
    for _ in range(3):
        security.audit_entry(tenant_id="x")
    asked = asked_of(admin.site.tables()[AuditLog], QueryDict("tenant=x"))
    with CaptureQueriesContext(connection) as captured:
        b"".join(Export(asked, "ndjson").stream())

    told = [step for step in plans(captured, "audit_logs") if "audit_logs" in step]
    assert [step for step in told if "<expr>>? AND <expr><?" in step], told


SEED = {
    "a tenant's brand": "SELECT * FROM brand_profiles WHERE tenant_id = 'x'",
    "recent posts": "SELECT * FROM published_posts WHERE tenant_id = 'x' ORDER BY published_at DESC LIMIT 50",
    "posts before": "SELECT * FROM published_posts WHERE tenant_id = 'x' AND published_at < '2026' "
    "ORDER BY published_at DESC LIMIT 50",
    "a platform's posts": "SELECT * FROM published_posts WHERE tenant_id = 'x' AND platform = 'linkedin' "
    "AND published_at >= '2025-10-01' ORDER BY published_at DESC",
    "a skill's days": "SELECT * FROM skill_metrics_daily WHERE skill_id = 'x' AND date >= '2026'",
    "engagement": "SELECT post_id, (likes + comments + shares + clicks) * 1.0 / NULLIF(impressions, 0) "
    "FROM post_analytics WHERE tenant_id = 'x'",
}


@pytest.mark.parametrize("sql", SEED.values(), ids=SEED.keys())
def test_the_documents_queries_search_an_index(sql):
    """Ours stand beside the contract's and take none of its queries away from them."""
    with connection.cursor() as database:
        database.execute(f"EXPLAIN QUERY PLAN {sql}")
        told = [row[3] for row in database.fetchall()]

    assert all(step.startswith("SEARCH") and "INDEX" in step for step in told), told


GROUPED = {
    "top skills": "SELECT s.skill_id, s.name, AVG(m.approval_rate) AS avg_approval FROM skills s "
    "JOIN skill_metrics_daily m ON s.skill_id = m.skill_id WHERE m.date >= date('now', '-30 days') "
    "AND s.status = 'active' GROUP BY s.skill_id ORDER BY avg_approval DESC LIMIT 10",
    "ROI by campaign": "SELECT p.campaign_id, COUNT(DISTINCT p.post_id), SUM(c.value) AS roi FROM published_posts p "
    "LEFT JOIN conversions c ON p.post_id = c.post_id WHERE p.tenant_id = 'x' AND p.campaign_id IS NOT NULL "
    "GROUP BY p.campaign_id ORDER BY roi DESC",
}


@pytest.mark.parametrize("sql", GROUPED.values(), ids=GROUPED.keys())
def test_the_documents_sums_search_indexes(sql):
    """They sort what they have summed up, a few rows; what they read they find by an index."""
    with connection.cursor() as database:
        database.execute(f"EXPLAIN QUERY PLAN {sql}")
        told = [row[3] for row in database.fetchall() if not row[3].startswith("USE TEMP")]

    assert [step for step in told if step.startswith("SCAN") and "USING" not in step] == []


def test_every_list_is_among_the_cases():
    assert {model for model, _ in CASES} == set(contract_tables())
    assert set(QUERIES) == {model._meta.db_table for model in contract_tables()}
