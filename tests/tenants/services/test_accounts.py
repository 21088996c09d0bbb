import datetime as dt

import pytest
import time_machine
from django.core import mail

from security.columns import now
from security.models import AuditLog, Session
from security.scope import Scope, acting, tenant_scope
from security.sessions import SessionStore
from tenants.exceptions import AccountRefused, InvitationRefused, PasswordUnfit, ProofRefused
from tenants.models import Invitation, User
from tenants.services import accounts
from tenants.services import mail as mails
from tests.arranging import arranging, made
from tests.conftest import without_scope
from tests.factories.tenants import PASSWORD, person, tenant

pytestmark = pytest.mark.django_db
NEW = "another horse, another battery"


@pytest.fixture
def ada():
    return person(email="ada@example.com", full_name="Ada")


def stored(who) -> User:
    return User.objects.select_related("tenant").get(pk=who.pk)


def as_nobody(work):
    """As a request of somebody who is not signed in."""

    def inside():
        with acting(Scope("request")):
            return work()

    return without_scope(inside)


def session_of(who) -> str:
    store = SessionStore()
    store["_auth_user_id"] = who.pk
    store.create()
    return str(store.session_key)


def test_a_changed_password_ends_the_other_sessions_and_is_told(ada):
    here, _ = session_of(ada), session_of(ada)
    with tenant_scope(ada.tenant_id, actor=ada):
        accounts.change_password(ada, PASSWORD, NEW, session=here)

    assert stored(ada).check_password(NEW)
    assert [row.pk for row in Session.objects.filter(user_id=ada.pk)] == [here]
    assert AuditLog.objects.get(action="change_password").resource_id == ada.pk
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


@pytest.mark.parametrize(("current", "new", "error"), [
    ("wrong", NEW, ProofRefused), (PASSWORD, "short", PasswordUnfit), (PASSWORD, "x" * 73, PasswordUnfit),
    (PASSWORD, PASSWORD, AccountRefused),
], ids=["asvs-6.2.3-present one", "asvs-6.2.1-short", "asvs-6.2.8-never cut", "the same"])  # fmt: skip
def test_a_password_that_is_not_changed(current, new, error, ada):
    with tenant_scope(ada.tenant_id, actor=ada), pytest.raises(error):
        accounts.change_password(ada, current, new, session=None)

    assert stored(ada).check_password(PASSWORD)


def link_of(who, token: str) -> str:
    return f"https://x/{who.pk}/{token}"


def forgotten(email: str) -> list[str]:
    """Ask for a link; the links that were mailed."""
    before = len(mail.outbox)
    as_nobody(lambda: accounts.forget_password(email, link_of))
    mails._behind.submit(lambda: None).result()
    return [word for message in mail.outbox[before:] for word in message.body.split() if word.startswith("https://x/")]


def test_asvs_6_4_3_a_link_sets_another_password_once(ada):
    session_of(ada)
    (link,) = forgotten("Ada@Example.com".lower())
    token = link.rpartition("/")[2]

    as_nobody(lambda: accounts.reset_password(ada.pk, token, NEW))

    assert stored(ada).check_password(NEW)
    assert not Session.objects.filter(user_id=ada.pk).exists()
    with pytest.raises(AccountRefused):
        as_nobody(lambda: accounts.reset_password(ada.pk, token, "yet another battery"))
    actions = set(AuditLog.objects.values_list("action", flat=True))
    assert {"request_password_reset", "reset_password"} <= actions


def test_a_link_holds_for_half_an_hour(ada):
    (link,) = forgotten("ada@example.com")
    token, asked = link.rpartition("/")[2], dt.datetime.now(dt.UTC)

    with time_machine.travel(asked + dt.timedelta(minutes=29), tick=False):
        assert as_nobody(lambda: accounts.resettable(ada.pk, token)) is not None
    with time_machine.travel(asked + dt.timedelta(minutes=31), tick=False):
        assert as_nobody(lambda: accounts.resettable(ada.pk, token)) is None


def test_a_link_is_its_persons_alone(ada):
    eve = person(email="eve@example.com")
    (link,) = forgotten("ada@example.com")

    assert as_nobody(lambda: accounts.resettable(eve.pk, link.rpartition("/")[2])) is None


@pytest.mark.parametrize("change", [{"status": "suspended"}, {"email": "other@example.com"}])
def test_a_link_does_not_outlive_what_it_stands_on(change, ada):
    (link,) = forgotten("ada@example.com")
    with arranging():
        User.objects.filter(pk=ada.pk).update(**change)

    assert as_nobody(lambda: accounts.resettable(ada.pk, link.rpartition("/")[2])) is None


def test_nobody_unknown_or_suspended_is_written_to(ada):
    with arranging():
        User.objects.filter(pk=ada.pk).update(status="suspended")

    assert forgotten("ada@example.com") == forgotten("eve@example.com") == []
    assert AuditLog.objects.filter(action="request_password_reset", user=None).count() == 2


def test_a_letter_box_is_not_filled(ada):
    assert len(forgotten("ada@example.com")) == 1
    assert forgotten("ada@example.com") == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)):
        assert len(forgotten("ada@example.com")) == 1


def test_who_is_in_several_workspaces_gets_a_link_for_each(ada):
    person(email="ada@example.com", tenant=tenant())

    assert len(forgotten("ada@example.com")) == 2


def asked_email(ada, email: str = "new@example.com") -> list[str]:
    """Ask for another address; the tokens of the old and the new one."""
    tokens = []
    with tenant_scope(ada.tenant_id, actor=ada):
        accounts.ask_for_email(ada, email, PASSWORD, lambda token: tokens.append(token) or f"https://x/{token}")
    return tokens


@pytest.mark.parametrize("first", [0, 1])
def test_another_address_is_confirmed_from_both(first, ada):
    tokens = asked_email(ada)
    assert [message.to for message in mail.outbox] == [["ada@example.com"], ["new@example.com"]]

    with tenant_scope(ada.tenant_id, actor=ada):
        assert accounts.confirm_email(ada, tokens[first]) == ""
        assert stored(ada).email == "ada@example.com"
        assert accounts.confirm_email(ada, tokens[1 - first]) == "new@example.com"

    assert stored(ada).email == "new@example.com"
    changes = AuditLog.objects.get(action="change_email").metadata["changes"]
    assert changes == {"email": ["ada@example.com", "new@example.com"]}


def test_letter_boxes_of_strangers_are_not_filled(ada):
    with tenant_scope(ada.tenant_id, actor=ada):
        for number in range(10):
            accounts.ask_for_email(ada, f"stranger{number}@example.com", PASSWORD, str)
        with pytest.raises(AccountRefused, match="too many addresses"):
            accounts.ask_for_email(ada, "one.more@example.com", PASSWORD, str)


@pytest.mark.parametrize(
    ("address", "number_of_mails"), [("192.0.2.7", 20), (None, 22)], ids=["one address", "several"]
)
def test_one_address_asks_for_twenty_links_an_hour(address, number_of_mails):
    """For whomever: each of them gets one in five minutes, but they are many. The answer is the same."""
    people = [person() for _ in range(22)]
    for number, one in enumerate(people):
        scope = Scope("r", None, None, ip_address=address or f"192.0.2.{number + 10}")

        def asking(one=one, scope=scope) -> None:
            with acting(scope):
                accounts.forget_password(one.email, link_of)

        without_scope(asking)
    mails._behind.submit(lambda: None).result()

    assert len(mail.outbox) == number_of_mails
    refused = AuditLog.objects.filter(action="request_password_reset", success=False)
    assert refused.count() == len(people) - number_of_mails


def test_one_link_twice_is_not_both(ada):
    tokens = asked_email(ada)
    with tenant_scope(ada.tenant_id, actor=ada):
        accounts.confirm_email(ada, tokens[1])
        with pytest.raises(AccountRefused):
            accounts.confirm_email(ada, tokens[1])

    assert stored(ada).email == "ada@example.com"


def test_links_are_for_who_asked_and_for_a_day(ada):
    tokens, eve = asked_email(ada), person(tenant=ada.tenant)
    with tenant_scope(eve.tenant_id, actor=eve), pytest.raises(AccountRefused):
        accounts.confirm_email(eve, tokens[0])
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)
    with time_machine.travel(later), tenant_scope(ada.tenant_id, actor=ada), pytest.raises(AccountRefused):
        accounts.confirm_email(ada, tokens[0])


def test_an_address_that_somebody_took_meanwhile_is_not_taken(ada):
    tokens = asked_email(ada)
    person(tenant=ada.tenant, email="new@example.com")
    with tenant_scope(ada.tenant_id, actor=ada):
        accounts.confirm_email(ada, tokens[0])
        with pytest.raises(AccountRefused):
            accounts.confirm_email(ada, tokens[1])

    assert stored(ada).email == "ada@example.com"


def test_an_invitation_to_the_new_address_is_void(ada):
    with tenant_scope(ada.tenant_id, actor=ada), arranging():
        waiting = made(
            Invitation, tenant=ada.tenant, email="new@example.com", role="owner", token_hash="x" * 64,
            invited_by=ada.pk, expires_at=now() + dt.timedelta(days=7),
        )  # fmt: skip
    tokens = asked_email(ada)
    with tenant_scope(ada.tenant_id, actor=ada):
        for token in tokens:
            accounts.confirm_email(ada, token)

    assert Invitation.objects.get(pk=waiting.pk).state == "withdrawn"


@pytest.mark.parametrize(("email", "password", "error"), [
    ("new@example.com", "wrong", ProofRefused), ("ada@EXAMPLE.com", PASSWORD, AccountRefused),
    ("none", PASSWORD, InvitationRefused),
], ids=["asvs-7.5.1-without the password", "the same", "no address"])  # fmt: skip
def test_another_address_that_is_not_asked_for(email, password, error, ada):
    with tenant_scope(ada.tenant_id, actor=ada), pytest.raises(error):
        accounts.ask_for_email(ada, email, password, str)
    assert mail.outbox == []


def test_one_gives_oneself_another_name(ada):
    with tenant_scope(ada.tenant_id, actor=ada):
        accounts.rename(ada, "Ada King")
        with pytest.raises(AccountRefused, match="name: expected"):
            accounts.rename(ada, "\x1b[2J")

    assert stored(ada).full_name == "Ada King"
