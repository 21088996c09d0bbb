import pytest

from ndsadmin.tables.labels import labels_for, mask, named, names_of
from publishing.models import PublishedPost
from security.models import AuditLog
from security.roles import Role
from tenants.models import Tenant, User
from tests.factories.publishing import post
from tests.factories.tenants import person

pytestmark = pytest.mark.django_db


def test_names_cost_one_query_a_table(django_assert_num_queries):
    rows = [post() for _ in range(3)]
    fields = [PublishedPost._meta.get_field(name) for name in ("tenant", "account", "content")]

    values = [[field.value_from_object(row) for field in fields] for row in rows]

    with django_assert_num_queries(2):
        labels = labels_for(values, fields, Role.OPERATOR)
    with django_assert_num_queries(1):
        assert labels_for(values, fields, Role.OPERATOR, {Tenant: labels[Tenant]}) == labels

    assert labels[Tenant] == {row.tenant_id: row.tenant.name for row in rows}


def test_names_are_masked_or_withheld_as_the_role_demands():
    who = person(email="ada@example.com")

    assert names_of(User, {who.pk}, Role.OPERATOR) == {who.pk: "ada@example.com"}
    assert names_of(User, {who.pk}, Role.SUPPORT) == {who.pk: "…@example.com"}
    assert names_of(User, {who.pk}, Role.MEMBER) == {}
    assert names_of(User, {who.pk}, None) == {}


@pytest.mark.parametrize(("address", "shown"), [("ada@example.com", "…@example.com"), ("ada", "…"), ("", "…")])
def test_of_an_address_only_the_domain_is_left(address, shown):
    assert mask(address) == shown


def test_rows_known_by_their_key_alone_have_no_name():
    assert named(Tenant)
    assert not named(PublishedPost)
    assert named(AuditLog)
