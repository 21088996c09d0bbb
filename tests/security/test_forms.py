"""The form behind every row, through the page that shows it."""

import pytest
from django.db import connection

from security.forms import MEANWHILE, STALE
from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.analytics import sync_error
from tests.factories.content import knowledge_entry
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return tenant(tenant_id="t_1", name="Old", settings={"a": 1})


@pytest.fixture
def answer(client_of_operator, row):
    """Fetch the form, change some fields, and send it."""
    page = client_of_operator.get("/data/tenants/tenant/t_5F1/change/")
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}

    def send(**changed):
        values = {**shown, "reason": "They asked.", **changed}
        filled = {name: "" if value is None else value for name, value in values.items()}
        return client_of_operator.post("/data/tenants/tenant/t_5F1/change/", filled)

    return send


def errors(response) -> list[str]:
    return [error for found in response.context["adminform"].form.errors.values() for error in found]


def test_saving_stores_the_change_and_its_entry(answer, row, operator):
    response = answer(name="New")

    assert (response.status_code, response["Location"]) == (302, "../")
    assert Tenant.objects.get(pk=row.pk).name == "New"
    entry = AuditLog.objects.get(action="update_tenant")
    assert (entry.user_id, entry.metadata) == (
        operator.pk,
        {"changes": {"name": ["Old", "New"]}, "reason": "They asked."},
    )


def test_a_column_that_both_changed_is_shown_again_and_not_stored(answer, row):
    """Dies with the values in `seen`: the worker's name would be overwritten."""
    Tenant.objects.filter(pk=row.pk).update(name="By a worker")

    response = answer(name="New")

    assert errors(response) == [MEANWHILE.format("By a worker")]
    assert Tenant.objects.get(pk=row.pk).name == "By a worker"


def test_a_document_that_both_changed_counts_too(answer, row):
    Tenant.objects.filter(pk=row.pk).update(settings={"a": 2})

    assert errors(answer(settings='{"a": 3}')) == [MEANWHILE.format('{\n  "a": 2\n}')]


def test_a_column_that_only_a_worker_changed_keeps_his_value(answer, row):
    """Dies where the form writes what it showed: a suspended tenant would be active again."""
    Tenant.objects.filter(pk=row.pk).update(status="suspended", stripe_customer_id="cus_new")

    assert answer(name="New").status_code == 302

    assert Tenant.objects.values_list("name", "status", "stripe_customer_id").get(pk=row.pk) == (
        "New",
        "suspended",
        "cus_new",
    )


def resent(response) -> dict[str, str]:
    """What the browser sends when the shown form is sent as it stands."""
    form = response.context["adminform"].form
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_saving_again_after_the_warning_is_a_decision_about_that_column_alone(client_of_operator, answer, row):
    Tenant.objects.filter(pk=row.pk).update(name="By a worker", status="suspended")

    client_of_operator.post("/data/tenants/tenant/t_5F1/change/", resent(answer(name="New")))

    assert Tenant.objects.values_list("name", "status").get(pk=row.pk) == ("New", "suspended")


@pytest.mark.parametrize("seen", ["", "forged", "forged:signature"])
def test_a_forged_digest_is_no_digest(answer, row, seen):
    assert errors(answer(name="New", seen=seen)) == [STALE]


def test_a_change_without_a_reason_is_refused_where_one_is_asked_for(answer, row):
    assert errors(answer(name="New", reason="")) == ["This field is required."]


def test_an_unknown_value_elsewhere_is_no_obstacle_and_is_kept(client_of_operator, row):
    Tenant.objects.filter(pk=row.pk).update(tier="platinum")
    form = client_of_operator.get("/data/tenants/tenant/t_5F1/change/").context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}

    client_of_operator.post("/data/tenants/tenant/t_5F1/change/", {**values, "name": "New", "reason": "They asked."})

    assert Tenant.objects.values_list("name", "tier").get(pk=row.pk) == ("New", "platinum")


def test_broken_json_is_shown_as_it_is_and_asked_to_be_mended(answer, row):
    response = answer(settings='{"a": ')

    assert errors(response) == ["Enter a valid JSON."]
    assert Tenant.objects.get(pk=row.pk).settings == {"a": 1}


def test_settings_have_to_be_an_object(answer):
    assert errors(answer(settings="[1]")) == ["Expected an object such as {}, got list."]


def test_columns_that_the_form_does_not_show_cannot_be_set(answer, row):
    answer(name="New", region="us-east", kms_key_id="kms://stolen", tenant_id="t_2")

    assert Tenant.objects.values_list("tenant_id", "region", "kms_key_id").get(name="New") == (
        "t_1",
        "eu-west",
        row.kms_key_id,
    )


@pytest.mark.parametrize(("column", "value"), [("tier", None), ("status", ""), ("subscription_status", None)])
def test_a_column_without_a_value_keeps_none(client_of_operator, row, column, value):
    """Dies where the first option stands for none: a rename would activate and downgrade a tenant."""
    Tenant.objects.filter(pk=row.pk).update(**{column: value})
    page = client_of_operator.get("/data/tenants/tenant/t_5F1/change/")

    client_of_operator.post(
        "/data/tenants/tenant/t_5F1/change/", {**resent(page), "name": "New", "reason": "They asked."}
    )

    assert Tenant.objects.values_list("name", column).get(pk=row.pk) == ("New", value)


def test_what_was_not_touched_is_not_even_read(client_of_operator):
    """Broken values elsewhere, and line ends as browsers send them, are no obstacle and are kept."""
    entry = knowledge_entry(content="one\ntwo", entry_type="scroll", title="Old")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE brand_knowledge_entries SET metadata = '{broken'")
    address = f"/data/content/brandknowledgeentry/{entry.pk}/change/"
    sent = {**resent(client_of_operator.get(address)), "title": "New", "content": "one\r\ntwo"}

    assert client_of_operator.post(address, sent).status_code == 302

    with connection.cursor() as cursor:
        cursor.execute("SELECT title, content, entry_type, metadata FROM brand_knowledge_entries")
        assert cursor.fetchone() == ("New", "one\ntwo", "scroll", "{broken")
    assert list(AuditLog.objects.get().metadata["changes"]) == ["title"]


def test_a_time_in_the_workers_other_form_can_be_changed(client_of_operator):
    error = sync_error()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE analytics_sync_errors SET resolved_at = '2026-11-22T10:00:00.123Z'")
    address = f"/data/analytics/analyticssyncerror/{error.pk}/change/"
    sent = resent(client_of_operator.get(address))

    assert client_of_operator.post(address, {**sent, "resolved_at": ""}).status_code == 302

    error.refresh_from_db()
    assert error.resolved_at is None


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1e999}', "[" * 5000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_told_and_no_error(answer, text):
    assert errors(answer(settings=text)) == ["Enter a valid JSON."]


def test_half_a_character_can_be_kept(answer, row):
    assert answer(settings='{"a": "\\ud83d"}').status_code == 302

    row.refresh_from_db()
    assert row.settings == {"a": "\ud83d"}
