import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.db import transaction

from content.models import ContentTemplate
from security.audit import Action, record
from security.models import AuditLog
from security.scope import acting, tenant_scope
from security.witness import Unrecorded
from tenants.exceptions import LookingRefused, ProofRefused
from tenants.middleware import LOOKING
from tenants.services.looking import look_as
from tests.arranging import arranging, watched
from tests.factories.content import content_template
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, brand_profile, person, platform_person, tenant

pytestmark = pytest.mark.django_db
WHY = "They see an empty list"


@pytest.fixture
def home():
    return keyed(tenant())


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner", full_name="Ada Owner")


@pytest.fixture
def looking(operator, owner, signed_in):
    """A client of an operator who looks as the owner."""
    client = signed_in(operator)
    enter(client, owner)
    response = client.post(f"/people/{owner.pk}/", {"do": "look", "reason": WHY, "password": PASSWORD})
    assert response["Location"] == "/"
    return client


def enter(client, who) -> None:
    client.post("/tenants/enter/", {"tenant": who.tenant_id, "reason": "To look"})


def test_an_operator_sees_what_the_person_sees(looking, owner):
    mine, other = content_template(tenant=owner.tenant), content_template()
    page = looking.get("/")

    assert page.wsgi_request.user == owner
    assert "look as <strong>Ada Owner</strong>" in page.content.decode()
    assert looking.get(f"/data/content/contenttemplate/{mine.pk}/").status_code == 200
    assert looking.get(f"/data/content/contenttemplate/{other.pk}/").status_code == 404
    assert looking.get("/tenants/").status_code == 403
    assert looking.get("/operations/keys/").status_code == 403


def test_both_are_named_in_every_entry(looking, owner, operator):
    row = content_template(tenant=owner.tenant)
    looking.get(f"/data/tenants/user/{owner.pk}/")
    looking.get(f"/data/content/contenttemplate/{row.pk}/")

    entries = AuditLog.objects.filter(action__in=["look_as", "read_user"])
    assert {(entry.user_id, entry.metadata["looking_as"]) for entry in entries} == {(operator.pk, owner.pk)}
    assert {entry.tenant_id for entry in entries} == {owner.tenant_id}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "address", ["/settings/", "/people/", "/brand/", "/data/content/contenttemplate/add/", "/account/"]
)
def test_nothing_is_changed_meanwhile(address, method, looking):
    assert getattr(looking, method)(address, {}).status_code in {403, 405}


def test_no_statement_changes_anything_meanwhile(operator, owner, home):
    """Past every page. Dies where the connection's witness lets it through."""
    content_template(tenant=home)

    @transaction.atomic
    def change() -> None:
        record(Action.UPDATE_CONTENT_TEMPLATE, resource_type="x", resource_id="x", tenant_id=home.pk)
        ContentTemplate.objects.update(name="Changed")

    with tenant_scope(home.pk, actor=operator) as scope, acting(replace(scope, looks_as=owner.pk)), watched():  # noqa: SIM117
        with pytest.raises(Unrecorded, match="changes nothing"):
            change()
    assert not ContentTemplate.objects.filter(name="Changed").exists()


def test_the_account_is_its_persons(looking):
    assert looking.get("/account/").status_code == 403
    assert looking.get("/account/sessions/").status_code == 403


def test_what_operators_do_not_see_stays_hidden(looking, home):
    brand_profile(tenant=home, palette=["#abcdef"])

    assert "abcdef" not in looking.get("/brand/").content.decode()
    assert "abcdef" not in looking.get(f"/data/tenants/brandprofile/{home.pk}/").content.decode()


def test_it_is_over_after_half_an_hour(looking, operator):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        page = looking.get("/")

        assert page.wsgi_request.user == operator
        assert LOOKING not in looking.session
    assert AuditLog.objects.get(action="stop_looking").user_id == operator.pk


def test_it_is_over_when_the_operator_stops(looking, operator):
    assert looking.post("/looking/stop/")["Location"] == "/"
    assert looking.get("/").wsgi_request.user == operator
    assert AuditLog.objects.filter(action="stop_looking").count() == 1
    assert looking.post("/looking/stop/").status_code == 403


def test_it_is_over_when_the_person_is_suspended(looking, operator, owner):
    with arranging():
        type(owner).objects.filter(pk=owner.pk).update(status="suspended")

    assert looking.get("/").wsgi_request.user == operator


def test_it_is_over_when_the_operator_is_none_any_more(looking, operator):
    with arranging():
        type(operator).objects.filter(pk=operator.pk).update(role="viewer")

    assert looking.get("/").wsgi_request.user == operator
    assert LOOKING not in looking.session


def test_signing_out_signs_the_operator_out(looking, operator):
    assert looking.post("/logout/")["Location"] == "/login/"

    assert AuditLog.objects.get(action="logout").user_id == operator.pk
    assert AuditLog.objects.filter(action="stop_looking").exists()


def test_never_as_somebody_of_the_platform(operator):
    """ASVS 8.3.1: nobody impersonates his own rank or more."""
    other = platform_person(role="viewer")

    with pytest.raises(LookingRefused, match="person: expected"):
        look_as(operator, other.pk, reason=WHY, password=PASSWORD)


@pytest.mark.parametrize("stored", ["viewer", "member"])
def test_auditors_and_support_look_as_nobody(stored, owner):
    with pytest.raises(LookingRefused):
        look_as(platform_person(role=stored), owner.pk, reason=WHY, password=PASSWORD)


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_people_of_tenants_look_as_nobody(role, owner):
    with pytest.raises(LookingRefused):
        look_as(person(role=role), owner.pk, reason=WHY, password=PASSWORD)


@pytest.mark.parametrize(("reason", "password", "error"), [
    ("", PASSWORD, LookingRefused), ("why", PASSWORD, LookingRefused), (WHY, "wrong", ProofRefused),
], ids=["no reason", "hardly one", "asvs-7.5.3-without the password"])  # fmt: skip
def test_not_without_reason_and_password(reason, password, error, operator, owner):
    with pytest.raises(error):
        look_as(operator, owner.pk, reason=reason, password=password)


def test_as_nobody_who_may_not_come_in(operator):
    away = person(role="owner", tenant=tenant(status="suspended"))

    with pytest.raises(LookingRefused):
        look_as(operator, away.pk, reason=WHY, password=PASSWORD)
