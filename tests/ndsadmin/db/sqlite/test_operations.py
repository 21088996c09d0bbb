import pytest
from django.core.management import call_command
from django.db.models import Max
from django.utils import timezone

from security.models import Session
from tenants.models import Tenant, User
from tests.factories.tenants import person


@pytest.mark.django_db
def test_djangos_own_times_are_still_times():
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())

    assert Session.objects.get().expire_date.tzinfo is not None


@pytest.mark.django_db
def test_an_aggregate_of_our_times_is_a_time():
    who = person()

    assert User.objects.aggregate(last=Max("created_at"))["last"] == who.created_at


@pytest.mark.django_db(transaction=True)
def test_all_tables_are_emptied_in_whatever_order():
    """Dies with the deferred check: some table would go before the one that points at it."""
    person()

    call_command("flush", verbosity=0, interactive=False)

    assert (Tenant.objects.count(), User.objects.count()) == (0, 0)
