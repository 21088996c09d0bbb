"""Sealing anew: everything in the end, nothing lost on the way, whoever writes or dies meanwhile."""

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from django.db import connection

from publishing.models import SocialAccount
from security.crypto.envelope import seal_legacy
from security.crypto.fields import Ciphertext
from security.exceptions import KeyRefused
from security.models import AuditLog, TenantKey
from security.services import reencryption
from security.services.keys import rotate_key
from security.services.reencryption import remaining, reseal, rows_under, sealed_rows
from security.services.vault import vault
from tenants.models import BrandProfile, User
from tests.factories.publishing import social_account
from tests.factories.security import compliance_case, keyed
from tests.factories.tenants import brand_profile, person, tenant
from tests.processes import ROOT, manage


@pytest.fixture
def home(db):
    """A tenant with something in each encrypted column, some of it in the form of before."""
    home = keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))
    key = vault.key("t1", 1)
    brand_profile(tenant=home, embeddings=np.arange(1536), tone_vectors=np.ones(1536))
    for number in range(5):
        social_account(
            tenant=home, access_token_encrypted=b"tok-%d" % number, refresh_token_encrypted=b"ref-%d" % number
        )
    social_account(tenant=home, access_token_encrypted=Ciphertext(seal_legacy(key, b"tok-old")))
    social_account(tenant=home, access_token_encrypted=b"")
    person(tenant=home, mfa_secret="JBSWY3DPEHPK3PXP")
    person(tenant=home)
    case = compliance_case()
    case.tenant, case.notes_encrypted = home, b"a note"
    case.save()
    return home


@pytest.fixture
def neighbour(db):
    other = keyed(tenant(tenant_id="t2", kms_key_id="kms://t2/key"))
    social_account(tenant=other, access_token_encrypted=b"tok-neighbour")
    return other


def tokens() -> set[bytes]:
    return {bytes(row.access_token_encrypted) for row in SocialAccount.objects.filter(tenant="t1")}


def test_what_is_left_is_counted_over_all_columns(home, neighbour):
    assert sealed_rows(["t1", "t2"]) == {"t1": 9, "t2": 1}
    assert remaining(["t1", "t2"]) == {"t1": 1, "t2": 0}  # the row of before
    rotate_key("t1")

    assert remaining(["t1", "t2"]) == {"t1": 9, "t2": 0}
    assert (rows_under("t1", 1), rows_under("t1", 2)) == (9, 0)


def test_all_of_it_is_sealed_anew_and_says_the_same(home, neighbour):
    """Dies where a column is left out, or a value is sealed for another cell."""
    before = tokens()
    neighbours = bytes(SocialAccount.objects.get(tenant="t2").__dict__["access_token_encrypted"])
    rotate_key("t1")
    done = reseal("t1")

    assert (done.rows, done.unreadable, done.is_done) == (9, {}, True)
    assert remaining(["t1"]) == {"t1": 0}
    assert (rows_under("t1", 1), rows_under("t1", 2)) == (0, 9)
    assert tokens() == before
    assert User.objects.get(mfa_secret__isnull=False).mfa_secret == "JBSWY3DPEHPK3PXP"
    brand = BrandProfile.objects.get()
    assert (brand.embeddings == np.arange(1536)).all()
    assert (brand.encryption_version, brand.kms_key_id) == (2, "kms://t1/key")
    assert bytes(SocialAccount.objects.get(tenant="t2").__dict__["access_token_encrypted"]) == neighbours


def test_each_batch_is_recorded(home, monkeypatch):
    monkeypatch.setattr(reencryption, "BATCH", 2)
    rotate_key("t1")
    reseal("t1")

    entries = AuditLog.objects.filter(action="reencrypt_rows")
    assert sum(entry.metadata["rows"] for entry in entries) == 9
    accounts = [entry for entry in entries if entry.resource_type == "social_accounts"]
    assert len(accounts) == 3
    assert {(entry.tenant_id, entry.metadata["version"]) for entry in entries} == {("t1", 2)}


def test_it_goes_on_where_it_stopped(home, monkeypatch):
    monkeypatch.setattr(reencryption, "BATCH", 2)
    rotate_key("t1")
    first = reseal("t1", limit=4)
    assert (first.rows >= 4, first.is_done) == (True, False)
    left = remaining(["t1"])["t1"]

    assert reseal("t1").rows == left
    assert remaining(["t1"]) == {"t1": 0}


def test_who_writes_meanwhile_wins(home, monkeypatch):
    """Compare and set: dies where a newer value is covered up by the older one, sealed anew."""
    rotate_key("t1")
    account = SocialAccount.objects.filter(tenant="t1").order_by("pk").first()
    sealing = reencryption._resealed

    def slow(row, active):
        values = sealing(row, active)
        if row.pk == account.pk and isinstance(row, SocialAccount):
            fresh = SocialAccount.objects.get(pk=row.pk)
            fresh.access_token_encrypted = b"written meanwhile"
            fresh.save()
        return values

    monkeypatch.setattr(reencryption, "_resealed", slow)
    reseal("t1")

    assert bytes(SocialAccount.objects.get(pk=account.pk).access_token_encrypted) == b"written meanwhile"
    monkeypatch.undo()
    reseal("t1")
    assert remaining(["t1"]) == {"t1": 0}


def test_what_cannot_be_read_is_left_as_it_is_and_told(home):
    broken = social_account(tenant=home, access_token_encrypted=Ciphertext(b"x" * 60))
    rotate_key("t1")
    done = reseal("t1")

    assert list(done.unreadable) == [f"social_accounts {broken.pk}"]
    assert bytes(SocialAccount.objects.get(pk=broken.pk).__dict__["access_token_encrypted"]) == b"x" * 60
    assert remaining(["t1"]) == {"t1": 1}


def test_an_empty_text_in_a_column_of_bytes_is_no_obstacle(home):
    """JavaScript may write it so. Dies where such a row is counted as sealed, and stays as it was."""
    account = SocialAccount.objects.filter(tenant="t1", refresh_token_encrypted__isnull=False).first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE social_accounts SET refresh_token_encrypted = '' WHERE account_id = %s", [account.pk])
    rotate_key("t1")

    assert reseal("t1").rows == 9
    assert remaining(["t1"]) == {"t1": 0}


def test_a_rotation_in_between_stops_it(home, monkeypatch):
    rotate_key("t1")
    sealing = reencryption._resealed

    def rotating(row, active):
        if TenantKey.objects.count() == 2:
            rotate_key("t1")
        return sealing(row, active)

    monkeypatch.setattr(reencryption, "_resealed", rotating)
    with pytest.raises(KeyRefused, match="rotated meanwhile"):
        reseal("t1")


def test_for_old_workers_nothing_is_sealed_anew(home, settings):
    settings.NDS = dataclasses.replace(settings.NDS, envelope="legacy")
    with pytest.raises(KeyRefused, match="legacy"):
        reseal("t1")


WRITER = """
import os, sys, time, django
django.setup()
from publishing.models import SocialAccount
from security.audit import Action, record
from django.db import transaction
from security.scope import platform_scope
with platform_scope(reason="a writer of the test", command="writer"):
    keys = list(SocialAccount.objects.order_by("pk").values_list("pk", flat=True))[::5]
    for number in range(10_000):
        account = SocialAccount.objects.get(pk=keys[number % len(keys)])
        with transaction.atomic():
            account.access_token_encrypted = b"written-%d" % number
            account.save(update_fields=["access_token_encrypted"])
            record(Action.REPLACE_TOKEN, resource_type="x", resource_id=account.pk, tenant_id=account.tenant_id)
        print(account.pk, number, flush=True)
"""


@pytest.mark.embedded
def test_killed_again_and_again_under_load_nothing_is_lost(tmp_path):
    """A writer and the command run at once, the command is killed with SIGKILL at random; in the end each value is
    there, under the newest version, and opens."""
    database = tmp_path / "x.sqlite3"
    env = {"NDS_DATA_DIR": str(tmp_path / "data"), "NDS_LOG_LEVEL": "ERROR"}
    manage(database, "migrate", "--verbosity", "0", **env)
    done = manage(database, "demo", "--tenants", "3", "--days", "7", **env)
    assert done.returncode == 0, done.stderr
    _fill(database, env)
    environment = {
        **os.environ, **env, "DATABASE_URL": f"sqlite:///{database}", "NDS_DEBUG": "true", "NDS_HTTPS": "false",
        "DJANGO_SETTINGS_MODULE": "ndsadmin.settings",
    }  # fmt: skip
    assert manage(database, "keys", "rotate", "tenant_001", "--now", **env).returncode == 0
    chance, kills = random.Random(3), 0
    with (tmp_path / "written").open("w+") as told:
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=environment, cwd=ROOT, stdout=told)
        try:
            for _ in range(6):
                worker = subprocess.Popen(
                    [sys.executable, "manage.py", "keys", "reencrypt"], env=environment, cwd=ROOT,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                time.sleep(0.7 + chance.random())
                if worker.poll() is None:
                    worker.send_signal(signal.SIGKILL)
                    kills += 1
                worker.wait(30)
        finally:
            writer.kill()
            writer.wait(30)
        told.seek(0)
        last = {line.split()[0]: int(line.split()[1]) for line in told.read().splitlines() if len(line.split()) == 2}
    done = manage(database, "keys", "reencrypt", **env)
    assert "0 cannot be read" in done.stdout, done.stdout + done.stderr
    shown = _values(environment)

    assert kills >= 1
    assert last
    assert len(shown) >= 3_000
    assert {version for _, version in shown.values()} == {3}
    for key in last.keys() & shown.keys():  # the writer may have been stopped between its commit and telling of it
        assert shown[key][0] >= last[key], key


FILLER = """
import django
django.setup()
from publishing.models import SocialAccount
from security.crypto.envelope import seal_legacy
from security.crypto.fields import Ciphertext
from security.scope import maintenance_scope
from security.services.vault import vault
from security.services.work import record_filling
from django.db import transaction
with maintenance_scope("test"):
    key = vault.key("tenant_001", 1)
    rows = [
        SocialAccount(
            account_id=f"bulk-{n:05}", tenant_id="tenant_001", platform="linkedin", platform_user_id=f"b{n}",
            access_token_encrypted=Ciphertext(seal_legacy(key, b"kept-%d" % n)),
        )
        for n in range(3_000)
    ]
    with transaction.atomic():
        SocialAccount.objects.bulk_create(rows)
        record_filling("social_accounts", 3_000, "bulk-00000", "bulk-02999")
"""
READER = """
import django, json
django.setup()
from publishing.models import SocialAccount
from security.crypto.envelope import version_of
from security.scope import platform_scope
found = {}
with platform_scope(reason="a reader of the test", command="reader"):
    for row in SocialAccount.objects.filter(pk__startswith="bulk-"):
        value = bytes(row.access_token_encrypted).decode()
        if not value.startswith("written-"):
            assert value == f"kept-{int(row.pk[5:])}", (row.pk, value)
        number = int(value[8:]) if value.startswith("written-") else None
        found[row.pk] = (number, version_of(bytes(row.__dict__["access_token_encrypted"])))
print(json.dumps(found))
"""


def _run(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _fill(database, env) -> None:
    _run(FILLER, {
        **os.environ, **env, "DATABASE_URL": f"sqlite:///{database}", "NDS_DEBUG": "true", "NDS_HTTPS": "false",
        "DJANGO_SETTINGS_MODULE": "ndsadmin.settings",
    })  # fmt: skip


def _values(environment) -> dict:
    return json.loads(_run(READER, environment).splitlines()[-1])


def test_no_more_rows_than_a_batch_are_held(home, monkeypatch):
    sizes = []
    sealing = reencryption._reseal_batch

    def counted(active, batch, unreadable):
        sizes.append(len(batch))
        return sealing(active, batch, unreadable)

    monkeypatch.setattr(reencryption, "_reseal_batch", counted)
    monkeypatch.setattr(reencryption, "BATCH", 3)
    rotate_key("t1")
    reseal("t1")

    assert max(sizes) == 3
