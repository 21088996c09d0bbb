"""What a review found could be seen past the matrix, or be done past the person: each once, and mended."""

import datetime as dt
import json
from functools import partial

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from security.audit import Action, record
from security.models import AuditLog
from security.scope import platform_scope, tenant_scope
from tenants.exceptions import InvitationRefused, NotManaged, TenantRefused
from tenants.middleware import LOOKING
from tenants.models import Invitation, Tenant, User
from tenants.queries import people
from tenants.services.brand import create_brand
from tenants.services.invitations import invite
from tenants.services.tenants import change_settings, change_tenant, set_plan
from tests.arranging import arranging
from tests.conftest import without_scope
from tests.factories.content import content_template
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, person, platform_person, tenant
from tests.tenants.services.test_invitations import asking, joining

pytestmark = pytest.mark.django_db
SECRET = "#abcdef"
DOCUMENTS = {"palette": [SECRET], "typography": {}, "logo_rules": {}, "lexicon": None, "messaging": None}


@pytest.fixture
def home():
    return keyed(tenant())


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner")


def entered(client: Client, home) -> Client:
    client.post("/tenants/enter/", {"tenant": home.pk, "reason": "To look"})
    return client


def looking(client: Client, who) -> Client:
    entered(client, who.tenant)
    client.post(f"/people/{who.pk}/", {"do": "look", "reason": "They see nothing", "password": PASSWORD})
    return client


# ---- Seen ----------------------------------------------------------------------------------------------------
def test_a_brands_form_is_no_way_to_read_what_the_page_hides(home, owner, operator, signed_in):
    with platform_scope(reason="Arranged", actor=operator):
        create_brand(home, DOCUMENTS, "New")
    client = looking(signed_in(operator), owner)

    assert client.get("/brand/?edit").status_code == 403
    assert not client.get("/brand/").context["may_change"]


def answers_about(client: Client, entry: AuditLog) -> str:
    """All that the site says of an entry: pages, list, files."""
    key = entry.pk
    client.post("/data/security/auditlog/columns/", {"column": ["action", "metadata"]})
    said = [
        client.get(at).content.decode()
        for at in (f"/audit/{key}/", f"/data/security/auditlog/{key}/", "/data/security/auditlog/", "/audit/")
    ]
    for kind in ("csv", "json", "ndjson"):
        for at in ("/data/security/auditlog/export/", "/audit/export/"):
            response = client.post(at, {"format": kind})
            said.append(without_scope(partial(b"".join, response.streaming_content)).decode())
    return "".join(said)


@pytest.mark.parametrize(("who", "kind", "column", "is_seen"), [
    ("admin", "tenant", "stripe_customer_id", False), ("owner", "tenant", "stripe_customer_id", True),
    ("operator", "tenant", "stripe_customer_id", True), ("owner", "tenant", "kms_key_id", False),
    ("operator", "brand_profile", "palette", False), ("auditor", "brand_profile", "palette", False),
    ("owner", "brand_profile", "palette", True),
])  # fmt: skip
def test_the_trail_tells_no_more_of_a_column_than_its_page(who, kind, column, is_seen, home, signed_in, request):
    """Dies where an entry's page, the log's columns or a file show a change whole."""
    is_of_tenant = who in {"owner", "admin"}
    reader = person(tenant=home, role=who) if is_of_tenant else request.getfixturevalue(who)
    with platform_scope(reason="Arranged", actor=platform_person(role="owner")):
        entry = change_of(kind, home, column)

    text = answers_about(signed_in(reader), entry)
    assert ("a-secret-value" in text) is is_seen
    assert "another-column" in text


def change_of(kind: str, home, column: str) -> AuditLog:
    details = {"changes": {column: [None, "a-secret-value"], "another-column": [1, 2]}}
    with transaction.atomic():
        return record(
            Action(f"update_{kind}"), resource_type=kind, resource_id=home.pk, tenant_id=home.pk, details=details
        )


def test_a_file_of_the_trail_is_json_however_it_is_hidden(home, auditor, signed_in):
    with platform_scope(reason="Arranged", actor=auditor):
        change_of("brand_profile", home, "palette")
    response = signed_in(auditor).post("/audit/export/", {"format": "ndjson"})
    lines = [json.loads(line) for line in without_scope(lambda: b"".join(response.streaming_content)).splitlines()]

    told = next(line for line in lines if line["action"] == "update_brand_profile")
    assert told["metadata"]["changes"] == {"palette": "changed", "another-column": [1, 2]}


def test_support_sees_no_address_and_cannot_find_one_out(home, owner, support, signed_in, monkeypatch):
    for name in ("aaa", "secretname", "zzz"):
        person(tenant=home, email=f"{name}@example.com")
    with tenant_scope(home.pk, actor=owner):
        invite(owner, home, "invited.secret@example.com", "viewer", link=str)
    client = entered(signed_in(support), home)
    monkeypatch.setattr(people, "PAGE", 2)

    page = client.get("/people/")
    assert "secret" not in page.content.decode()
    assert "@" not in page.context["next"]
    shown = [
        [line["person"].pk for line in client.get(f"/people/?after={probe}").context["lines"]]
        for probe in ("secretnam", "secretnamf")
    ]
    assert shown[0] == shown[1]


def test_support_does_not_read_what_was_shared(home, owner, support, signed_in):
    viewer, row = person(tenant=home, role="viewer"), content_template(tenant=home, name="Unpublished merger")
    signed_in(owner).post(
        f"/share/content_template/{row.pk}/", {"person": viewer.pk, "what": "change", "reason": "Secret"}
    )

    assert signed_in(owner).get(f"/people/{viewer.pk}/").context["page"].shared
    assert entered(signed_in(support), home).get(f"/people/{viewer.pk}/").context["page"].shared == []


# ---- Recorded ------------------------------------------------------------------------------------------------
def test_what_is_refused_twice_in_a_minute_is_refused_twice(home, support, signed_in):
    """One entry an address and minute, of each tenant: the first is out of sight in the second scope."""
    client = signed_in(support)
    assert client.get("/operations/sql/").status_code == 403
    entered(client, home)

    assert client.get("/operations/sql/").status_code == 403
    assert AuditLog.objects.filter(action="deny_access").count() == 2


def test_looking_as_somebody_is_an_entry_of_its_own(home, owner, operator, signed_in):
    client = entered(signed_in(operator), home)
    client.get(f"/people/{owner.pk}/")
    looking(client, owner)
    client.get(f"/people/{owner.pk}/")

    told = [(entry.metadata or {}).get("looking_as") for entry in AuditLog.objects.filter(action="read_user")]
    assert sorted(told, key=str) == [None, owner.pk] or set(told) == {None, owner.pk}


def test_the_token_of_a_link_is_in_no_entry(home, owner, operator, signed_in):
    client = looking(signed_in(operator), owner)
    client.get("/account/email/a-token-of-a-link/")

    (entry,) = AuditLog.objects.filter(action="deny_access")
    assert entry.resource_id == "/account/email/…/"


# ---- Done ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["time", "person"])
def test_what_was_sent_as_somebody_is_not_done_as_oneself(how, home, owner, operator, signed_in):
    """Minute 31: the page was drawn as Ada, and is sent by the operator."""
    viewer = person(tenant=home, role="viewer")
    client = looking(signed_in(operator), owner)
    later = dt.timedelta(minutes=31 if how == "time" else 0)
    if how == "person":
        with arranging():
            User.objects.filter(pk=owner.pk).update(status="suspended")
    with time_machine.travel(dt.datetime.now(dt.UTC) + later):
        response = client.post(f"/people/{viewer.pk}/", {"do": "suspend", "reason": "As the owner"})

    assert response.status_code == 403
    assert User.objects.get(pk=viewer.pk).status == "active"
    assert AuditLog.objects.filter(action="stop_looking").count() == 1
    assert LOOKING not in client.session


def test_the_end_is_recorded_whatever_is_asked_first(owner, operator, signed_in):
    client = looking(signed_in(operator), owner)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        client.get("/there-is-no-such-page/")
        client.get("/")

    assert AuditLog.objects.filter(action="stop_looking").count() == 1


def test_a_plan_does_not_bring_a_consent_back(home, owner, operator):
    """The owner took it back after the operator's page was drawn."""
    with arranging():
        Tenant.objects.filter(pk=home.pk).update(settings={"skill_sharing_consent": True})
    seen = Tenant.objects.get(pk=home.pk)
    with tenant_scope(home.pk, actor=owner):
        rules = {"timezone": "UTC", "cost_per_post_usd": "50"}
        change_settings(Tenant.objects.get(pk=home.pk), name=home.name, rules=rules)
    with platform_scope(reason="A plan", actor=operator):
        set_plan(seen, tier="standard", max_posts="5", reason="x")

    stored = Tenant.objects.get(pk=home.pk).settings
    assert (stored["skill_sharing_consent"], stored["max_posts_per_month"]) == (False, 5)


def test_an_admin_does_not_void_an_owners_invitation_by_another(home, owner):
    admin = person(tenant=home, role="admin")
    with tenant_scope(home.pk, actor=owner):
        invite(owner, home, "ada@example.com", "owner", link=str)
    with tenant_scope(home.pk, actor=admin), pytest.raises(NotManaged):
        invite(admin, home, "ada@example.com", "viewer", link=str)

    assert Invitation.objects.get().role == "owner"


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_one_address_is_one_person_whatever_its_letters(status, home, owner):
    token = asking(owner, "ada@example.com")
    person(tenant=home, email="Ada@Example.com", status=status)  # as an import may bring

    with pytest.raises(InvitationRefused):
        joining(token)
    assert User.objects.filter(email__iexact="ada@example.com").count() == 1


def test_a_platform_admin_does_not_rename_a_platform_owner(operator, signed_in):
    admin = platform_person(role="admin")

    assert not admin.has_perm("tenants.change_user", operator)
    assert operator.has_perm("tenants.change_user", admin)
    response = signed_in(admin).post(f"/data/tenants/user/{operator.pk}/change/", {"full_name": "x"})
    assert response.status_code == 403


def test_a_deleted_tenant_does_not_come_back_by_a_form(home, operator):
    with arranging():
        Tenant.objects.filter(pk=home.pk).update(status="deleted")
    row = Tenant.objects.get(pk=home.pk)
    row.status = "active"
    with platform_scope(reason="x", actor=operator), pytest.raises(TenantRefused, match="does not come back"):
        change_tenant(row, before={"status": "deleted"}, reason="x")


def test_who_the_other_tenants_are_is_not_told_by_a_name_that_is_refused(home, owner):
    """Renaming is no way to ask who else is a customer. Dies with a name that is refused because another has it."""
    tenant(name="Acme Bank")
    rules = {"timezone": "UTC", "cost_per_post_usd": "50"}
    with tenant_scope(home.pk, actor=owner):
        change_settings(Tenant.objects.get(pk=home.pk), name="acme bank", rules=rules)

    assert Tenant.objects.get(pk=home.pk).name == "acme bank"


def test_one_password_tried_on_many_accounts_ends():
    given = {"REMOTE_ADDR": "192.0.2.9"}
    answers = [
        Client().post("/login/", {"email": f"p{number}@example.com", "password": "wrong"}, **given).status_code
        for number in range(102)
    ]

    assert (answers[:100], answers[100:]) == ([403] * 100, [429] * 2)
