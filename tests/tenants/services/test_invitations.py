import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.test import override_settings

from security.models import AuditLog
from security.scope import Scope, acting, tenant_scope
from tenants.exceptions import InvitationRefused, MailOff, NotManaged, PasswordUnfit, PersonExists
from tenants.models import Invitation, User
from tenants.services.invitations import accept, asked_by, invite, withdraw
from tenants.services.people import change_role, remove, suspend
from tests.arranging import arranging
from tests.conftest import without_scope
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def asking(who, email: str, role: str = "member", **more) -> str:
    """Invite; the token that was mailed."""
    kept = []
    with tenant_scope(who.tenant_id, actor=who):
        invite(who, who.tenant, email, role, link=lambda token: kept.append(token) or f"https://x/{token}", **more)
    return kept[0]


def joining(token: str, name: str = "Ada Lovelace", password: str = PASSWORD) -> User:
    """Accept as a stranger does: nobody acts, nothing is in reach."""

    def work():
        with acting(Scope("request")):
            return accept(token, full_name=name, password=password)

    return without_scope(work)


def test_somebody_is_invited_joins_and_is_what_he_was_invited_as():
    owner = person(role="owner")

    token = asking(owner, " Ada@Example.com ", "admin")
    assert mail.outbox[0].to == ["ada@example.com"]
    assert f"https://x/{token}" in mail.outbox[0].body
    assert asked_by(token).role == "admin"
    ada = joining(token)

    assert (ada.tenant_id, ada.email, ada.role, ada.full_name) == (
        owner.tenant_id,
        "ada@example.com",
        "admin",
        "Ada Lovelace",
    )
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    assert [entry.action for entry in AuditLog.objects.order_by("log_id")] == ["invite_user", "accept_invitation"]
    assert AuditLog.objects.get(action="accept_invitation").user_id == ada.pk


def test_the_token_is_not_stored():
    token = asking(person(role="owner"), "ada@example.com")
    stored = Invitation.objects.get().token_hash

    assert token not in stored
    assert re.fullmatch("[0-9a-f]{64}", stored)


def test_a_token_works_once():
    token = asking(person(role="owner"), "ada@example.com")
    joining(token)

    assert asked_by(token) is None
    with pytest.raises(InvitationRefused):
        joining(token)
    assert User.objects.filter(email="ada@example.com").count() == 1


@pytest.mark.parametrize(("days", "holds"), [(6.99, True), (7.01, False)])
def test_a_token_lives_for_seven_days(days, holds):
    token = asking(person(role="owner"), "ada@example.com")

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
        assert (asked_by(token) is not None) is holds


def test_asking_again_makes_the_first_token_void():
    owner = person(role="owner")
    first, second = asking(owner, "ada@example.com"), asking(owner, "ada@example.com", "viewer")

    assert asked_by(first) is None
    assert joining(second).role == "viewer"


@pytest.mark.parametrize("role", ["owner"])
def test_an_admin_invites_no_owner(role):
    admin = person(role="admin")

    with pytest.raises(NotManaged):
        asking(admin, "ada@example.com", role)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("own", ["member", "viewer"])
def test_members_and_viewers_invite_nobody(own):
    with pytest.raises(NotManaged):
        asking(person(role=own), "ada@example.com", "viewer")


def test_an_old_invitation_does_not_raise_anybody():
    """Who invited has lost his own role since. Dies where accepting does not ask again."""
    home = tenant()
    owner, admin = person(tenant=home, role="owner"), person(tenant=home, role="admin")
    token = asking(admin, "ada@example.com", "admin")
    with tenant_scope(home.pk, actor=owner):
        change_role(owner, [admin], "member")

    with pytest.raises(InvitationRefused):
        joining(token)
    assert not User.objects.filter(email="ada@example.com").exists()


def test_an_invitation_of_somebody_suspended_is_void():
    home = tenant()
    owner, admin = person(tenant=home, role="owner"), person(tenant=home, role="admin")
    token = asking(admin, "ada@example.com")
    with tenant_scope(home.pk, actor=owner):
        suspend(owner, [admin])

    with pytest.raises(InvitationRefused):
        joining(token)


def test_an_invitation_to_a_suspended_tenant_waits():
    owner = person(role="owner")
    token = asking(owner, "ada@example.com")
    with arranging():
        owner.tenant.status = "suspended"
        owner.tenant.save()

    assert asked_by(token) is None


def test_who_was_removed_comes_back_as_the_same_row_without_what_he_had():
    home = tenant()
    owner, ada = person(tenant=home, role="owner"), person(tenant=home, role="admin", email="ada@example.com")
    with arranging():
        User.objects.filter(pk=ada.pk).update(oauth_provider="google", oauth_sub="1", mfa_enabled=True)
    with tenant_scope(home.pk, actor=owner):
        remove(owner, [User.objects.select_related("tenant").get(pk=ada.pk)])

    back = joining(asking(owner, "ada@example.com", "viewer"))

    assert (back.pk, back.role, back.status) == (ada.pk, "viewer", "active")
    assert (back.oauth_provider, back.oauth_sub, back.mfa_enabled) == (None, None, False)


def test_who_is_there_is_not_invited_whatever_the_letters():
    home = tenant()
    owner = person(tenant=home, role="owner")
    person(tenant=home, email="ada@example.com")

    with pytest.raises(PersonExists):
        asking(owner, "ADA@example.com")


def test_the_same_address_may_be_invited_by_two_tenants():
    one, other = person(role="owner"), person(role="owner")

    first, second = joining(asking(one, "ada@example.com")), joining(asking(other, "ada@example.com"))

    assert {first.tenant_id, second.tenant_id} == {one.tenant_id, other.tenant_id}


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a b@example.com", f"{'a' * 250}@example.com", "ada@example.com\nBcc: x@y.z"]
)
def test_no_address_is_said_to_be_none(email):
    with pytest.raises(InvitationRefused, match="e-mail: expected"):
        asking(person(role="owner"), email)


@pytest.mark.parametrize(("name", "password", "error"), [
    ("", PASSWORD, InvitationRefused), ("x" * 121, PASSWORD, InvitationRefused),
    ("a\x00b", PASSWORD, InvitationRefused),
    ("Ada", "short", PasswordUnfit),
])  # fmt: skip
def test_what_does_not_do_leaves_the_invitation_as_it_was(name, password, error):
    token = asking(person(role="owner"), "ada@example.com")

    with pytest.raises(error):
        joining(token, name, password)
    assert joining(token).email == "ada@example.com"


def test_an_invitation_is_withdrawn():
    owner = person(role="owner")
    token = asking(owner, "ada@example.com")

    with tenant_scope(owner.tenant_id, actor=owner):
        withdraw(owner, Invitation.objects.get())
        with pytest.raises(InvitationRefused):
            withdraw(owner, Invitation.objects.get())

    assert asked_by(token) is None


def test_an_admin_withdraws_no_owners_invitation():
    home = tenant()
    owner, admin = person(tenant=home, role="owner"), person(tenant=home, role="admin")
    token = asking(owner, "ada@example.com", "owner")

    with tenant_scope(home.pk, actor=admin), pytest.raises(InvitationRefused):
        withdraw(admin, Invitation.objects.get())
    assert asked_by(token) is not None


def test_nobody_is_invited_where_no_mail_is_sent():
    owner = person(role="owner")

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"), pytest.raises(MailOff):
        asking(owner, "ada@example.com")
    assert not Invitation.objects.exists()


def test_an_operator_invites_with_a_reason():
    operator, home = platform_person(role="owner"), tenant()
    kept = []
    with tenant_scope(home.pk, actor=operator):
        invite(operator, home, "ada@example.com", "owner", link=kept.append, reason="Their owner left")

    assert joining(kept[0]).role == "owner"
    assert AuditLog.objects.get(action="invite_user").tenant_id == home.pk
