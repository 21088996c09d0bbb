"""Data keys: unwrapped when they are needed, recorded, kept for a while, and never another tenant's."""

import dataclasses

import pytest
from django.db import connection, transaction

from publishing.models import SocialAccount
from security.crypto.envelope import version_of
from security.exceptions import NoDataKey, ProviderFailed
from security.models import AuditLog, TenantKey
from security.services import vault as vaults
from security.services.keys import rotate_key
from security.services.vault import MOST_USES, active_key, vault
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import tenant

TOKEN = b"tok-canary-5d1e"


@pytest.fixture
def account(db):
    home = keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))
    return social_account(tenant=home, access_token_encrypted=TOKEN)


def unwrapped() -> int:
    return AuditLog.objects.filter(action="unwrap_key").count()


@pytest.mark.django_db(transaction=True)
class TestKeeping:
    def test_a_key_is_unwrapped_once_and_recorded(self, account):
        """Dies where each value unwraps, or where unwrapping leaves no entry."""
        vault.forget()
        before = unwrapped()
        for _ in range(3):
            assert SocialAccount.objects.get().access_token_encrypted == TOKEN

        assert unwrapped() == before + 1
        entry = AuditLog.objects.filter(action="unwrap_key").latest("timestamp")
        assert (entry.tenant_id, entry.resource_type, entry.resource_id) == ("t1", "tenant_key", "data/1")
        assert entry.metadata["for"] == f"social_accounts.access_token_encrypted {account.pk}"

    def test_it_is_kept_for_a_time(self, account, monkeypatch):
        vault.forget()
        assert account.access_token_encrypted == TOKEN
        before = unwrapped()
        later = vaults.time.monotonic() + vaults.MOST_AGE + 1
        monkeypatch.setattr(vaults.time, "monotonic", lambda: later)

        assert account.access_token_encrypted == TOKEN
        assert unwrapped() == before + 1

    def test_it_is_kept_for_a_number_of_uses(self, account):
        vault.forget()
        for _ in range(MOST_USES + 2):
            vault.key("t1", 1)

        assert unwrapped() >= 2

    def test_what_was_rolled_back_is_not_kept(self, account):
        """Dies where a key stays in use whose entry was undone with its transaction."""
        vault.forget()
        before = unwrapped()
        with transaction.atomic():
            assert account.access_token_encrypted == TOKEN
            transaction.set_rollback(True)
        assert unwrapped() == before

        assert account.access_token_encrypted == TOKEN
        assert unwrapped() == before + 1

    def test_not_more_than_a_number_of_keys_is_kept(self, account, monkeypatch):
        monkeypatch.setattr(vaults, "MOST_KEYS", 1)
        other = social_account(tenant=keyed(tenant(tenant_id="t2")), access_token_encrypted=b"tok-2-other")
        vault.forget()
        assert (account.access_token_encrypted, other.access_token_encrypted) == (TOKEN, b"tok-2-other")

        assert len(vault._kept) == 1


@pytest.mark.django_db
class TestVersions:
    def test_the_active_version_seals_and_older_ones_open(self, account):
        assert rotate_key("t1").version == 2
        account.refresh_from_db()
        assert account.access_token_encrypted == TOKEN

        account.access_token_encrypted = b"new-token"
        account.save()
        assert version_of(bytes(account.__dict__["access_token_encrypted"])) == 2
        assert SocialAccount.objects.get().access_token_encrypted == b"new-token"

    def test_a_version_that_is_not_there(self, account):
        TenantKey.objects.all().delete()
        with pytest.raises(NoDataKey, match="no version 1"):
            account.access_token_encrypted  # noqa: B018
        with pytest.raises(NoDataKey, match="keys rotate t1"):
            active_key("t1")

    def test_a_destroyed_one_says_so(self, account):
        TenantKey.objects.update(state="destroyed", wrapped_key=b"")
        with pytest.raises(NoDataKey, match="Version 1 of the tenant's data key was destroyed"):
            account.access_token_encrypted  # noqa: B018

    def test_a_wrapped_key_in_another_tenants_row_does_not_unwrap(self, account):
        """Somebody who writes to the database gives t2 the key of t1."""
        keyed(tenant(tenant_id="t2"))
        stolen = TenantKey.objects.get(tenant="t1")
        TenantKey.objects.filter(tenant="t2").update(wrapped_key=stolen.wrapped_key, kek_ref=stolen.kek_ref)

        with pytest.raises(ProviderFailed):
            vault.key("t2", 1)


@pytest.mark.django_db
def test_a_wrapped_key_that_is_none_says_so(account):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenant_keys SET wrapped_key = 'text'")
    with pytest.raises(ProviderFailed, match="is none"):
        account.access_token_encrypted  # noqa: B018


@pytest.mark.django_db
def test_for_workers_that_know_no_envelopes_the_old_form_is_written(account, settings):
    settings.NDS = dataclasses.replace(settings.NDS, envelope="legacy")
    account.access_token_encrypted = b"for the workers"
    account.save()

    stored = bytes(account.__dict__["access_token_encrypted"])
    assert version_of(stored) == 0
    assert len(stored) == len(b"for the workers") + 28
    assert SocialAccount.objects.get().access_token_encrypted == b"for the workers"
