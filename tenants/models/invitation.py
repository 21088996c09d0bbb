from django.db import models
from django.db.models import Q

from security.columns import CurrentTimestamp, Hash, Text, Time, new_key, now
from security.contract import Bookkeeping, Index, Privacy
from security.rls.policies import Direct, Via
from tenants.enums import InvitationState, UserRole
from tenants.models.tenant import Tenant
from tenants.models.user import User


class Invitation(Bookkeeping):
    """Somebody is asked to join a tenant in a role. Who holds the token that was mailed to the address may, once."""

    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    retention = "as long as the tenant"

    invitation_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    email = Text("e-mail")
    role = Text(choices=UserRole.choices)
    token_hash = Hash("token")  # SHA-256 of 256 random bits
    invited_by = Text("invited by")  # of the tenant, or of the platform
    invited_at = Time("invited", default=now, db_default=CurrentTimestamp())
    expires_at = Time("expires")
    state = Text(choices=InvitationState.choices, default=InvitationState.OPEN)

    class Meta:
        db_table = "nds_invitations"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"], condition=Q(state=InvitationState.OPEN), name="nds_invitations_open"
            )
        ]
        indexes = [Index(fields=["token_hash"], name="nds_invitations_token")]


class EmailChange(Bookkeeping):
    """A person wants another address; each of the two addresses has to confirm it."""

    privacy = Privacy.PERSON
    rls = Via("user_id", "users", "user_id")
    retention = "until the next change, as long as the person"

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, db_index=False)
    old_email = Text("old address")
    new_email = Text("new address")
    old_token = Hash("token of the old address", null=True)  # SHA-256; None once it is confirmed
    new_token = Hash("token of the new address", null=True)
    expires_at = Time("expires")

    class Meta:
        db_table = "nds_email_changes"
