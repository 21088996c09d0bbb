"""The form behind every row, through the page that shows it."""

import pytest

from security.forms import STALE
from security.models import AuditLog
from tenants.models import Tenant
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


def test_a_row_that_changed_meanwhile_is_shown_again_and_not_stored(answer, row):
    """Dies with the digest in `seen`: the worker's name would be overwritten."""
    Tenant.objects.filter(pk=row.pk).update(name="By a worker")

    response = answer(name="New")

    assert errors(response) == [STALE]
    assert Tenant.objects.get(pk=row.pk).name == "By a worker"


def test_a_document_that_changed_meanwhile_counts_too(answer, row):
    Tenant.objects.filter(pk=row.pk).update(settings={"a": 2})

    assert errors(answer(name="New")) == [STALE]


def test_saving_again_after_the_warning_is_a_decision(client_of_operator, answer, row):
    Tenant.objects.filter(pk=row.pk).update(name="By a worker")
    shown = answer(name="New").context["adminform"].form
    renewed = {name: "" if shown[name].value() is None else shown[name].value() for name in shown.fields}

    client_of_operator.post("/data/tenants/tenant/t_5F1/change/", renewed)

    assert Tenant.objects.get(pk=row.pk).name == "New"


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
