"""What is done to a list: rows that are changed together, columns that a person chooses."""

import pytest

from content.models import ContentTemplate
from security.models import AuditLog
from tenants.models import Preference
from tests.factories.analytics import sync_error
from tests.factories.content import content_template

pytestmark = pytest.mark.django_db
TEMPLATES = "/data/content/contenttemplate/"


def test_selected_rows_are_changed_together_each_with_its_entry(client_of_operator):
    rows = [content_template() for _ in range(3)]

    done = client_of_operator.post(
        f"{TEMPLATES}bulk/?tenant={rows[0].tenant_id}",
        {"action": "archive", "row": [row.pk for row in rows[:2]], "reason": "Out of season."},
        follow=True,
    )

    assert done.redirect_chain == [(f"{TEMPLATES}?tenant={rows[0].tenant_id}", 302)]
    assert "2 rows archived." in done.content.decode()
    assert sorted(ContentTemplate.objects.values_list("status", flat=True)) == ["active", "archived", "archived"]
    entries = AuditLog.objects.filter(action="update_content_template")
    assert {entry.resource_id for entry in entries} == {row.pk for row in rows[:2]}
    assert {entry.metadata["reason"] for entry in entries} == {"Out of season."}


def test_rows_that_are_so_already_are_left_alone(client_of_operator):
    row = content_template(status="archived")

    done = client_of_operator.post(f"{TEMPLATES}bulk/", {"action": "archive", "row": [row.pk]}, follow=True)

    assert "0 rows archived." in done.content.decode()
    assert not AuditLog.objects.filter(action="update_content_template").exists()


def test_an_error_is_resolved_and_opened_again(client_of_operator):
    row = sync_error()
    address = "/data/analytics/analyticssyncerror/bulk/"

    client_of_operator.post(address, {"action": "resolve", "row": [row.pk]})
    row.refresh_from_db()
    assert row.resolved_at is not None
    client_of_operator.post(address, {"action": "reopen", "row": [row.pk]})
    row.refresh_from_db()
    assert row.resolved_at is None


@pytest.mark.parametrize("rows", [[], [f"k{n}" for n in range(51)]], ids=["none", "more than a page"])
def test_a_page_of_rows_at_most_and_one_at_least(client_of_operator, rows):
    done = client_of_operator.post(f"{TEMPLATES}bulk/", {"action": "archive", "row": rows}, follow=True)

    assert "Select 1 to 50 rows first." in done.content.decode()


@pytest.mark.parametrize("who", ["auditor", "support"])
def test_who_may_not_change_is_refused_and_offered_nothing(who, signed_in, request):
    """Dies where the list alone hides the buttons."""
    client = signed_in(request.getfixturevalue(who))
    row = content_template()

    assert client.post(f"{TEMPLATES}bulk/", {"action": "archive", "row": [row.pk]}).status_code == 403
    if who == "auditor":
        assert client.get(TEMPLATES).context["page"].bulk == ()


@pytest.mark.parametrize("action", ["", "delete", "resolve"])
def test_only_what_the_table_offers_is_done(client_of_operator, action):
    row = content_template()

    assert client_of_operator.post(f"{TEMPLATES}bulk/", {"action": action, "row": [row.pk]}).status_code == 400


def test_a_person_chooses_columns_and_keeps_them(client_of_operator, auditor, signed_in):
    content_template()

    done = client_of_operator.post(
        f"{TEMPLATES}columns/?sort=name", {"column": ["status", "name", "settings", "structure"], "density": "compact"}
    )

    assert done["Location"] == f"{TEMPLATES}?sort=name"
    page = client_of_operator.get(TEMPLATES).context["page"]
    assert [column.name for column in page.columns] == ["name", "status", "structure"]
    assert page.choice.density == "compact"
    assert client_of_operator.get("/data/tenants/tenant/").context["page"].choice.density == "compact"
    assert len(signed_in(auditor).get(TEMPLATES).context["page"].columns) == 8
    assert AuditLog.objects.filter(action="update_preference").count() == 2


def test_the_usual_columns_come_back(client_of_operator):
    content_template()
    client_of_operator.post(f"{TEMPLATES}columns/", {"column": ["name"], "density": "roomy"})
    client_of_operator.post(f"{TEMPLATES}columns/", {"reset": ""})

    assert len(client_of_operator.get(TEMPLATES).context["page"].columns) == 8
    assert not Preference.objects.exists()


def test_a_column_that_is_hidden_by_now_is_not_shown(support, signed_in):
    """Dies where a remembered choice is believed: roles change."""
    Preference.objects.create(user=support, name="columns:tenants", value=["name", "settings"])

    page = signed_in(support).get("/data/tenants/tenant/").context["page"]

    assert [column.name for column in page.columns] == ["name"]


def test_no_secret_can_be_chosen(client_of_operator):
    client_of_operator.post("/data/tenants/user/columns/", {"column": ["email", "password", "mfa_secret"]})

    assert [c.name for c in client_of_operator.get("/data/tenants/user/").context["page"].columns] == ["email"]
