"""A new tenant, whole or not at all: its row, its data key, its five templates, its first owner's invitation."""

from collections.abc import Callable

from content.enums import TemplateType
from content.models import ContentTemplate
from security.roles import Verb, may
from security.scope import current_scope
from security.services.repeating import repeatable
from security.services.rows import create_row
from tenants.enums import UserRole
from tenants.exceptions import OutOfReach
from tenants.models import Tenant, User
from tenants.services.invitations import checked_address, open_invitation, send_invitation
from tenants.services.mail import check_mail
from tenants.services.tenants import create_tenant

TEMPLATES = ("Educational", "Promotional", "Announcement", "Story", "Engagement")
"""What every tenant starts with (domain.md, Content)."""
PLATFORMS = ("linkedin", "instagram", "twitter", "facebook", "linkedin")

Link = Callable[[str], str]


def found_tenant(
    operator: User, name: str, *, region: str, tier: str, owner_email: str, reason: str, link: Link
) -> tuple[Tenant, bool]:
    """Make a tenant and invite its first owner; whether the mail server took the mail.

    Raises:
        TenantRefused, OtherRegion, InvitationRefused, OutOfReach, MailOff: see the message; nothing is stored.
    """
    if not may(current_scope().role, Verb.ADD, "tenants"):
        raise OutOfReach("Only operators make tenants.")
    check_mail()
    address = checked_address(owner_email)
    tenant, token = _founded(operator, name, region, tier, address, reason)
    return tenant, send_invitation(operator, tenant, address, UserRole.OWNER.value, link(token))


@repeatable
def _founded(operator: User, name: str, region: str, tier: str, email: str, reason: str) -> tuple[Tenant, str]:
    tenant = create_tenant(name, region=region, tier=tier, reason=reason)
    for template in standard_templates(tenant):
        create_row(template, reason=reason)
    return tenant, open_invitation(operator, tenant, email, UserRole.OWNER.value, reason=reason)


def standard_templates(tenant: Tenant) -> list[ContentTemplate]:
    """The five templates of a tenant, not stored."""
    return [
        ContentTemplate(
            tenant=tenant,
            name=name,
            template_type=TemplateType.STORY if name == "Story" else TemplateType.SOCIAL_POST,
            platform=platform,
            structure={"layout": "3-column" if place % 2 else "hero", "blocks": ["headline", "image", "cta"]},
            constraints={"min_font_pt": 22, "max_text_blocks": 3},
            default_copy_blocks=[{"name": "headline", "max_chars": 60}],
        )
        for place, (name, platform) in enumerate(zip(TEMPLATES, PLATFORMS, strict=True))
    ]
