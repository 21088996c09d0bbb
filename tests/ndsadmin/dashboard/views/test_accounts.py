import datetime as dt

import pytest

from publishing.models import SocialAccount
from security.columns import now
from security.crypto.fields import Ciphertext
from security.models import AuditLog
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, person, tenant

pytestmark = pytest.mark.django_db
WHY = "The platform asks"


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", name="Harbour", kms_key_id="kms://t1/key"))


@pytest.fixture
def account(home):
    return social_account(
        tenant=home, account_name="Our page",
        access_token_encrypted=b"tok-canary", refresh_token_encrypted=b"ref-canary",
        expires_at=now() + dt.timedelta(days=3), scopes='["w_member_social"]', error_count=2,
    )  # fmt: skip


@pytest.fixture
def owner(home, signed_in):
    return signed_in(person(tenant=home, role="owner"))


def page(account) -> str:
    return f"/publishing/accounts/{account.pk}/"


def test_a_list_of_fifty_opens_nothing(owner, home, monkeypatch, django_assert_max_num_queries):
    """Dies where a list decrypts: fifty tokens in memory, for nothing."""
    for _ in range(55):
        social_account(tenant=home, access_token_encrypted=Ciphertext(b"x" * 100))
    monkeypatch.setattr("security.crypto.fields.Encrypted.opened", lambda *_: pytest.fail("opened"))
    with django_assert_max_num_queries(4):
        text = owner.get("/publishing/accounts/").content.decode()

    assert text.count('class="row-link"') == 50
    assert "More accounts" in text
    assert not AuditLog.objects.filter(action="unwrap_key").exists()


def test_the_state_of_a_token(owner, account):
    text = owner.get(page(account)).content.decode()

    for told in ("Refresh due", "in 2", "w_member_social", "sealed under version 1", "Our page"):
        assert told in text
    assert "canary" not in text
    assert AuditLog.objects.filter(action="read_social_account", resource_id=account.pk).count() == 1


@pytest.mark.parametrize(
    ("role", "changes", "reveals"),
    [("owner", True, True), ("admin", True, True), ("member", False, False), ("viewer", False, False)],
)
def test_who_may_do_what(role, changes, reveals, home, account, signed_in):
    client = signed_in(person(tenant=home, role=role))
    text = client.get(page(account)).content.decode()
    assert ('value="replace"' in text, 'value="reveal"' in text) == (changes, reveals)
    given = {"token": "access", "reason": WHY, "password": PASSWORD}
    answers = [
        client.post(page(account), {**given, "do": do, "value": "fresh-token"})
        for do in ("reveal", "replace", "revoke")
    ]

    assert [answer.status_code == 403 for answer in answers] == [not reveals, not changes, not changes]


@pytest.mark.parametrize(("role", "may"), [("operator", True), ("auditor", False), ("support", False)])
def test_of_the_platform_operators_may(role, may, request, account, signed_in):
    client = signed_in(request.getfixturevalue(role))
    assert "Our page" in client.get("/publishing/accounts/").content.decode()
    answer = client.post(page(account), {"do": "reveal", "token": "access", "reason": WHY, "password": PASSWORD})

    assert (answer.status_code == 200) == may
    assert ("tok-canary" in answer.content.decode()) == may


def test_a_token_is_shown_for_thirty_seconds_and_recorded(owner, account):
    answer = owner.post(page(account), {"do": "reveal", "token": "access", "reason": WHY, "password": PASSWORD})

    assert "tok-canary" in answer.content.decode()
    assert answer.headers["Refresh"] == f"30; url={page(account)}"
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditLog.objects.get(action="reveal_token").metadata["reason"] == WHY
    assert "canary" not in owner.get(page(account)).content.decode()


def test_not_by_a_session_alone(owner, account):
    answer = owner.post(
        page(account), {"do": "reveal", "token": "access", "reason": WHY, "password": "guess"}, follow=True
    )

    assert "The password is wrong." in answer.content.decode()
    assert "tok-canary" not in answer.content.decode()
    assert not AuditLog.objects.filter(action="reveal_token").exists()


def test_replacing_and_revoking(owner, account):
    given = {"token": "access", "value": "fresh-token", "expires": "2027-01-01T10:00", "reason": WHY}
    owner.post(page(account), {"do": "replace", **given})
    assert SocialAccount.objects.get().access_token_encrypted == b"fresh-token"
    answer = owner.post(page(account), {"do": "replace", **given, "expires": "soon"}, follow=True)
    assert "expires: expected a time" in answer.content.decode()
    text = owner.post(page(account), {"do": "revoke", "reason": WHY}, follow=True).content.decode()

    assert "it was wiped" in text
    assert SocialAccount.objects.get().access_token_encrypted == b""


def test_one_that_cannot_be_read_says_why(owner, home):
    broken = social_account(tenant=home)
    text = owner.get(page(broken)).content.decode()

    assert "It cannot be read." in text
    assert 'value="reveal"' not in text
    assert 'value="replace"' in text


def test_the_neighbours_is_not_there(owner):
    keyed(tenant(tenant_id="t2"))
    other = social_account(tenant=tenant(tenant_id="t3"))

    assert owner.get(page(other)).status_code == 404
    assert owner.post(page(other), {"do": "revoke", "reason": WHY}).status_code == 404


def test_odd_posts(owner, account):
    assert (
        owner.post(page(account), {"do": "what", "token": "access", "value": "x" * 20, "reason": WHY}).status_code
        == 400
    )
    given = {"do": "replace", "token": "access", "value": "fresh-token", "reason": WHY}
    answer = owner.post(page(account), {**given, "expires": "9999-12-31T23:59-12:00"}, follow=True)

    assert "expires: expected a time" in answer.content.decode()
    assert SocialAccount.objects.get().access_token_encrypted == b"tok-canary"
