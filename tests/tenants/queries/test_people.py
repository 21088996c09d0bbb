import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.queries import people
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 30])
def test_one_person_and_thirty_cost_the_same(number):
    home = tenant()
    for _ in range(number):
        person(tenant=home)

    with CaptureQueriesContext(connection) as asked:
        found = people.people_of_tenant(home.pk)

    assert len(found.lines) == number
    assert len(asked) == 3


def test_people_come_in_pages(monkeypatch):
    home = tenant()
    monkeypatch.setattr(people, "PAGE", 2)
    for name in "cab":
        person(tenant=home, email=f"{name}@example.com")

    first = people.people_of_tenant(home.pk)
    second = people.people_of_tenant(home.pk, first.after)

    assert [line.person.email for line in first.lines] == ["a@example.com", "b@example.com"]
    assert ([line.person.email for line in second.lines], second.after) == (["c@example.com"], "")


def test_who_was_removed_is_in_a_list_of_his_own():
    home = tenant()
    gone, here = person(tenant=home, status="deleted"), person(tenant=home)

    assert [line.person.pk for line in people.people_of_tenant(home.pk).lines] == [here.pk]
    assert [line.person.pk for line in people.people_of_tenant(home.pk, removed=True).lines] == [gone.pk]


@pytest.mark.parametrize(("stored", "may"), [("owner", True), ("admin", True), ("member", False), ("viewer", False)])
def test_who_manages_people_of_a_tenant(stored, may):
    home = tenant()

    assert people.may_manage(person(tenant=home, role=stored), home.pk) is may
    assert people.may_manage(person(role=stored), home.pk) is False


@pytest.mark.parametrize(("stored", "tenants", "platform"), [
    ("owner", True, True), ("admin", True, False), ("member", False, False), ("viewer", False, False),
])  # fmt: skip
def test_what_people_of_the_platform_manage(stored, tenants, platform):
    who = platform_person(role=stored)

    assert people.may_manage(who, tenant().pk) is tenants
    assert people.may_manage(who, "platform") is platform
