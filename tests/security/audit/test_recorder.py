import pytest
from django.db import transaction

from security.audit import Action, record
from security.exceptions import NotRecorded
from security.models import AuditLog
from security.scope import NoScope, Reach, Scope, acting, platform_scope
from tests.conftest import without_scope


def entry(**given):
    return record(Action.LOGIN, resource_type="user", resource_id="u1", tenant_id="t1", **given)


@pytest.mark.django_db
def test_an_entry_says_who_what_where_and_when(scope):
    with acting(
        Scope(request_id="r1", reach=Reach.PLATFORM, actor_id="u1", ip_address="192.0.2.1", user_agent="Firefox")
    ):
        entry(details={"a": 1})

    found = AuditLog.objects.values(
        "tenant_id", "user_id", "action", "resource_type", "resource_id", "ip_address", "user_agent", "request_id",
        "metadata", "success", "error_message",
    ).get()  # fmt: skip

    assert found == {
        "tenant_id": "t1",
        "user_id": "u1",
        "action": "login",
        "resource_type": "user",
        "resource_id": "u1",
        "ip_address": "192.0.2.1",
        "user_agent": "Firefox",
        "request_id": "r1",
        "metadata": {"a": 1},
        "success": True,
        "error_message": None,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("details", "reason"), [(None, "Sums of yesterday"), ({"a": 1}, "Sums of yesterday"), ({"reason": "Own"}, "Own")]
)
def test_an_entry_keeps_its_own_reason_before_that_of_who_crosses(details, reason):
    with platform_scope(reason="Sums of yesterday", command="roll_up"):
        assert entry(details=details).metadata == {**(details or {}), "reason": reason}


@pytest.mark.django_db
def test_a_refused_attempt_is_no_success(scope):
    assert (entry(error="refused").success, entry().success) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(scope):
    """Dies where the check of in_atomic_block goes: the entry could outlive its change."""
    with pytest.raises(NotRecorded):
        entry()

    assert AuditLog.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_its_change(scope):
    with transaction.atomic():
        entry()
        transaction.set_rollback(True)

    assert AuditLog.objects.count() == 0


@pytest.mark.django_db
def test_nobody_records_without_a_scope():
    with pytest.raises(NoScope):
        without_scope(entry)


@pytest.mark.django_db
def test_an_entry_costs_one_statement(scope, django_assert_num_queries):
    with django_assert_num_queries(1):
        entry()
