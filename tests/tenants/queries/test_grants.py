"""Reads of single grants; who may make them is tested with the service (`tests/tenants/services/test_grants.py`)."""

import pytest

from content.models import ContentTemplate
from tenants.queries.grants import access_to, granted
from tenants.services.grants import VERBS
from tests.factories.content import content_template
from tests.factories.tenants import person

pytestmark = pytest.mark.django_db


def test_without_grants_there_are_none():
    row = content_template()

    assert granted(person(tenant=row.tenant), ContentTemplate, [row.pk]) == {}
    assert granted(person(tenant=row.tenant), ContentTemplate, []) == {}


def test_who_may_by_role_is_listed_by_address():
    row = content_template()
    for role, email in (("viewer", "c@example.com"), ("owner", "b@example.com"), ("member", "a@example.com")):
        person(tenant=row.tenant, role=role, email=email)
    person(role="owner")

    found = access_to(row, VERBS["content_template"])

    assert [(one.person.email, one.grant) for one in found] == [("a@example.com", None), ("b@example.com", None)]
