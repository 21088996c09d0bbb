import datetime as dt

import pytest

from security.columns import now
from security.models import KeyDestruction, TenantKey
from security.queries.keys import key_lines
from tests.factories.security import keyed
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def test_a_line_for_each_in_their_order(django_assert_num_queries):
    tenant(tenant_id="t1")
    keyed(tenant(tenant_id="t2"), versions=2)
    KeyDestruction.objects.create(tenant_id="t2", version=1, reason="Because", proposed_by="one")
    KeyDestruction.objects.create(tenant_id="t2", version=0, reason="Because", proposed_by="one", state="withdrawn")
    with django_assert_num_queries(2):
        two, one = key_lines(["t2", "t1"])

    assert (two.tenant_id, one.tenant_id) == ("t2", "t1")
    assert (one.active, one.age, one.is_due, one.usable) == (None, None, False, ())
    assert [key.version for key in two.versions] == [2, 1]
    assert (two.active.version, two.age, two.is_due) == (2, 0, False)
    assert [(made.version, len(two.done)) for made in two.proposals] == [(1, 0)]


def test_what_is_due_and_what_is_left():
    keyed(tenant(tenant_id="t1"), versions=2)
    TenantKey.objects.filter(version=2).update(rotates_at=now() - dt.timedelta(hours=1))
    TenantKey.objects.filter(version=1).update(state="destroyed")
    (line,) = key_lines(["t1"])

    assert line.is_due
    assert [key.version for key in line.usable] == [2]
