import pytest

from content.leaks import TermKind
from content.queries.brands import terms_of_tenant
from tests.factories.content import knowledge_entry
from tests.factories.publishing import social_account
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_everything_that_names_a_tenant_is_a_term(django_assert_num_queries):
    home = tenant(tenant_id="tenant_501", name="Cobalt Cycles Ltd")
    brand_profile(
        tenant=home, palette=["#0047AB", "blue"], typography={"body": "Lora Bold 16pt", "odd": 3},
        lexicon={"products": "Pannier", "deep": [{"word": "velodrome"}]}, messaging={"taglines": ["Further, on less"]},
    )  # fmt: skip
    knowledge_entry(tenant=home, title="House rules")
    social_account(tenant=home, account_handle="@rideout", account_name="Ride Out")
    person(tenant=home, email="a@cobaltcycles.example")
    person(tenant=home, email="b@gmail.com")
    knowledge_entry(title="Next door")

    with django_assert_num_queries(4):
        terms = terms_of_tenant(home)

    found = {(term.kind, term.text) for term in terms.terms}
    assert found == {
        (TermKind.TENANT, "tenant_501"), (TermKind.TENANT, "Cobalt Cycles Ltd"),
        (TermKind.TENANT, "Cobalt Cycles"), (TermKind.TENANT, "Ride Out"),
        (TermKind.PRODUCT, "Pannier"), (TermKind.LEXICON, "velodrome"), (TermKind.MESSAGE, "Further, on less"),
        (TermKind.TYPEFACE, "Lora"), (TermKind.KNOWLEDGE, "House rules"), (TermKind.HANDLE, "@rideout"),
        (TermKind.DOMAIN, "cobaltcycles.example"), (TermKind.DOMAIN, "cobaltcycles"),
    }  # fmt: skip
    assert terms.palette == ("#0047ab",)


def test_a_tenant_without_a_brand_has_its_name_and_key():
    home = tenant(tenant_id="tenant_501", name="Plain")

    assert [term.text for term in terms_of_tenant(home).terms] == ["Plain", "tenant_501"]
