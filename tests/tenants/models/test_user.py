import pytest
from django.contrib.auth.models import Group
from django.db import connection

from tenants.models import User
from tests.factories.tenants import PASSWORD, person

pytestmark = pytest.mark.django_db


def test_the_password_is_stored_as_the_plain_bcrypt_that_workers_read():
    who = person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password_hash FROM users WHERE user_id = %s", [who.pk])
        (stored,) = cursor.fetchone()

    assert stored.startswith("$2b$")
    assert User.objects.get(pk=who.pk).password == f"bcrypt${stored}"


@pytest.mark.parametrize("version", ["2a", "2b", "2y"])
def test_hashes_of_every_bcrypt_version_are_understood(version):
    who = person()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE users SET password_hash = replace(password_hash, '$2b$', %s)", [f"${version}$"])

    assert User.objects.get(pk=who.pk).check_password(PASSWORD)


def test_checking_a_password_writes_nothing(django_assert_num_queries):
    who = person()

    with django_assert_num_queries(0):
        assert who.check_password(PASSWORD)


def test_a_person_has_groups_for_single_grants():
    who = person()
    group = Group.objects.create(name="t1:editors")

    who.groups.add(group)

    assert list(group.user_set.all()) == [who]
    assert User.groups.through._meta.db_table == "user_groups"


def test_the_same_address_in_two_tenants_is_two_people():
    assert person(email="ada@example.com").pk != person(email="ada@example.com").pk
