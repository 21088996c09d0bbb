import json

import pytest

from publishing.models import SocialAccount
from security.models import AuditLog, KeyDestruction, TenantKey
from security.services import reencryption
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, person, platform_person, tenant

pytestmark = pytest.mark.django_db
PAGE = "/operations/keys/"


@pytest.fixture
def home(operator):
    home = keyed(tenant(tenant_id="t1", name="Harbour", kms_key_id="kms://t1/key"))
    social_account(tenant=home, access_token_encrypted=b"tok-canary")
    return home


def post(client, **given):
    return client.post(PAGE, {"tenant": "t1", **given}, follow=True)


def test_only_operators_and_over_all_tenants(client_of_operator, signed_in, auditor, support, home):
    assert client_of_operator.get(PAGE).status_code == 200
    for who in (auditor, support, person(tenant=home, role="owner")):
        assert signed_in(who).get(PAGE).status_code == 403
        assert signed_in(who).post(PAGE, {"tenant": "t1", "do": "rotate"}).status_code == 403
    client_of_operator.post("/tenants/enter/", {"tenant": "t1", "reason": "Looking after it"})
    assert client_of_operator.get(PAGE).headers["Location"] == "/"


def test_rotating_and_sealing_anew(client_of_operator, home):
    text = post(client_of_operator, do="rotate", reason="Somebody left").content.decode()
    assert "Harbour: version 2 seals from now on." in text
    assert "1 of 1 rows under older versions" in text
    text = post(client_of_operator, do="reencrypt").content.decode()

    assert "1 rows were sealed anew, 0 are left." in text
    assert "all 1 rows under the newest version" in text
    assert SocialAccount.objects.get().access_token_encrypted == b"tok-canary"


def test_the_bar_is_told_how_far_it_came(client_of_operator, home, monkeypatch):
    for number in range(4):
        social_account(tenant=home, access_token_encrypted=b"tok-%d" % number)
    post(client_of_operator, do="rotate", reason="x")
    monkeypatch.setattr("ndsadmin.dashboard.views.keys.STEP", 2)
    monkeypatch.setattr(reencryption, "BATCH", 2)
    steps = []
    while not steps or not steps[-1]["done"]:
        answer = client_of_operator.post(
            PAGE, {"tenant": "t1", "do": "reencrypt"}, headers={"Accept": "application/json"}
        )
        steps.append(json.loads(answer.content))

    assert [step["left"] for step in steps] == [3, 1, 0]


def test_what_may_not_be_is_said(client_of_operator, home):
    TenantKey.objects.all().delete()
    assert "no active data key" in post(client_of_operator, do="rotate", reason="x").content.decode()
    answer = client_of_operator.post(PAGE, {"tenant": "t1", "do": "reencrypt"}, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "Make a key" in client_of_operator.get(PAGE).content.decode()
    assert "version 2 was made" in post(client_of_operator, do="create").content.decode()


def test_destroying_takes_two_and_their_passwords(client_of_operator, signed_in, home):
    """The page asks for the password each time: a stolen session destroys nothing."""
    given = {"do": "propose", "version": "all", "reason": "The contract has ended."}
    assert "The password is wrong." in post(client_of_operator, **given, password="x").content.decode()
    assert not KeyDestruction.objects.exists()
    assert "proposed. Another operator" in post(client_of_operator, **given, password=PASSWORD).content.decode()
    made = KeyDestruction.objects.get()
    own = {"do": "destroy", "destruction": made.pk, "password": PASSWORD}
    assert "Another operator than the one" in post(client_of_operator, **own).content.decode()

    second = signed_in(platform_person(role="admin"))
    assert "Own backups" in second.get(PAGE).content.decode()
    assert "The password is wrong." in post(second, **{**own, "password": "wrong"}).content.decode()
    assert TenantKey.objects.get().state == "active"
    assert "Gone for good on" in post(second, **own).content.decode()
    assert TenantKey.objects.get().state == "destroyed"
    assert AuditLog.objects.filter(action="destroy_keys", tenant="t1").count() == 2  # done, and gone for good


def test_a_proposal_is_called_off(client_of_operator, home):
    post(client_of_operator, do="propose", version="all", reason="The contract has ended.", password=PASSWORD)
    made = KeyDestruction.objects.get()

    assert "called off" in post(client_of_operator, do="withdraw", destruction=made.pk).content.decode()


def test_odd_input(client_of_operator, home):
    assert client_of_operator.post(PAGE, {"tenant": "t9", "do": "rotate"}).status_code == 404
    assert client_of_operator.post(PAGE, {"tenant": "t1", "do": "what", "destruction": "x"}).status_code == 400
    assert client_of_operator.post(PAGE, {"tenant": "t1", "do": "destroy", "destruction": "x"}).status_code == 404
    given = {
        "tenant": "t1",
        "do": "propose",
        "version": "one",
        "reason": "The contract has ended.",
        "password": PASSWORD,
    }
    assert client_of_operator.post(PAGE, given).status_code == 400


def test_a_proposal_is_of_its_tenant_and_done_in_its_order(client_of_operator, signed_in, home):
    """Dies where the page would destroy one tenant's keys under another's name."""
    tenant(tenant_id="t2", name="Other")
    post(client_of_operator, do="propose", version="all", reason="The contract has ended.", password=PASSWORD)
    given = {"destruction": KeyDestruction.objects.get().pk, "password": PASSWORD}
    second = signed_in(platform_person(role="admin"))

    assert second.post(PAGE, {"tenant": "t2", "do": "destroy", **given}).status_code == 404
    assert "Nothing of that kind was destroyed yet." in post(second, do="finish", **given).content.decode()
    assert TenantKey.objects.get().state == "active"


def test_many_tenants_cost_no_more_queries(client_of_operator, home, django_assert_max_num_queries):
    for _ in range(12):
        keyed(tenant())
    with django_assert_max_num_queries(24):
        client_of_operator.get(PAGE)


def test_pages_follow_each_other(client_of_operator, home, monkeypatch):
    monkeypatch.setattr("ndsadmin.dashboard.keyring.PAGE", 1)
    first = client_of_operator.get(PAGE).content.decode()

    assert "More tenants" in first
    assert "Harbour" not in first
    assert "Harbour" in client_of_operator.get(f"{PAGE}?after=platform").content.decode()
