import pytest

from ndsadmin.tables import search
from ndsadmin.tables.search import keys_of, searched
from publishing.models import PublishedPost
from security.models import AuditSeal
from tenants.models import Tenant, User
from tests.arranging import arranging
from tests.factories.publishing import post
from tests.factories.tenants import person, tenant
from tests.ndsadmin.tables.conftest import keys, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]


@pytest.fixture
def tenants():
    for key, name in (("t_1", "Next Day Steel"), ("t%2", "NEXT Generation"), ("tx1", "Älpler"), ("nex", "Other")):
        tenant(tenant_id=key, name=name)


FOUND = [
    ("next", ["t%2", "t_1"]),
    ("NEXT DAY", ["t_1"]),
    ("steel", []),  # the beginning, not anywhere
    ("t_", ["t_1"]),  # LIKE would find tx1 as well
    ("t%", ["t%2"]),
    ("nex", ["nex", "t%2", "t_1"]),
    ("Älp", ["tx1"]),
]


@pytest.mark.parametrize(("words", "found"), FOUND)
def test_a_row_is_found_by_how_a_name_or_its_key_begins(tenants, words, found):
    assert sorted(keys(page(Tenant, f"q={words.replace('%', '%25')}"))) == sorted(found)


@pytest.mark.parametrize(("words", "found"), FOUND)
def test_what_many_rows_begin_with_is_asked_row_by_row(tenants, words, found, monkeypatch):
    """The other way of finding finds the same."""
    monkeypatch.setattr(search, "FEW", 0)

    assert sorted(keys(page(Tenant, f"q={words.replace('%', '%25')}"))) == sorted(found)


def test_rows_that_match_twice_hide_no_other(monkeypatch):
    """Dies where keys are counted once each: those found by name and key would use up the limit."""
    monkeypatch.setattr(search, "FEW", 6)
    for number in range(6):
        tenant(tenant_id=f"zz{number}", name=f"ZZ {number}" if number < 4 else "Other")

    assert len(page(Tenant, "q=zz").rows) == 6
    assert len(keys_of(Tenant.objects.all(), ["name", "tenant_id"], "zz", 5)) == 5


def test_a_search_and_a_filter_narrow_together(tenants):
    with arranging():
        Tenant.objects.filter(pk="t%2").update(status="suspended")

    assert keys(page(Tenant, "q=next&status=suspended")) == ["t%2"]


def test_people_are_found_by_address_and_name():
    one = person(email="Ada@example.com", full_name="Ada Lovelace")

    for words in ("ada@", "ADA LOV", one.pk[:8]):
        assert keys(page(User, f"q={words}")) == [one.pk]


def test_posts_are_found_by_campaign():
    row = post(campaign_id="spring_2026")

    assert keys(page(PublishedPost, "q=spring")) == [row.pk]


def test_only_what_is_seen_is_searched():
    """Dies where a masked or hidden column is searched: its answers would tell."""
    seen = [field for field in User._meta.concrete_fields if field.name != "email"]

    assert searched(User, seen) == ["full_name", "user_id"]
    assert "password" not in searched(User, list(User._meta.concrete_fields))
    assert searched(AuditSeal, list(AuditSeal._meta.concrete_fields)) == []
