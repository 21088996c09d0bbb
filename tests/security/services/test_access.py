import datetime as dt

import pytest
from django.db import connection

from ndsadmin.tables.addresses import row_address
from security.models import AuditLog
from security.scope import Scope, acting
from security.services import access
from security.services.access import record_denial
from tenants.models import BrandProfile, Tenant, User
from tests.factories.content import content_template
from tests.factories.publishing import social_account
from tests.factories.security import audit_entry
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db


def entries() -> list[tuple]:
    rows = AuditLog.objects.exclude(action__in=["login", "create_post"]).order_by("pk")
    return list(rows.values_list("action", "resource_type", "resource_id", "tenant_id", "success"))


@pytest.fixture
def owner():
    return person(tenant=tenant(tenant_id="t1"), role="owner")


def test_opening_what_is_personal_leaves_one_entry_an_hour(owner, signed_in):
    """Dies where access is not recorded, or every look is: a flood would hide the rest."""
    client = signed_in(owner)
    brand = brand_profile(tenant=owner.tenant)
    account = social_account(tenant=owner.tenant)
    for _ in range(3):
        for row in (brand, account, owner):
            assert client.get(row_address(type(row), row.pk)).status_code == 200

    assert sorted(entries()) == [
        ("read_brand_profile", "brand_profile", brand.pk, "t1", True),
        ("read_social_account", "social_account", account.pk, "t1", True),
        ("read_user", "user", owner.pk, "t1", True),
    ]


def test_another_hour_and_another_person_leave_entries_of_their_own(owner, signed_in, monkeypatch):
    admin = person(tenant=owner.tenant, role="admin")
    brand = brand_profile(tenant=owner.tenant)
    for hour in (10, 11):
        monkeypatch.setattr(access, "now", lambda hour=hour: dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC))
        for who in (owner, admin):
            signed_in(who).get(row_address(BrandProfile, brand.pk))

    assert len(entries()) == 4


def test_the_form_shows_the_row_too(client_of_operator):
    who = person(tenant=tenant(tenant_id="t1"))

    client_of_operator.get(f"{row_address(User, who.pk)}change/")

    assert entries() == [("read_user", "user", who.pk, "t1", True)]


def test_a_tenants_page_is_recorded_of_people_of_the_platform_alone(owner, client_of_operator, signed_in):
    signed_in(owner).get(row_address(Tenant, "t1"))
    assert entries() == []

    client_of_operator.get(row_address(Tenant, "t1"))

    assert entries() == [("read_tenant", "tenant", "t1", "t1", True)]


def test_opening_an_entry_is_recorded(owner, signed_in):
    entry = audit_entry(resource_id="p")

    signed_in(person(tenant=Tenant.objects.get(pk=entry.tenant_id), role="owner")).get(f"/audit/{entry.pk}/")

    assert entries() == [("read_audit_log", "audit_log", entry.pk, entry.tenant_id, True)]


def test_work_that_is_nobodys_leaves_none(owner, signed_in):
    row = content_template(tenant=owner.tenant)

    signed_in(owner).get(row_address(type(row), row.pk))

    assert entries() == []


def test_a_refusal_is_recorded(owner, signed_in):
    member = person(tenant=owner.tenant, role="member")

    assert signed_in(member).get("/data/tenants/user/").status_code == 403
    assert signed_in(member).get("/operations/sql/").status_code == 403

    assert sorted(entries()) == [
        ("deny_access", "page", "/data/tenants/user/", "t1", False),
        ("deny_access", "page", "/operations/sql/", "t1", False),
    ]


def test_a_flood_of_refusals_is_one_a_minute(owner, signed_in):
    """Dies where somebody can fill the log by asking over and over again."""
    client = signed_in(person(tenant=owner.tenant, role="member"))
    for _ in range(5):
        client.get("/data/tenants/user/")
    client.post("/data/tenants/user/export/")

    assert len(entries()) <= 3  # another method, another address, perhaps another minute


def test_who_reaches_nothing_leaves_none():
    with acting(Scope(request_id="r", actor_id="ghost")):
        record_denial("GET", "/x")

    assert AuditLog.objects.count() == 0


def test_strangers_leave_no_refusals(client):
    """They are sent to the door; a flood of them would hide the rest."""
    client.get("/data/tenants/user/")
    client.post("/login/", {})

    assert "deny_access" not in {entry[0] for entry in entries()}


def test_a_read_is_one_statement(owner, signed_in):
    brand = brand_profile(tenant=owner.tenant)
    client = signed_in(owner)
    client.get(row_address(BrandProfile, brand.pk))

    with connection.execute_wrapper(lambda execute, sql, *rest: inserted.append(sql) or execute(sql, *rest)):
        inserted: list[str] = []
        client.get(row_address(BrandProfile, brand.pk))

    assert sum("INSERT INTO audit_logs" in sql for sql in inserted) == 1
