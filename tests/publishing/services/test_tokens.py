import datetime as dt

import pytest

from publishing.exceptions import TokenRefused
from publishing.models import SocialAccount
from publishing.services.tokens import replace_token, reveal_token, revoke_tokens
from security.columns import now
from security.crypto.fields import Ciphertext
from security.exceptions import Unreadable
from security.models import AuditLog
from tenants.exceptions import ProofRefused
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, person, tenant

pytestmark = pytest.mark.django_db
WHY = "It was renewed"


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))


@pytest.fixture
def account(home):
    return social_account(
        tenant=home, access_token_encrypted=b"tok-canary", refresh_token_encrypted=b"ref-canary", status="error",
        error_count=3, last_error="401",
    )  # fmt: skip


def entry(action: str) -> AuditLog:
    return AuditLog.objects.get(action=action)


class TestReplacing:
    def test_an_access_token_makes_the_account_active(self, account):
        due = now() + dt.timedelta(days=60)
        replace_token(account.pk, "access", "  fresh-token-1 \n", due, WHY)

        found = SocialAccount.objects.get()
        assert found.access_token_encrypted == b"fresh-token-1"
        assert (found.status, found.error_count, found.last_error, found.expires_at) == ("active", 0, None, due)
        assert found.refresh_token_encrypted == b"ref-canary"
        told = entry("replace_token")
        assert told.metadata == {"token": "access", "reason": WHY}
        assert (told.tenant_id, told.resource_type, told.resource_id) == ("t1", "social_account", account.pk)

    def test_a_refresh_token_changes_itself_alone(self, account):
        replace_token(account.pk, "refresh", "fresh-token-2", None, WHY)

        found = SocialAccount.objects.get()
        assert (found.refresh_token_encrypted, found.status) == (b"fresh-token-2", "error")

    def test_one_that_cannot_be_read_can_be_replaced(self, home):
        broken = social_account(tenant=home, access_token_encrypted=Ciphertext(b"x" * 50))
        replace_token(broken.pk, "access", "fresh-token-3", None, WHY)

        assert SocialAccount.objects.get().access_token_encrypted == b"fresh-token-3"

    @pytest.mark.parametrize(
        ("which", "value", "expires", "reason", "told"),
        [
            ("access", "short", None, WHY, "token: expected 8 to 4,096 characters without blanks"),
            ("access", "with a blank", None, WHY, "got 12 characters"),
            ("access", "x" * 4097, None, WHY, "got 4,097 characters"),
            ("access", "ünicode-token", None, WHY, "token: expected"),
            ("access", "fresh-token", dt.timedelta(minutes=-1), WHY, "expires: expected a time to come"),
            ("access", "fresh-token", None, " ", "reason: expected"),
            ("other", "fresh-token", None, WHY, "token: expected one of access, refresh"),
        ],
    )
    def test_bad_input_is_named_and_nothing_is_stored(self, account, which, value, expires, reason, told):
        with pytest.raises(TokenRefused, match=told) as refused:
            replace_token(account.pk, which, value, now() + expires if expires else None, reason)

        assert value not in str(refused.value) or which == "other"
        assert SocialAccount.objects.get().access_token_encrypted == b"tok-canary"


def test_revoking_wipes_both(account):
    revoke_tokens(account.pk, WHY)

    found = SocialAccount.objects.get()
    assert [bytes(found.__dict__[f"{name}_token_encrypted"]) for name in ("access", "refresh")] == [b"", b""]
    assert found.status == "revoked"
    assert entry("revoke_token").metadata["tokens"] == ["access", "refresh"]
    with pytest.raises(TokenRefused, match="already"):
        revoke_tokens(account.pk, WHY)
    with pytest.raises(TokenRefused, match="no such account"):
        revoke_tokens("nobody", WHY)


class TestRevealing:
    def test_the_entry_is_there_before_the_value(self, account, monkeypatch):
        """Dies where the value is opened first: a crash between would show it unrecorded."""
        who = person(tenant=account.tenant, role="owner")
        seen = []
        opened = SocialAccount._meta.get_field("access_token_encrypted").__class__.opened

        def opening(field, row, stored):
            seen.append(AuditLog.objects.filter(action="reveal_token").count())
            return opened(field, row, stored)

        monkeypatch.setattr("security.crypto.fields.Encrypted.opened", opening)
        assert reveal_token(account.pk, "access", who, PASSWORD, WHY) == "tok-canary"
        assert seen == [1]
        assert entry("reveal_token").metadata == {"token": "access", "reason": WHY}

    def test_not_without_the_password(self, account):
        who = person(tenant=account.tenant, role="owner")
        with pytest.raises(ProofRefused):
            reveal_token(account.pk, "access", who, "wrong", WHY)
        assert not AuditLog.objects.filter(action="reveal_token").exists()

    def test_not_without_a_reason_or_a_token(self, account):
        who = person(tenant=account.tenant, role="owner")
        with pytest.raises(TokenRefused, match="reason"):
            reveal_token(account.pk, "access", who, PASSWORD, "")
        revoke_tokens(account.pk, WHY)
        with pytest.raises(TokenRefused, match="There is no token"):
            reveal_token(account.pk, "access", who, PASSWORD, WHY)

    def test_one_that_does_not_open_says_why_and_was_recorded(self, home):
        who, broken = person(tenant=home, role="owner"), social_account(tenant=home)
        with pytest.raises(Unreadable):
            reveal_token(broken.pk, "access", who, PASSWORD, WHY)
        assert entry("reveal_token").resource_id == broken.pk
