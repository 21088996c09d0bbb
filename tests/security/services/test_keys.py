import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from security.columns import now
from security.crypto.fields import Ciphertext
from security.crypto.local import LocalKeyring
from security.exceptions import KeyRefused, NoDataKey
from security.models import AuditLog, TenantKey
from security.services import vault as vaults
from security.services.keys import (
    adopt_pipeline_key,
    create_key,
    create_missing_keys,
    due_tenants,
    rotate_key,
)
from security.services.vault import vault
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))


def states() -> list[tuple]:
    return list(TenantKey.objects.order_by("version").values_list("version", "state"))


def test_a_first_key(home):
    made = TenantKey.objects.get()

    assert (made.version, made.state, made.provider, made.kek_ref) == (1, "active", "local", "kms://t1/key")
    assert made.rotates_at - made.created_at == dt.timedelta(days=90)
    assert AuditLog.objects.get(action="create_tenant_key").tenant_id == "t1"
    with pytest.raises(KeyRefused, match="has an active data key"):
        create_key("t1", "kms://t1/key")


def test_a_rotation_leaves_one_active(home):
    before = vault.key("t1", 1)
    made = rotate_key("t1", reason="Somebody left")

    assert states() == [(1, "decrypt_only"), (2, "active")]
    assert TenantKey.objects.get(version=1).retired_at is not None
    assert vault.key("t1", 1) == before != vault.key("t1", 2)
    entry = AuditLog.objects.get(action="rotate_keys")
    assert (entry.metadata["version"], entry.metadata["reason"]) == (made.version, "Somebody left")


def test_the_database_knows_one_active_version_a_tenant(home):
    """Dies without the constraint."""
    with pytest.raises(IntegrityError), transaction.atomic():
        TenantKey.objects.create(
            tenant=home, purpose="data", version=9, provider="local", kek_ref="x", wrapped_key=b"x", state="active"
        )


def test_who_was_slower_changes_nothing(home, monkeypatch):
    """Two rotate at once: the second finds the version that it wanted to retire retired."""
    old = TenantKey.objects.get()
    rotate_key("t1")
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda rows: old)

    with pytest.raises(KeyRefused, match="meanwhile"):
        rotate_key("t1")
    assert states() == [(1, "decrypt_only"), (2, "active")]


def test_without_the_keyring_nothing_is_rotated(home, monkeypatch, tmp_path):
    """Dies where a missing keyring is made anew: what is sealed under the new key is lost when the old one is back."""
    empty = LocalKeyring(tmp_path)
    monkeypatch.setattr(vaults, "provider_named", lambda name: empty)
    vault.forget()
    with pytest.raises(NoDataKey, match="does not hold"):
        rotate_key("t1")

    assert states() == [(1, "active")]
    assert not (tmp_path / "keyring.json").exists()


def test_what_is_due(home):
    assert due_tenants(now()) == []
    assert due_tenants(now() + dt.timedelta(days=91)) == ["t1"]


def test_a_pipelines_key_is_version_one_and_due():
    tenant(tenant_id="t1", kms_key_id="kms://t1/key")
    key = bytes(range(32))
    made = adopt_pipeline_key("t1", "kms://t1/key", key)

    assert made.version == 1
    assert vault.key("t1", 1) == key
    assert due_tenants(now()) == ["t1"]
    assert adopt_pipeline_key("t1", "kms://t1/key", bytes(32)) is None


def test_who_has_none_gets_one_and_version_one_stays_the_pipelines():
    tenant(tenant_id="t1")
    keyed(tenant(tenant_id="t2"))

    assert create_missing_keys({"t1": "kms://t1/key", "t2": "kms://t2/key"}, leaves_first=True) == ["t1"]
    assert TenantKey.objects.get(tenant="t1").version == 2


def test_what_was_sealed_before_keeps_its_version():
    """Dies where a key of ours would pass for the one that a database was sealed with."""
    social_account(tenant=tenant(tenant_id="t1"), access_token_encrypted=Ciphertext(b"x" * 60))

    assert create_key("t1", "kms://t1/key").version == 2


def test_without_key_nothing_is_rotated():
    tenant(tenant_id="t1")
    with pytest.raises(KeyRefused, match="no active data key"):
        rotate_key("t1")


def test_for_old_workers_keys_stay(home, settings):
    settings.NDS = dataclasses.replace(settings.NDS, envelope="legacy")
    with pytest.raises(KeyRefused, match="legacy"):
        rotate_key("t1")
