import pytest

from security.models import AuditLog
from security.scope import tenant_scope
from tenants.exceptions import ProofRefused
from tenants.services import proving
from tenants.services.proving import MOST, prove
from tests.factories.tenants import PASSWORD, person, platform_person, tenant

pytestmark = pytest.mark.django_db


def test_the_right_password_leaves_nothing():
    prove(person(), PASSWORD)
    assert not AuditLog.objects.exists()


@pytest.mark.parametrize("password", ["", "wrong", "x" * 100, PASSWORD + " "])
def test_a_wrong_one_is_recorded(password):
    who = person()
    with pytest.raises(ProofRefused, match="wrong"):
        prove(who, password)

    entry = AuditLog.objects.get(action="deny_access")
    assert (entry.user_id, entry.tenant_id, entry.success, entry.resource_type) == (
        who.pk,
        who.tenant_id,
        False,
        "password",
    )
    assert password not in str(entry.metadata) or not password


def test_a_thief_does_not_try_them_all(monkeypatch):
    """Dies without the limit: a stolen session could guess until it is right."""
    who = person()
    for _ in range(MOST):
        with pytest.raises(ProofRefused):
            prove(who, "wrong")
    with pytest.raises(ProofRefused, match="Too many"):
        prove(who, PASSWORD)
    prove(person(), PASSWORD)  # nobody else

    monkeypatch.setattr(proving, "WITHIN", -proving.WITHIN)
    prove(who, PASSWORD)


def test_people_of_the_platform_are_counted_wherever_they_are():
    operator = platform_person(role="owner")
    for name in ("t1", "t2"):
        tenant(tenant_id=name)
        with tenant_scope(name, actor=operator), pytest.raises(ProofRefused):
            prove(operator, "wrong")

    assert AuditLog.objects.filter(action="deny_access", tenant="platform").count() == 2
