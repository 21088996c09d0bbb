import pytest
from django.core import mail
from django.db import DatabaseError

from content.models import ContentTemplate
from content.services import founding
from security.models import AuditLog, TenantKey
from security.scope import Scope, acting, platform_scope
from tenants.exceptions import InvitationRefused, NotManaged, OtherRegion, TenantRefused
from tenants.models import Invitation, Tenant
from tests.factories.tenants import person, platform_person, tenant

pytestmark = pytest.mark.django_db
GIVEN = {"region": "eu-west", "tier": "standard", "owner_email": "owner@new.example", "reason": "Contract 4711"}


@pytest.fixture
def founding_as(operator):
    def found(name: str = "New House", **given):
        with platform_scope(reason="Found", actor=operator):
            return founding.found_tenant(operator, name, link=lambda token: f"https://x/{token}", **{**GIVEN, **given})

    return found


def test_a_tenant_comes_with_key_templates_and_invitation(founding_as):
    made, sent = founding_as()

    stored = Tenant.objects.get(name="New House")
    assert sent
    assert (stored.pk, stored.region, stored.tier, stored.status) == (made.pk, "eu-west", "standard", "active")
    assert stored.kms_key_id == f"kms://{made.pk}/key"
    assert stored.settings == {
        "max_posts_per_month": 200, "cost_per_post_usd": 50, "skill_sharing_consent": False,
    }  # fmt: skip
    assert TenantKey.objects.get(tenant=made.pk).state == "active"
    names = ContentTemplate.objects.filter(tenant=made.pk).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Educational", "Promotional", "Announcement", "Story", "Engagement"]
    invited = Invitation.objects.get(tenant=made.pk)
    assert (invited.email, invited.role) == ("owner@new.example", "owner")
    assert mail.outbox[0].to == ["owner@new.example"]
    actions = AuditLog.objects.filter(tenant=made.pk).values_list("action", flat=True)
    assert sorted(set(actions)) == ["create_content_template", "create_tenant", "create_tenant_key", "invite_user"]


@pytest.mark.parametrize(("given", "error", "names"), [
    ({"name": " "}, TenantRefused, "name"), ({"name": "x" * 121}, TenantRefused, "name"),
    ({"tier": "gold"}, TenantRefused, "tier"), ({"reason": ""}, TenantRefused, "reason"),
    ({"region": "us-east"}, OtherRegion, "region"), ({"owner_email": "nobody"}, InvitationRefused, "e-mail"),
])  # fmt: skip
def test_a_mistake_is_named_and_nothing_is_stored(given, error, names, founding_as):
    with pytest.raises(error, match=f"^{names}: "):
        founding_as(**given)

    assert not Tenant.objects.exclude(pk="platform").exists()
    assert mail.outbox == []


def test_all_or_nothing(founding_as, monkeypatch):
    """The last step fails: no tenant, no key, no template. Dies where the steps are not one transaction."""

    def broken(*_, **__):
        raise DatabaseError("The invitation was not stored.")

    monkeypatch.setattr(founding, "open_invitation", broken)
    with pytest.raises(DatabaseError):
        founding_as()

    assert not Tenant.objects.exclude(pk="platform").exists()
    assert not TenantKey.objects.exclude(tenant="platform").exists()
    assert not ContentTemplate.objects.exists()


def test_a_name_is_taken_once(founding_as):
    tenant(name="New House")

    with pytest.raises(TenantRefused, match="name: there is"):
        founding_as("new  house")


@pytest.mark.parametrize("stored", ["viewer", "member"])
def test_auditors_and_support_make_no_tenant(stored):
    who = platform_person(role=stored)
    with platform_scope(reason="Found", actor=who), pytest.raises(NotManaged):
        founding.found_tenant(who, "New House", link=str, **GIVEN)


def test_an_owner_makes_no_tenant():
    who = person(role="owner")
    with acting(Scope("r", who.pk, who.security_role)), pytest.raises(NotManaged):
        founding.found_tenant(who, "New House", link=str, **GIVEN)
