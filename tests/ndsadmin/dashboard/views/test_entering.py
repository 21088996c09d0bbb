import re

import pytest

from security.models import AuditLog
from tests.factories import content, security
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


def enter(client, one, reason="Case 4711"):
    return client.post("/tenants/enter/", {"tenant": one.pk, "reason": reason})


def test_who_entered_sees_one_tenant_alone_and_is_told_so(client_of_operator):
    one, other = tenant(name="Next Day Steel"), tenant(name="Harbour Coffee")

    assert enter(client_of_operator, one)["Location"] == "/"

    page = client_of_operator.get("/data/tenants/tenant/").content.decode()
    assert "You work in <strong>Next Day Steel</strong> as operator" in page
    assert "Case 4711" in page
    assert "Harbour Coffee" not in page
    assert client_of_operator.get(f"/data/tenants/tenant/{other.pk}/").status_code == 404
    assert client_of_operator.get("/").status_code == 200


def test_leaving_leads_back_to_all(client_of_operator):
    one, other = tenant(), tenant(name="Harbour Coffee")
    enter(client_of_operator, one)

    client_of_operator.post("/tenants/leave/")

    page = client_of_operator.get("/data/tenants/tenant/").content.decode()
    assert "Harbour Coffee" in page
    assert "You work in" not in page
    assert client_of_operator.get(f"/data/tenants/tenant/{other.pk}/").status_code == 200
    actions = set(AuditLog.objects.values_list("action", "tenant_id"))
    assert {("enter_tenant", one.pk), ("leave_tenant", one.pk)} <= actions


def test_from_one_tenant_into_another(client_of_operator):
    """The switcher finds all tenants, also out of one: and that crossing is recorded."""
    one, other = tenant(), tenant(name="Harbour Coffee")
    enter(client_of_operator, one)

    assert "Harbour Coffee" in client_of_operator.get("/tenants/enter/?q=harb").content.decode()
    assert AuditLog.objects.filter(action="cross_tenants").count() == 1
    enter(client_of_operator, other)

    assert "You work in <strong>Harbour Coffee</strong>" in client_of_operator.get("/").content.decode()
    assert AuditLog.objects.filter(action="leave_tenant", tenant_id=one.pk).count() == 1


def test_without_a_reason_nothing_is_entered(client_of_operator):
    response = enter(client_of_operator, tenant(), reason=" ")

    assert response.status_code == 400
    assert "reason: expected why you enter" in response.content.decode()
    assert "You work in" not in client_of_operator.get("/").content.decode()


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_people_of_tenants_find_no_switch(signed_in, role):
    who, other = person(role=role), tenant()
    client = signed_in(who)

    assert client.get("/tenants/enter/").status_code == 403
    assert enter(client, other).status_code == 403
    assert client.post("/tenants/leave/").status_code == 403
    assert "Enter a tenant" not in client.get("/").content.decode()


def test_a_session_that_says_otherwise_does_not_move_people_of_tenants(signed_in):
    """Dies where the pinned tenant of a session counts for anybody."""
    who, other = person(role="owner"), content.skill()
    client = signed_in(who)
    session = client.session
    session["pinned_tenant"] = {"tenant_id": "platform", "name": "x", "reason": "x"}
    session.save()

    page = client.get("/data/tenants/tenant/").content.decode()
    assert who.tenant.name in page
    assert other is not None


def test_preferences_and_signing_out_work_in_a_tenant(client_of_operator, operator):
    """Both write rows of the tenant platform out of another's scope."""
    enter(client_of_operator, tenant())

    assert client_of_operator.post("/data/tenants/tenant/columns/", {"column": ["name"]}).status_code == 302
    assert client_of_operator.post("/logout/")["Location"] == "/login/"
    assert AuditLog.objects.filter(action="logout", tenant_id="platform", user=operator).exists()


def test_a_list_in_a_tenant_neither_names_it_in_every_row_nor_asks_for_it(client_of_operator):
    one = security.audit_entry().tenant
    before = client_of_operator.get("/data/security/auditlog/").content.decode()
    enter(client_of_operator, one)
    page = client_of_operator.get("/data/security/auditlog/").content.decode()

    assert '<select id="filter-tenant"' in before
    assert '<select id="filter-tenant"' not in page
    assert 'data-label="Tenant"' not in page
    assert 'data-label="Action"' in page


def test_who_is_not_of_the_workspace_is_not_named(client_of_operator, signed_in):
    """The operator's visit is in the tenant's trail; his name and address are the platform's."""
    owner = person(role="owner")
    enter(client_of_operator, owner.tenant)

    page = signed_in(owner).get("/data/security/auditlog/").content.decode()
    assert "outside this workspace" in page
    assert "operator@platform.example" not in page


def test_signing_out_ends_the_visit(client_of_operator):
    one = tenant()
    enter(client_of_operator, one)

    client_of_operator.post("/logout/")

    assert AuditLog.objects.filter(action="leave_tenant", tenant_id=one.pk).count() == 1


@pytest.mark.parametrize("who", ["operator", "auditor", "support"])
def test_no_link_in_a_tenant_leads_nowhere(who, signed_in, request):
    """What is the platform's alone is not in a tenant: neither in the menu nor in counts."""
    client, entry = signed_in(request.getfixturevalue(who)), security.audit_entry()
    enter(client, entry.tenant)
    pages = ["/", "/data/", f"/data/tenants/tenant/{entry.tenant_id}/"]
    pages += [f"/data/security/auditlog/{entry.pk}/", "/data/security/auditlog/"] if who != "support" else []

    links = set()
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        links |= {href for href in re.findall(r'href="(/[^"#?]*)', answer.content.decode()) if "static" not in href}

    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_the_usual_columns_of_a_tenant_are_no_choice_of_ones_own(client_of_operator):
    """Dies where saving what is shown in a tenant takes the tenant's column away everywhere else."""
    one = security.audit_entry().tenant
    enter(client_of_operator, one)
    page = client_of_operator.get("/data/security/auditlog/").context["page"]

    client_of_operator.post("/data/security/auditlog/columns/", {"column": list(page.choice.shown)})
    client_of_operator.post("/tenants/leave/")

    assert 'data-label="Tenant"' in client_of_operator.get("/data/security/auditlog/").content.decode()
