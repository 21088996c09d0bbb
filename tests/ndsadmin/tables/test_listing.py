"""Every list: its queries, what each role sees, and rows that are odd in every way."""

import re

import pytest
from django.contrib import admin
from django.db import connection

from ndsadmin.tables import paging
from ndsadmin.tables.addresses import list_address
from ndsadmin.tables.counts import row_counts
from security.contract import contract_tables
from security.models import AuditLog
from tenants.models import Tenant, User
from tests.factories import analytics, content, publishing, security, tenants
from tests.factories.content import content_template, guard_result
from tests.factories.publishing import post
from tests.factories.tenants import person, tenant
from tests.settings import IS_D1

pytestmark = pytest.mark.django_db
TABLES = contract_tables()

# How to make a row of each table, and what its list costs: session, person, rows; the tenants on offer; the names of
# what the shown columns point at. A list that goes on is counted, which is one more.
QUERIES = {
    "tenants": (tenants.tenant, 3),
    "users": (tenants.person, 4),
    "brand_profiles": (tenants.brand_profile, 4),
    "skills": (content.skill, 3),
    "skill_versions": (content.skill_version, 4),
    "skill_embeddings": (content.skill_embedding, 4),
    "skill_metrics_daily": (content.skill_metrics, 5),
    "content_templates": (content.content_template, 4),
    "generated_content": (content.generated_content, 4),
    "post_configurations": (content.post_configuration, 4),
    "revision_events": (content.revision_event, 4),
    "guard_results": (content.guard_result, 4),
    "brand_knowledge_entries": (content.knowledge_entry, 4),
    "social_accounts": (publishing.social_account, 4),
    "published_posts": (publishing.post, 5),
    "rate_limits": (publishing.rate_limit, 4),
    "post_analytics": (analytics.post_analytics, 4),
    "performance_benchmarks": (analytics.benchmark, 4),
    "ab_tests": (analytics.ab_test, 4),
    "conversions": (analytics.conversion, 4),
    "analytics_sync_errors": (analytics.sync_error, 4),
    "tenant_metrics_daily": (analytics.tenant_metrics, 4),
    "guard_metrics_daily": (analytics.guard_metrics, 4),
    "api_keys": (security.api_key, 5),
    "audit_logs": (security.audit_entry, 5),
    "sharing_events": (security.sharing_event, 5),
    "audit_seals": (security.audit_seal, 4),
    "audit_checkpoints": (security.audit_checkpoint, 3),
    "tenant_keys": (security.tenant_key, 4),
    "compliance_cases": (security.compliance_case, 4),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("table", TABLES, ids=lambda model: model._meta.db_table)
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(
    table, rows, client_of_operator, django_assert_num_queries
):
    """Budget: 8. A row more costs none."""
    make, queries = QUERIES[table._meta.db_table]
    for _ in range(rows):
        make()

    with django_assert_num_queries(queries):
        page = client_of_operator.get(list_address(table))

    assert page.status_code == 200
    assert len(page.context["page"].rows) >= rows


WORST = [
    ("/data/publishing/publishedpost/", 6),  # count, accounts
    ("/data/publishing/publishedpost/?tenant=t1&status=failed&published_at=30d", 6),
    ("/data/publishing/publishedpost/?platform=linkedin", 7),  # and where asking row by row ends
    ("/data/publishing/publishedpost/?q=he&platform=linkedin", 7),  # a search knows its rows' keys
    ("/data/publishing/publishedpost/?last=1", 6),
]


@pytest.mark.parametrize(("address", "queries"), WORST)
def test_no_page_costs_more_than_eight_queries(address, queries, client_of_operator, django_assert_num_queries):
    account = publishing.social_account(tenant=tenant(tenant_id="t1"))
    for number in range(60):
        post(account=account, status="failed", post_id=f"he{number:03}")

    with django_assert_num_queries(queries):
        page = client_of_operator.get(address).context["page"]

    assert len(page.rows) == 50


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_an_empty_list_says_what_would_fill_it(model, client_of_operator):
    if model in {Tenant, User}:
        return  # the operator and his tenant are rows of these
    page = client_of_operator.get(list_address(model)).content.decode()

    assert admin.site.tables()[model].filled_by.replace("'", "&#x27;") in page


def test_a_list_is_counted_up_to_a_bound():
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) "
            "INSERT INTO audit_logs (log_id, action, resource_type) SELECT 'k' || i, 'a', 'b' FROM n"
        )

    assert row_counts([AuditLog, Tenant]) == {"audit_logs": "10,000+", "tenants": "0"}


def test_nothing_is_asked_for_no_tables(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert row_counts([]) == {}


def test_a_row_whose_parent_is_missing_is_listed(client_of_operator):
    """Dies with a join: the row would vanish from its own list."""
    guard_result(content_id="gone", result_id="g1")

    assert len(client_of_operator.get("/data/content/guardresult/").context["page"].rows) == 1
    assert client_of_operator.get("/data/content/guardresult/g1/").status_code == 200


def test_support_sees_no_address_beyond_its_domain(support, signed_in):
    who = person(email="ada.lovelace@example.com", full_name="Ada")
    person(email="no-address-at-all")
    post(published_by=who)
    client = signed_in(support)

    pages = [
        client.get(address).content.decode()
        for address in (
            "/data/tenants/user/",
            f"/data/tenants/user/{who.pk}/",
            "/data/publishing/publishedpost/",
            "/",
        )
    ]

    assert "…@example.com" in pages[0]
    assert not any("ada.lovelace" in page or "no-address-at-all" in page for page in pages)


def test_support_cannot_ask_for_an_address(support, signed_in):
    """Dies where a masked column is a filter: its answers would tell."""
    person(email="ada@example.com")

    page = signed_in(support).get("/data/tenants/user/?email=ada@example.com").context["page"]

    assert "email" not in [control.name for control in page.narrowing.controls]
    assert len(page.rows) == 2


def test_support_reads_no_post(support, signed_in):
    row = post(text="Our secret launch", hashtags=["#secret"])
    client = signed_in(support)

    for address in ("/data/publishing/publishedpost/", f"/data/publishing/publishedpost/{row.pk}/"):
        assert "secret" not in client.get(address).content.decode().replace("token", "")


def test_a_narrowed_list_keeps_its_filters_from_page_to_page(client_of_operator):
    owner = tenant(tenant_id="t1")
    for _ in range(60):
        content_template(tenant=owner)
    content_template()

    first = client_of_operator.get("/data/content/contenttemplate/?tenant=t1").context["page"]
    second = client_of_operator.get("/data/content/contenttemplate/" + first.links.after).context["page"]

    assert (first.count, len(first.rows), len(second.rows)) == ("60", 50, 10)
    assert "tenant=t1" in second.links.before
    assert second.links.first == "?tenant=t1"
    assert (second.links.after, second.links.last, first.links.last) == (None, None, "?tenant=t1&last=1")


def test_headings_sort_and_say_how(client_of_operator):
    columns = {c.name: c for c in client_of_operator.get("/data/tenants/tenant/?sort=name").context["page"].columns}

    assert (columns["name"].sorted, columns["name"].sort) == ("ascending", "?sort=-name")
    assert (columns["created_at"].sorted, columns["created_at"].sort) == ("", "?sort=-created_at")
    assert columns["region"].sort is None


def test_a_row_is_shown_where_it_stands_in_the_list(client_of_operator):
    row = content_template()

    page = client_of_operator.get(f"/data/content/contenttemplate/?at={row.pk}")

    assert 'class="is-here"' in page.content.decode()


def test_a_search_that_ends_early_leads_on_in_its_own_direction(client_of_operator, monkeypatch):
    """Dies where the link on is always the next page: read from the end, it is the one before."""
    monkeypatch.setattr(paging, "WINDOW", 20)
    newest = post(post_id="p_new", status="failed")
    for number in range(60):
        post(account=newest.account, published_at=f"2026-01-01T00:{number:02}:00Z", platform="twitter")

    address = "/data/publishing/publishedpost/?platform=linkedin&last=1"
    for _ in range(4):
        response = client_of_operator.get(address)
        page = response.context["page"]
        assert "None" not in re.findall(r'href="([^"]*)"', response.content.decode())
        if page.rows:
            break
        assert page.links.onward == page.links.before
        address = f"/data/publishing/publishedpost/{page.links.onward}"

    assert [row.key for row in page.rows] == ["p_5Fnew"]


def test_bytes_in_a_document_are_shown_as_odd(client_of_operator):
    row = content_template()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_templates SET structure = x'5b315dff'")
    client_of_operator.post("/data/content/contenttemplate/columns/", {"column": ["name", "structure"]})

    assert client_of_operator.get("/data/content/contenttemplate/").status_code == 200
    assert client_of_operator.get(f"/data/content/contenttemplate/{row.pk}/").status_code == 200


def test_a_forged_cursor_is_not_found(client_of_operator):
    assert client_of_operator.get("/data/tenants/tenant/?after=forged").status_code == 404


ODD = {
    "TEXT": ["<script>alert(1)</script>", "", "javascript:alert(1)", "x" * 5000],
    "INTEGER": [2**63 - 1, "many", 1.5],
    "REAL": [1e308 if IS_D1 else float("inf"), "high", -1],  # D1 refuses what it cannot answer
    "BOOLEAN": [7, "yes", None],
    "JSON": ["{broken", '"\\ud83d"', 5, "[" * 900 + "]" * 900],
    "BLOB": [b"", "text", 7],
    "TIMESTAMP": ["2026-11-22T10:00:00.123Z", "soon", 5, "9999-12-31 23:59:59", "0001-01-01 00:00:00"],
    "DATE": ["someday", "2026-02-30", 7],
}


def odd(field, number: int) -> object:
    """The ``number``-th odd value for a column; keys of whole numbers are whole, or there would be no row."""
    if not hasattr(field, "sql_type"):
        return "gone"
    if field.primary_key:
        return f"k{number}"
    is_key = field in getattr(field.model._meta, "pk_fields", [])
    values = [7] if is_key and field.sql_type == "INTEGER" else ODD[field.sql_type]
    value = values[number % len(values)]
    return "x" if value is None and not field.null else value


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_whatever_a_row_holds_list_and_detail_show_it(model, zone, operator, auditor, support, signed_in):
    """Each column holds each odd value once; no page of any role may fail."""
    fields = model._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for number in range(5):
            values = [odd(field, number) for field in fields]
            cursor.execute(f'INSERT OR IGNORE INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', values)
        cursor.execute("PRAGMA ignore_check_constraints = OFF")  # the connection is the next test's too

    for who in (operator, auditor, support):
        client = signed_in(who)
        client.cookies["nds_zone"] = zone
        response = client.get(list_address(model))
        if response.status_code == 403:
            continue
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
        for row in response.context["page"].rows:
            detail = client.get(row.address)
            assert detail.status_code == 200, row.address
            assert "<script>alert" not in detail.content.decode()
            form = client.get(f"{row.address}change/", follow=True)
            assert form.status_code == 200
    connection.needs_rollback = True
