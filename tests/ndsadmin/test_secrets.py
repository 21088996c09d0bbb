"""What is encrypted is nowhere else: a canary in every secret column of a tenant, and every place looked at that could
hold one. Dies where a page, an export, an error, a log, an entry or the file of the database holds a value."""

import base64
import gzip
import shutil

import numpy as np
import pytest
from django.db import connections, transaction
from django.test import Client

from ndsadmin.db.sqlite.base import DatabaseWrapper
from publishing.models import SocialAccount
from security.models import ComplianceCase
from security.scope import Scope, acting
from security.services import vault as vaults
from tenants.models import BrandProfile, User
from tests.arranging import arranging
from tests.ndsadmin.test_sweep import addresses, asked, foreign_keys, text_of
from tests.security.rls.conftest import world  # noqa: F401

CANARY = "cnry-9f31-5ac7-token"
NUMBER = 0.7310585856437683
TENANT = "tenant_001"

pytestmark = pytest.mark.embedded


def forms() -> list[bytes]:
    """How the values could be written somewhere."""
    vector = np.full(1536, NUMBER, dtype="<f4")
    texts = [CANARY.encode(), base64.b64encode(CANARY.encode())[:-4], CANARY.encode().hex().encode()]
    return [*texts, CANARY.encode().hex().upper().encode(), vector[:4].tobytes(), b"0.73105"]


@pytest.fixture
def site(world, tmp_path, django_db_blocker, settings, monkeypatch):  # noqa: F811
    path = tmp_path / "secrets.sqlite3"
    shutil.copy(world.path("all"), path)
    settings.ALLOWED_HOSTS = ["*"]
    holder = vaults.LocalKeyring(world.folder)
    monkeypatch.setattr(vaults, "provider_named", lambda name: holder)
    usual = connections["default"]
    with django_db_blocker.unblock():
        connections["default"] = DatabaseWrapper({**usual.settings_dict, "NAME": str(path)}, "default")
        try:
            with acting(Scope.of_command("secrets")), arranging(), transaction.atomic():
                plant()
            yield path
        finally:
            connections["default"].close()
            connections["default"] = usual


def plant() -> None:
    for account in SocialAccount.objects.filter(tenant=TENANT):
        account.access_token_encrypted = account.refresh_token_encrypted = CANARY.encode()
        account.save()
    brand = BrandProfile.objects.get(pk=TENANT)
    brand.embeddings = brand.tone_vectors = np.full(1536, NUMBER, dtype="<f4")
    brand.save()
    for person in User.objects.filter(tenant=TENANT):
        person.mfa_secret = CANARY
        person.save()
    for case in ComplianceCase.objects.filter(tenant=TENANT):
        case.notes_encrypted = CANARY.encode()
        case.save()


def test_a_value_is_nowhere_else(site, caplog):
    keys = foreign_keys("tenant_002")  # of the other's other: those that hold the canaries
    some = [key for listed in keys.values() for key in listed]
    people = [
        User.objects.select_related("tenant").get(tenant_id=TENANT, role="owner"),
        User.objects.select_related("tenant").filter(tenant_id="platform", role="owner").first(),
    ]
    told = []
    account = SocialAccount.objects.filter(tenant=TENANT).values_list("pk", flat=True).first()
    for person in people:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        for address in [*(found for found, _ in addresses(keys)), f"/publishing/accounts/{account}/"]:
            if address != "/logout/":
                told += [address for answer in asked(client, address, some, keys) if holds(text_of(answer).encode())]
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert told == []
    assert not holds(caplog.text.encode())
    assert not holds(site.read_bytes())
    with acting(Scope.of_command("secrets")):
        assert SocialAccount.objects.get(pk=account).access_token_encrypted == CANARY.encode()


def test_an_error_page_that_tells_all_does_not_tell_it(site, settings, monkeypatch):
    """With NDS_DEBUG on Django shows the variables of each frame."""
    settings.DEBUG = True
    monkeypatch.setattr("ndsadmin.dashboard.views.accounts.token_states", broken)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.select_related("tenant").get(tenant_id=TENANT, role="owner"))
    answer = client.get("/publishing/accounts/")

    assert answer.status_code == 500
    assert not holds(answer.content)


def broken(*_, **__):
    row = SocialAccount.objects.filter(tenant=TENANT).first()  # in a variable of the frame
    raise ValueError(f"something about {row} and {row.__dict__['access_token_encrypted']}")


def holds(text: bytes) -> bool:
    text = gzip.decompress(text) if text[:2] == b"\x1f\x8b" else text
    return any(form in text for form in forms())


def test_it_would_see_one():
    assert all(holds(b"x" + form) for form in forms())
