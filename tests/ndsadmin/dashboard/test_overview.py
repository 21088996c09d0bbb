import pytest

from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def test_the_dashboard_costs_the_same_queries_however_much_there_is(client_of_operator, django_assert_num_queries):
    for _ in range(3):
        tenant()

    with django_assert_num_queries(5):  # session, person, tenants by status, all tables, newest entries
        client_of_operator.get("/")


def test_every_number_leads_to_its_rows(client_of_operator):
    tenant(status="suspended", tenant_id="t1")
    overview = client_of_operator.get("/").context["overview"]

    card = next(card for card in overview.tenants if card.label == "Suspended")
    rows = client_of_operator.get(card.address).context["page"].rows

    assert (card.number, [row.address for row in rows]) == (1, ["/data/tenants/tenant/t1/"])


def test_support_sees_no_audit_entries_and_no_other_tables(support, signed_in):
    overview = signed_in(support).get("/").context["overview"]

    assert overview.newest == []
    assert [section.title for section, _ in overview.sections] == ["Tenants", "Publishing", "Analytics"]
