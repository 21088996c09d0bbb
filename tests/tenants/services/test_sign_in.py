import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from security.models import AuditLog
from security.scope import Scope, acting
from tenants.models import Tenant, User
from tenants.services import sign_in as module
from tenants.services.sign_in import MOST, Outcome, choose_workspace, people_of, sign_in, sign_out
from tests.arranging import arranging
from tests.factories.tenants import PASSWORD, hashed, person, platform, platform_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def entries() -> list[tuple]:
    return list(AuditLog.objects.values_list("action", "tenant_id", "user_id", "success", "error_message"))


def test_a_person_of_the_platform_comes_in_and_it_is_recorded():
    who = platform_person(email="ada@example.com")

    attempt = sign_in("ada@example.com", PASSWORD)

    assert (attempt.outcome, attempt.person) == (Outcome.WELCOME, who)
    who.refresh_from_db()
    assert who.last_login_at is not None
    assert entries() == [("login", "platform", who.pk, True, None)]


def test_a_wrong_password_is_refused_and_recorded():
    who = platform_person(email="ada@example.com")

    assert sign_in("ada@example.com", "another password") == (Outcome.REFUSED, ())

    assert entries() == [("login", "platform", who.pk, False, "refused")]


def test_an_unknown_address_is_refused_alike_and_not_kept():
    """People type passwords into the address: what is unknown is not written down."""
    assert sign_in("a secret typed wrongly", PASSWORD) == (Outcome.REFUSED, ())

    assert entries() == [("login", None, None, False, "refused")]
    assert AuditLog.objects.get().metadata is None


def test_a_person_of_a_tenant_comes_in_and_it_is_in_the_tenants_trail():
    who = person(email="ada@example.com")

    assert sign_in("ada@example.com", PASSWORD).person == who

    assert entries() == [("login", who.tenant_id, who.pk, True, None)]


def test_who_is_known_in_several_workspaces_is_asked_and_each_of_them_knows():
    """Dies where a password can be proved without an entry: a silent way to try them out."""
    people = {platform_person(email="ada@example.com"), person(email="ada@example.com")}

    attempt = sign_in("ada@example.com", PASSWORD)

    assert (attempt.outcome, attempt.person, set(attempt.people)) == (Outcome.WHICH, None, people)
    told = {(tenant, user, success) for _, tenant, user, success, _ in entries()}
    assert told == {(who.tenant_id, who.pk, False) for who in people}


def test_a_refusal_is_in_the_trail_of_each_workspace_that_knows_the_address():
    people = {platform_person(email="ada@example.com"), person(email="ada@example.com")}

    sign_in("ada@example.com", "another password")

    assert {(tenant, user) for _, tenant, user, _, _ in entries()} == {(who.tenant_id, who.pk) for who in people}


def test_only_workspaces_whose_password_was_proved_are_named():
    who = person(email="ada@example.com")
    platform_person(email="ada@example.com", password=hashed("another one"))

    assert sign_in("ada@example.com", PASSWORD).person == who


def test_a_workspace_that_is_named_is_the_only_one_asked():
    platform_person(email="ada@example.com")
    who = person(email="ada@example.com")

    assert sign_in("ada@example.com", PASSWORD, who.tenant_id).person == who


def test_one_comes_in_as_one_of_those_who_were_proved():
    who = person(email="ada@example.com")
    proofs = {who.pk: who.get_session_auth_hash()}

    assert choose_workspace(proofs, who.pk).person == who
    assert choose_workspace(proofs, platform_person(email="ada@example.com").pk).outcome is Outcome.REFUSED


@pytest.mark.parametrize("change", [{"password": "$2b$12$another"}, {"status": "suspended"}])
def test_what_was_proved_must_still_hold(change):
    who = person(email="ada@example.com")
    proofs = {who.pk: who.get_session_auth_hash()}
    User.objects.filter(pk=who.pk).update(**change)

    assert choose_workspace(proofs, who.pk).outcome is Outcome.REFUSED


def test_who_cannot_prove_it_is_not_told():
    """Dies where the answer comes before the password is checked: addresses could be tried out."""
    person(email="ada@example.com")

    assert sign_in("ada@example.com", "another password").outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("email", "checks"), [("ada@example.com", 2), ("eve@example.com", 1), ("nobody@example.com", 1)]
)
def test_each_workspace_that_knows_the_address_costs_a_check(email, checks, monkeypatch):
    """Dies where an unknown address skips the check: the time would tell."""
    platform_person(email="ada@example.com")
    person(email="ada@example.com")
    person(email="eve@example.com")
    checked = []
    monkeypatch.setattr(module, "check_password", lambda *given: bool(checked.append(given)))

    sign_in(email, "another password")

    assert len(checked) == checks


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_who_is_not_active_is_refused(status):
    platform_person(email="ada@example.com", status=status)

    assert sign_in("ada@example.com", PASSWORD).outcome is Outcome.REFUSED


def test_nobody_comes_in_where_the_platform_is_suspended():
    platform_person(email="ada@example.com")
    Tenant.objects.filter(pk=platform().pk).update(status="suspended")

    assert sign_in("ada@example.com", PASSWORD).outcome is Outcome.REFUSED


def test_an_unknown_role_is_no_role():
    platform_person(email="ada@example.com", role="emperor")

    assert sign_in("ada@example.com", PASSWORD).outcome is Outcome.REFUSED


def test_leaving_is_recorded():
    who = platform_person()

    sign_out(who)

    assert entries() == [("logout", "platform", who.pk, True, None)]


@pytest.mark.django_db(transaction=True)
def test_the_password_is_checked_outside_of_any_transaction(monkeypatch):
    """Dies where bcrypt runs under the write lock: strangers could stop every writer."""
    platform_person(email="ada@example.com")
    locked = []
    monkeypatch.setattr(module, "check_password", lambda *_: bool(locked.append(connection.in_atomic_block)))

    sign_in("ada@example.com", PASSWORD)

    assert locked == [False]


def test_many_namesakes_do_not_hide_the_person_of_the_platform():
    for _ in range(MOST + 1):
        person(email="ada@example.com")
    who = platform_person(email="ada@example.com")

    assert sign_in("ada@example.com", PASSWORD).people[0] == who


def test_an_address_may_be_typed_in_capitals():
    who = platform_person(email="ada@example.com")

    assert sign_in("ADA@example.com", PASSWORD).person == who


def test_an_address_that_a_worker_stored_in_capitals_comes_in():
    who = person(email="Ada@Example.com")
    umlaut = person(email="Änne@Example.com")

    assert sign_in("ada@example.com", PASSWORD).person == who
    assert sign_in("Änne@example.COM", PASSWORD).person == umlaut  # SQLite folds the letters of ASCII alone


def test_an_address_is_looked_up_by_an_index():
    """At every attempt, whoever makes it. Dies where the comparison is one that no index serves."""
    with CaptureQueriesContext(connection) as asked:
        people_of("ada@example.com")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        plan = " ".join(str(row[3]) for row in cursor.fetchall())

    assert "SEARCH users USING INDEX nds_users_by_email" in plan


def test_who_may_not_come_in_hides_nobody_who_may():
    """Of many namesakes four are asked: those that were removed or suspended last."""
    for number in range(MOST + 1):
        person(email="ada@example.com", status=("deleted", "suspended")[number % 2])
    who = person(email="ada@example.com")

    assert sign_in("ada@example.com", PASSWORD).person == who


def test_a_password_that_changed_meanwhile_is_refused(monkeypatch):
    who = platform_person(email="ada@example.com")

    def check_and_change(*_: str) -> bool:
        with acting(Scope.of_command("somebody else")), arranging():
            User.objects.filter(pk=who.pk).update(password=hashed("another one"))
        return True

    monkeypatch.setattr(module, "check_password", check_and_change)

    assert sign_in("ada@example.com", PASSWORD).outcome is Outcome.REFUSED
    assert entries() == [("login", "platform", who.pk, False, "refused")]
