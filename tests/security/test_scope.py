import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async

from security.exceptions import Refused, ScopeRefused
from security.models import AuditLog
from security.scope import (
    NoScope,
    Reach,
    Scope,
    acting,
    current_scope,
    framework_scope,
    maintenance_scope,
    platform_scope,
    tenant_scope,
)  # fmt: skip
from tenants.models import Tenant, User
from tests.arranging import arranging
from tests.conftest import without_scope
from tests.factories.tenants import person, tenant

REQUEST = Scope(request_id="r1", actor_id="u1")


def test_without_a_scope_nobody_acts():
    with pytest.raises(NoScope):
        without_scope(current_scope)


def test_a_scope_ends_with_its_block_and_with_an_error():
    def work() -> None:
        with acting(REQUEST):
            assert current_scope().actor_id == "u1"
        with pytest.raises(RuntimeError), acting(REQUEST):
            raise RuntimeError
        with pytest.raises(NoScope):
            current_scope()

    without_scope(work)


def in_a_thread(work) -> object:
    seen = []

    def look() -> None:
        try:
            seen.append(work())
        except Exception as error:
            seen.append(type(error))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


def test_a_thread_starts_without_a_scope():
    assert in_a_thread(current_scope) is NoScope


def test_a_command_acts_without_a_person():
    scope = Scope.of_command("import_d1")

    assert (scope.actor_id, scope.role, scope.user_agent) == (None, None, "manage.py import_d1")


@pytest.mark.django_db
class TestRows:
    """What each scope reaches."""

    def test_without_scope_there_are_none_and_no_silence(self):
        with pytest.raises(NoScope):
            without_scope(Tenant.objects.count)

    def test_a_signed_out_request_reaches_none(self):
        with acting(REQUEST), pytest.raises(NoScope):
            Tenant.objects.count()

    def test_a_tenants_scope_reaches_its_own(self):
        one, _ = tenant(), tenant()

        with tenant_scope(one.pk):
            assert list(Tenant.objects.all()) == [one]

    def test_a_lazy_queryset_is_read_where_it_is_read(self):
        """Dies where the scope is taken when the queryset is made."""
        one = tenant()

        def work() -> None:
            with tenant_scope(one.pk):
                rows = Tenant.objects.all()
            with pytest.raises(NoScope):
                list(rows)

        without_scope(work)

    def test_a_platform_scope_reaches_all(self):
        tenant(), tenant()

        assert without_scope(lambda: platform_count("Count them")) == 2

    def test_an_asynchronous_view_has_its_scope_and_its_neighbour_another(self):
        """Dies with a thread-local scope: tasks of one thread would share it."""
        one, two = tenant(), tenant()

        async def view(tenant_id: str) -> list[str]:
            with tenant_scope(tenant_id):
                await asyncio.sleep(0)
                return await sync_to_async(lambda: [current_scope().tenant_id])()

        async def both() -> list[list[str]]:
            return await asyncio.gather(view(one.pk), view(two.pk))

        assert without_scope(lambda: asyncio.run(both())) == [[one.pk], [two.pk]]


def platform_count(reason: str) -> int:
    with platform_scope(reason=reason):
        return Tenant.objects.count()


@pytest.mark.django_db
class TestNesting:
    def test_no_other_tenant_inside_of_one(self):
        with tenant_scope("t1"), pytest.raises(ScopeRefused), tenant_scope("t2"):
            pass

    def test_the_same_tenant_again_is_no_harm(self):
        with tenant_scope("t1"), tenant_scope("t1") as scope:
            assert scope.tenant_id == "t1"

    @pytest.mark.parametrize("tenant_id", ["", None, 5])
    def test_a_tenant_is_named(self, tenant_id):
        with pytest.raises(ScopeRefused), tenant_scope(tenant_id):
            pass

    def test_an_untrusted_block_stays_untrusted(self):
        with tenant_scope("t1", barrier=True), tenant_scope("t1") as scope:
            assert scope.barrier

    @pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
    def test_people_of_tenants_never_cross(self, role):
        """An admin who wants to be operator."""
        who = person(role=role)

        with tenant_scope(who.tenant_id, actor=who), pytest.raises(ScopeRefused), platform_scope(reason="Curious"):
            pass
        with pytest.raises(ScopeRefused), platform_scope(reason="Curious", actor=who):
            pass

    def test_who_is_not_signed_in_never_crosses(self):
        with acting(Scope(request_id="r")), pytest.raises(ScopeRefused), platform_scope(reason="Curious"):
            pass

    def test_crossing_needs_a_reason(self, operator):
        with pytest.raises(ScopeRefused), platform_scope(reason=" ", actor=operator):
            pass

    def test_a_database_is_not_maintained_in_a_request(self, operator):
        request = Scope(request_id="r", actor_id=operator.pk, role=operator.security_role, reach=Reach.PLATFORM)
        with acting(request), pytest.raises(ScopeRefused), maintenance_scope("flush"):
            pass


@pytest.mark.django_db
class TestCrossing:
    """Each crossing is in the audit log, once."""

    def test_a_crossing_that_leaves_no_entry_of_its_own_gets_one(self, operator):
        with tenant_scope("t1", actor=operator), platform_scope(reason="Case 4711"):
            User.objects.count()

        entry = AuditLog.objects.get()
        assert (entry.action, entry.user_id, entry.metadata) == ("cross_tenants", operator.pk, {"reason": "Case 4711"})

    def test_a_crossing_that_failed_is_there_too(self, operator):
        with pytest.raises(RuntimeError), platform_scope(reason="Case 4711", actor=operator):
            raise RuntimeError

        assert AuditLog.objects.get().action == "cross_tenants"


@pytest.mark.django_db
class TestFramework:
    """What is opened before it is known who asks."""

    def test_it_opens_what_it_lists_and_nothing_else(self):
        def work() -> None:
            with framework_scope("person"):
                assert User.objects.count() == 0
                with pytest.raises(Refused):
                    AuditLog.objects.count()
                with pytest.raises(Refused):
                    User.objects.update(role="owner")

        without_scope(work)

    def test_sign_in_updates_one_column(self):
        def work() -> None:
            with framework_scope("sign-in"), arranging():
                User.objects.update(last_login_at=None)
                with pytest.raises(Refused):
                    User.objects.update(last_login_at=None, role="owner")

        without_scope(work)

    def test_an_unknown_one_is_refused(self):
        with pytest.raises(ScopeRefused), framework_scope("everything"):
            pass

    def test_no_tenant_is_opened_from_it(self):
        with framework_scope("person"), pytest.raises(ScopeRefused), tenant_scope("t1"):
            pass
