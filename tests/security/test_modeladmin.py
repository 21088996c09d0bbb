"""Who may open and change which table, asked of every page of every table."""

import pytest
from django.contrib import admin
from django.urls import reverse

from security.contract import Writer, contract_tables
from security.modeladmin import TableAdmin
from security.roles import Role, Verb, may
from tenants.models import Tenant, User
from tests.factories.content import content_template
from tests.factories.tenants import tenant

TABLES = {model._meta.db_table: table for model, table in admin.site.tables().items()}
ROLES = {"operator": Role.OPERATOR, "auditor": Role.AUDITOR, "support": Role.SUPPORT}


def address(table: TableAdmin, page: str, *args: str) -> str:
    return reverse(f"admin:{table.opts.app_label}_{table.opts.model_name}_{page}", args=args)


def test_all_thirty_tables_are_registered_and_no_other():
    assert set(TABLES) == {model._meta.db_table for model in contract_tables()}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("table", TABLES)
def test_a_list_opens_for_the_roles_of_the_matrix_alone(who, table, request, signed_in):
    """Dies with has_view_permission or with its check in the site."""
    client = signed_in(request.getfixturevalue(who))

    status = client.get(address(TABLES[table], "changelist")).status_code

    assert status == (200 if may(ROLES[who], Verb.VIEW, table) else 403)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("table", TABLES)
def test_adding_is_for_the_roles_of_the_matrix_alone(who, table, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    allowed = may(ROLES[who], Verb.ADD, table)

    assert client.get(address(TABLES[table], "add")).status_code == (200 if allowed else 403)
    assert client.post(address(TABLES[table], "add"), {}).status_code == (200 if allowed else 403)


@pytest.mark.parametrize("table", TABLES)
def test_what_the_workers_write_has_no_form(table):
    """domain.md: of the workers' tables, the dashboard writes one column of the sync errors alone."""
    writer, fields = TABLES[table].model.writer, TABLES[table].fields

    if writer is not Writer.DASHBOARD:
        assert fields == (("resolved_at",) if table == "analytics_sync_errors" else ())


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["auditor", "support"])
def test_who_may_not_change_is_sent_to_the_row_and_nothing_is_stored(who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    tenant(tenant_id="t1", name="Old")

    asked = client.get("/data/tenants/tenant/t1/change/")
    sent = client.post("/data/tenants/tenant/t1/change/", {"name": "New", "reason": "Because."})

    assert (asked.status_code, asked["Location"], sent.status_code) == (302, "../", 403)
    assert Tenant.objects.get(pk="t1").name == "Old"


@pytest.mark.django_db
def test_nobody_deletes(client_of_operator):
    content_template(template_id="k1")

    assert client_of_operator.post("/data/content/contenttemplate/k1/delete/", {"post": "yes"}).status_code in {
        404,
        405,
    }
    assert client_of_operator.delete("/data/content/contenttemplate/k1/").status_code == 405


@pytest.mark.django_db
def test_a_new_row_is_stored_and_shown(client_of_operator):
    owner = tenant()
    values = {"tenant": owner.pk, "name": "Story", "template_type": "story", "platform": "all", "structure": "{}"}

    response = client_of_operator.post(
        "/data/content/contenttemplate/add/", {**values, "status": "active"}, follow=True
    )

    assert response.status_code == 200
    assert response.context["row"].title == "Story"


@pytest.mark.django_db
def test_a_tenant_is_not_changed_afterwards(client_of_operator):
    template = content_template(name="Old")
    page = client_of_operator.get(f"/data/content/contenttemplate/{template.pk}/change/")

    assert "tenant" not in page.context["adminform"].form.fields


@pytest.mark.django_db
def test_a_form_has_no_scripts_of_djangos(client_of_operator):
    tenant(tenant_id="t1")

    page = client_of_operator.get("/data/tenants/tenant/t1/change/").content.decode()

    assert "jquery" not in page
    assert "admin/js" not in page


@pytest.mark.django_db
def test_the_power_of_a_person_is_not_changed_in_a_table(client_of_operator, operator):
    client_of_operator.post(
        f"/data/tenants/user/{operator.pk}/change/", {"full_name": "New", "role": "viewer", "status": "suspended"}
    )

    assert User.objects.values_list("role", "status").get(pk=operator.pk) == ("owner", "active")
