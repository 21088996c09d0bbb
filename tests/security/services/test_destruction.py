"""Destroying keys: two operators, no hold, no row that needs them, and a date that counts every copy."""

import dataclasses
import datetime as dt
from dataclasses import replace

import pytest

from publishing.models import SocialAccount
from security.columns import now
from security.crypto.aws import AwsKms
from security.exceptions import KeyRefused, NoDataKey, ProviderFailed
from security.models import AuditLog, KeyDestruction, TenantKey
from security.roles import Role
from security.scope import acting, current_scope
from security.services import destruction
from security.services import vault as vaults
from security.services.destruction import (
    ALL,
    copies,
    destroy_keys,
    finish_destruction,
    foreseen,
    propose_destruction,
    withdraw_destruction,
)
from security.services.keys import rotate_key
from security.services.reencryption import reseal
from tests.factories.publishing import social_account
from tests.factories.security import compliance_case, keyed
from tests.factories.tenants import tenant
from tests.security.crypto.kms import StrictKms

pytestmark = pytest.mark.django_db
WHY = "The contract has ended."


@pytest.fixture
def home():
    home = keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))
    social_account(tenant=home, access_token_encrypted=b"tok-canary")
    return home


def by(name: str):
    return acting(replace(current_scope(), actor_id=name, role=Role.OPERATOR))


def proposed(version: int = ALL) -> KeyDestruction:
    with by("one"):
        return propose_destruction("t1", version, WHY)


def test_two_operators_destroy_all_keys_for_good(home):
    made = proposed()
    with by("two"):
        done = destroy_keys(made.pk)

    key = TenantKey.objects.get()
    assert (key.state, bytes(key.wrapped_key), key.destroyed_at is not None) == ("destroyed", b"", True)
    assert done.gone_at - done.settled_at == dt.timedelta(days=35)  # own backups: longer than D1's Time Travel
    with pytest.raises(NoDataKey, match="was destroyed"):
        SocialAccount.objects.get().access_token_encrypted  # noqa: B018
    with pytest.raises(NoDataKey):
        vaults.provider().unwrap("kms://t1/key", b"x" * 100, None)
    actions = list(AuditLog.objects.filter(tenant="t1", action__contains="key").values_list("action", flat=True))
    assert {"propose_key_destruction", "destroy_keys"} <= set(actions)


def test_who_proposed_does_not_do_it(home):
    """Dies without the guard in the statement that settles."""
    made = proposed()
    with by("one"), pytest.raises(KeyRefused, match="Another operator"):
        destroy_keys(made.pk)

    assert TenantKey.objects.get().state == "active"


def test_nobody_known_does_nothing(home):
    with pytest.raises(KeyRefused, match="has to be known"):
        propose_destruction("t1", ALL, WHY)


def test_it_is_done_once(home):
    made = proposed()
    with by("two"):
        destroy_keys(made.pk)
    with by("three"), pytest.raises(KeyRefused):
        destroy_keys(made.pk)
    with by("three"), pytest.raises(KeyRefused, match="no key left"):
        propose_destruction("t1", ALL, WHY)


def test_a_proposal_is_called_off(home):
    made = proposed()
    with by("one"), pytest.raises(KeyRefused, match="already"):
        propose_destruction("t1", ALL, WHY)
    with by("one"):
        withdraw_destruction(made.pk)
    with by("two"), pytest.raises(KeyRefused, match="settled by now"):
        destroy_keys(made.pk)

    assert TenantKey.objects.get().state == "active"


@pytest.mark.parametrize("reason", ["", "   ", "short"])
def test_it_needs_a_reason(home, reason):
    with by("one"), pytest.raises(KeyRefused, match="reason: expected"):
        propose_destruction("t1", ALL, reason)


@pytest.mark.parametrize("when", ["before", "between"])
def test_a_legal_hold_stops_it(home, when):
    def hold():
        case = compliance_case()
        case.tenant, case.kind, case.state = home, "hold", "active"
        case.save()

    if when == "before":
        hold()
        with by("one"), pytest.raises(KeyRefused, match="legal hold"):
            propose_destruction("t1", ALL, WHY)
        return
    made = proposed()
    hold()
    with by("two"), pytest.raises(KeyRefused, match="legal hold"):
        destroy_keys(made.pk)
    assert TenantKey.objects.get().state == "active"


class TestOneVersion:
    def test_it_goes_when_no_row_needs_it(self, home):
        rotate_key("t1")
        with by("one"), pytest.raises(KeyRefused, match="1 rows are still sealed under version 1"):
            propose_destruction("t1", 1, WHY)
        reseal("t1")
        with by("one"), pytest.raises(KeyRefused, match="within the hour"):
            propose_destruction("t1", 1, WHY)
        TenantKey.objects.filter(version=1).update(retired_at=now() - dt.timedelta(hours=2))
        made = proposed(1)
        with by("two"):
            destroy_keys(made.pk)

        assert dict(TenantKey.objects.values_list("version", "state")) == {1: "destroyed", 2: "active"}
        assert SocialAccount.objects.get().access_token_encrypted == b"tok-canary"
        assert rotate_key("t1").version == 3  # the wrapping key is there

    def test_the_active_one_stays(self, home):
        with by("one"), pytest.raises(KeyRefused, match="is active: rotate first"):
            propose_destruction("t1", 1, WHY)

    def test_one_that_is_not_there(self, home):
        with by("one"), pytest.raises(KeyRefused, match="no version 7"):
            propose_destruction("t1", 7, WHY)


class TestDates:
    def test_every_copy_counts(self, settings):
        settings.NDS = dataclasses.replace(settings.NDS, backup_days=10, database={"HOST": "x"})
        moment = now()
        found = copies(moment, moment + dt.timedelta(days=20))

        assert [(copy.what, (copy.until - moment).days) for copy in found] == [
            ("The database", 0), ("Processes that have it in memory", 0), ("Own backups", 10),
            ("AWS KMS, which waits before it deletes", 20),
            ("D1's Time Travel", 30),
        ]  # fmt: skip

    def test_without_copies_it_is_gone_at_once(self, settings):
        settings.NDS = dataclasses.replace(settings.NDS, backup_days=0, database={})
        moment = now()

        assert copies(moment, None)[-1].until - moment == dt.timedelta(minutes=5)  # processes keep keys for so long

    def test_what_is_foreseen_knows_the_window(self, home, settings):
        TenantKey.objects.update(provider="aws")
        settings.NDS = dataclasses.replace(settings.NDS, backup_days=0, kms_window=9, database={})

        assert (foreseen("t1", ALL)[-1].until - now()).days in {8, 9}


def test_a_provider_that_does_not_answer_can_be_asked_again(home, settings, monkeypatch):
    """Dies where the database would say that all is gone while the wrapping key is not."""
    kms = StrictKms()
    aws = AwsKms(30, kms)
    monkeypatch.setattr("security.services.destruction.provider_named", lambda name: aws)
    TenantKey.objects.update(provider="aws", kek_ref="alias/nds-t1")
    made = proposed()
    aws.prepare("alias/nds-t1")
    monkeypatch.setattr(kms, "schedule_key_deletion", lambda **_: kms._refuse("KMSInternalException", "x"))
    with by("two"), pytest.raises(ProviderFailed):
        destroy_keys(made.pk)
    assert KeyDestruction.objects.get().gone_at is None
    assert TenantKey.objects.get().state == "destroyed"

    monkeypatch.undo()
    monkeypatch.setattr("security.services.destruction.provider_named", lambda name: aws)
    with by("two"):
        done = finish_destruction(made.pk)
    assert (done.gone_at - now()).days >= 29
    assert finish_destruction(made.pk).gone_at == done.gone_at


def test_a_wrapping_key_that_still_serves_somebody_stays(home):
    other = keyed(tenant(tenant_id="t2", kms_key_id="kms://t1/key"))
    social_account(tenant=other, access_token_encrypted=b"tok-other")
    made = proposed()
    with by("two"):
        destroy_keys(made.pk)

    assert SocialAccount.objects.get(tenant="t2").access_token_encrypted == b"tok-other"


def test_of_two_who_approve_at_once_one_is_late(home, monkeypatch):
    """Dies where the state is read and not guarded: the other one is done between our check and our statement."""
    made = proposed()
    check = destruction._check

    def slow(*given):
        check(*given)
        monkeypatch.setattr(destruction, "_check", check)
        with by("three"):
            destroy_keys(made.pk)

    monkeypatch.setattr(destruction, "_check", slow)
    with by("two"), pytest.raises(KeyRefused, match="settled by now"):
        destroy_keys(made.pk)
