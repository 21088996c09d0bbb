"""Ways to more than one's role, each as it was seen in the world or as OWASP ASVS 5.0 names it (ids in the names).

What is about one service is tested there (roles and owners: `tests/tenants/services/test_people.py`; stale invitations:
`test_invitations.py`; looking as somebody: `test_looking.py`; passwords: `tests/tenants/test_passwords.py`). Here is
what goes over pages.
"""

import datetime as dt

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from content.models import ContentTemplate
from security.models import AuditLog, Session
from security.scope import tenant_scope
from tenants.models import User
from tenants.services.people import change_role, suspend
from tests.arranging import arranging
from tests.factories.content import content_template, skill
from tests.factories.publishing import post
from tests.factories.tenants import PASSWORD, person, platform_person, tenant
from tests.processes import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner")


def form_of(client: Client, address: str) -> dict[str, str]:
    """What the form at an address would send."""
    form = client.get(address).context["adminform"].form
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def test_netbox_22817_asvs_15_3_3_a_form_takes_no_field_that_it_does_not_show(home, operator, signed_in):
    """Mass assignment: role, tenant and status beside the name."""
    target = person(tenant=home, role="viewer")
    client, address = signed_in(operator), f"/data/tenants/user/{target.pk}/change/"

    given = {**form_of(client, address), "full_name": "Renamed", "role": "owner", "status": "deleted", "tenant": "x"}
    client.post(address, {**given, "email": "eve@example.com", "mfa_enabled": "on", "password": "x" * 20})

    stored = User.objects.get(pk=target.pk)
    assert (stored.full_name, stored.role, stored.status, stored.tenant_id) == ("Renamed", "viewer", "active", home.pk)
    assert stored.email == target.email
    assert stored.check_password(PASSWORD)


def test_netbox_22817_nor_does_one_that_makes_a_row(home, owner, signed_in):
    """Another tenant's name in the form for a new row: it becomes one's own."""
    other = tenant()
    client, address = signed_in(owner), "/data/content/contenttemplate/add/"
    given = {**form_of(client, address), "name": "New", "template_type": "story", "platform": "linkedin"}

    client.post(address, {**given, "structure": "{}", "tenant": other.pk, "tenant_id": other.pk, "use_count": 99})

    made = ContentTemplate.objects.get(name="New")
    assert (made.tenant_id, made.use_count) == (home.pk, 0)


@pytest.mark.parametrize(
    "query", ["?tenant__name=x", "?user__password__startswith=%242b", "?role__in=owner", "?o=password"]
)
def test_netbox_21988_nested_lookups_reveal_nothing(query, owner, signed_in):
    """A filter or an order that no list offers is not a way to ask."""
    client = signed_in(owner)
    plain = client.get("/data/tenants/user/").context["page"].rows

    assert [row.key for row in client.get(f"/data/tenants/user/{query}").context["page"].rows] == [
        row.key for row in plain
    ]


def test_netbox_21988_search_finds_nothing_in_what_is_not_shown(support, signed_in):
    """Support sees addresses from the @ on, and no text of a post: neither is found by it."""
    person(email="very.secret.name@example.com")
    post(text="the unpublished merger")
    client = signed_in(support)

    assert client.get("/data/tenants/user/?q=very.secret").context["page"].rows == []
    assert client.get("/data/publishing/publishedpost/?q=merger").context["page"].rows == []


def test_django_docs_nobody_edits_people_like_rows_of_the_framework(owner, signed_in):
    """Staff who may change users make themselves superusers: there is no superuser, and no such form."""
    client = signed_in(owner)

    assert not any(hasattr(User, name) for name in ("user_permissions", "is_staff"))
    assert client.get(f"/data/tenants/user/{owner.pk}/change/")["Location"] == "../"
    assert client.post(f"/data/tenants/user/{owner.pk}/change/", {"full_name": "x"}).status_code == 403


def test_netbox_22429_no_permission_is_held_without_a_row(home, owner, operator):
    for who in (owner, operator):
        for perm in ("content.change_contenttemplate", "tenants.change_user", "content.view_contenttemplate"):
            assert who.has_perm(perm) is False
            assert who.has_perm(perm, None) is False


@pytest.mark.parametrize("role", ["viewer", "member", "admin", "owner"])
def test_asvs_8_2_2_a_permission_is_for_rows_of_ones_own_tenant(role, home, django_assert_num_queries):
    who, mine, other = person(tenant=home, role=role), content_template(tenant=home), content_template()

    if role != "viewer":
        with django_assert_num_queries(0):  # by role: without a query
            assert who.has_perm("content.change_contenttemplate", mine)
    assert not who.has_perm("content.change_contenttemplate", other)
    assert not who.has_perm("content.delete_contenttemplate", mine)
    assert not who.has_perm("content.change_skill", mine)  # another table's permission
    assert not who.has_perm("nonsense", mine)


def test_asvs_8_2_2_a_global_skill_is_nobodys_to_change(home, owner):
    assert owner.has_perm("content.change_skill", skill(visibility=f"tenant:{home.pk}"))
    assert not owner.has_perm("content.change_skill", skill(visibility="global"))
    assert not owner.has_perm("content.change_skill", skill(visibility="tenant:other"))


def test_asvs_8_4_1_what_is_another_tenants_is_not_found(owner, signed_in):
    """404 and not 403: whether there is such a row is no business of the next tenant's."""
    foreign, client = content_template(), signed_in(owner)
    at = f"/data/content/contenttemplate/{foreign.pk}/"

    answers = [client.get(at), client.get(f"{at}change/"), client.post(f"{at}change/", {"name": "x"})]
    answers += [client.get(f"/people/{person().pk}/"), client.post(f"/share/content_template/{foreign.pk}/", {})]
    assert [response.status_code for response in answers] == [404] * 5
    assert answers[0].content == client.get("/data/content/contenttemplate/there-is-none/").content


def test_asvs_8_1_1_8_1_2_the_documented_roles_are_those_in_force():
    assert (
        "| Content templates | view, add, change, publish, share, export |" in (ROOT / "docs" / "roles.md").read_text()
    )


def test_asvs_8_2_3_what_a_role_does_not_see_is_in_no_answer(home, signed_in):
    """An admin and the customer number; support and an address. Dies where a page forgets a column."""
    with arranging():
        type(home).objects.filter(pk=home.pk).update(stripe_customer_id="cus_secret", kms_key_id="kms://secret/key")
    admin = person(tenant=home, role="admin", email="hidden.name@example.com")
    pages = ["/settings/", "/", "/people/", f"/data/tenants/tenant/{home.pk}/", "/data/tenants/tenant/"]
    seen = "".join(signed_in(admin).get(page).content.decode() for page in pages)
    assert "cus_secret" not in seen
    assert "kms://secret" not in seen

    client = signed_in(platform_person(role="member"))
    pages = [f"/tenants/{home.pk}/", "/tenants/", f"/data/tenants/user/{admin.pk}/", "/data/tenants/user/"]
    seen = "".join(client.get(page).content.decode() for page in pages)
    assert "hidden.name" not in seen
    assert "…@example.com" in seen


def test_asvs_8_3_2_another_role_holds_from_the_next_click(home, owner, signed_in):
    admin = person(tenant=home, role="admin")
    client = signed_in(admin)
    assert client.get("/settings/").status_code == 200
    with tenant_scope(home.pk, actor=owner):
        change_role(owner, [admin], "viewer")

    assert client.get("/settings/").status_code == 403
    assert client.post("/people/", {"do": "invite"}).status_code == 403


@pytest.mark.parametrize("whom", ["person", "tenant"])
def test_asvs_7_4_2_who_is_suspended_is_out_at_the_next_click(whom, home, owner, operator, signed_in):
    member = person(tenant=home, role="member")
    client = signed_in(member)
    assert client.get("/").status_code == 200
    if whom == "person":
        with tenant_scope(home.pk, actor=owner):
            suspend(owner, [member])
    else:
        signed_in(operator).post(f"/tenants/{home.pk}/", {"do": "suspend", "reason": "Unpaid"})

    assert client.get("/")["Location"].startswith("/login/")


def test_asvs_7_4_1_signing_out_ends_the_session_on_the_server(owner, signed_in):
    client = signed_in(owner)
    key = client.session.session_key
    client.post("/logout/")

    assert not Session.objects.filter(pk=key).exists()


def test_asvs_7_4_5_an_admin_ends_the_sessions_of_his_people(home, owner, signed_in):
    member = person(tenant=home, role="member")
    client = signed_in(member)
    signed_in(owner).post(f"/people/{member.pk}/", {"do": "end_sessions"})

    assert client.get("/")["Location"].startswith("/login/")
    assert AuditLog.objects.get(action="end_sessions").metadata == {"sessions": 1}


def test_asvs_6_3_2_there_is_no_account_that_nobody_made():
    assert not User.objects.exists()
    with override_settings(DEBUG=False), pytest.raises(CommandError):
        call_command("demo")


# ---- Guessing ------------------------------------------------------------------------------------------------
def attempt(email: str, password: str = "wrong", address: str = "192.0.2.1", agent: str = "x"):
    given = {"email": email, "password": password}
    return Client().post("/login/", given, REMOTE_ADDR=address, headers={"User-Agent": agent})


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_asvs_6_3_1_guessing_ends_after_ten_for_known_and_unknown_alike(email):
    person(email="ada@example.com")

    answers = [attempt(email, agent=str(number)).status_code for number in range(12)]

    assert answers == [403] * 10 + [429] * 2
    assert attempt(email, PASSWORD).status_code == 429  # the right one, too


def test_asvs_6_3_1_nobody_locks_a_stranger_out():
    """Whoever guesses at an account from elsewhere: its owner comes in from his own address."""
    person(email="ada@example.com")
    for _ in range(11):
        attempt("ada@example.com")

    assert attempt("ada@example.com", PASSWORD, address="198.51.100.7")["Location"] == "/"


def test_asvs_6_3_1_a_quarter_of_an_hour_later_one_may_try_again():
    person(email="ada@example.com")
    for _ in range(11):
        attempt("ada@example.com")

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16)):
        assert attempt("ada@example.com", PASSWORD)["Location"] == "/"


def test_asvs_6_3_1_coming_in_forgets_what_failed_before():
    person(email="ada@example.com")
    for _ in range(3):
        for _ in range(9):
            attempt("ada@example.com")
        assert attempt("ada@example.com", PASSWORD)["Location"] == "/"


def test_what_is_kept_of_an_attempt_names_nobody():
    """People type their password where the address belongs."""
    attempt("My secret password 1")
    kept = list(AccessAttempt.objects.values())

    assert len(kept) == 2  # of the account, and of anybody from that address
    assert not [row for row in kept if "secret" in str(row) or "wrong" in str(row)]


def test_asvs_6_3_8_unknown_wrong_too_long_and_suspended_get_the_same_answer():
    person(email="ada@example.com")
    person(email="bob@example.com", status="suspended")
    pages = [
        attempt(email, password).content.decode()
        for email, password in (
            ("ada@example.com", "wrong"), ("ada@example.com", "x" * 80), ("eve@example.com", "wrong"),
            ("bob@example.com", PASSWORD), ("eve@example.com", "x" * 80),
        )
    ]  # fmt: skip

    plain = [page.replace("ada@", "?@").replace("eve@", "?@").replace("bob@", "?@") for page in pages]
    without_tokens = {page.partition('name="csrfmiddlewaretoken"')[0] for page in plain}
    assert len(without_tokens) == 1
    assert all("do not go together" in page for page in plain)
