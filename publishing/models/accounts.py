from django.db import models
from django.db.models import Q

from content.enums import Platform
from publishing.enums import AccountState
from security.columns import CurrentTimestamp, Int, LongText, Text, Time, new_key, now
from security.columns.places import Amount, Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Reads, Stage, Writer
from security.crypto.fields import EncryptedBinaryField
from security.orders import orders
from security.rls.policies import Direct


class SocialAccount(ContractTable):
    """An account on a platform that posts are published through, with its tokens."""

    stage = Stage.PUBLISHING
    privacy = Privacy.TENANT
    reads = Reads.BY_ALL
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "account_name"

    account_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    platform = Text(choices=Platform.choices)
    platform_user_id = Text("id at the platform")
    account_name = Text("name", null=True, blank=True)
    account_handle = Text("handle", null=True, blank=True)
    access_token_encrypted = EncryptedBinaryField("access token")
    refresh_token_encrypted = EncryptedBinaryField("refresh token", null=True, blank=True)
    expires_at = Time("token expires", null=True, blank=True)
    refresh_token_expires_at = Time("refresh token expires", null=True, blank=True)
    scopes = Text(null=True, blank=True)
    status = Text(
        choices=AccountState.choices, default=AccountState.ACTIVE, db_default=AccountState.ACTIVE.value, null=True
    )
    last_used_at = Time("last used", null=True, blank=True)
    last_refresh_at = Time("last refreshed", null=True, blank=True)
    error_count = Int("failures in a row", default=0, db_default=0, null=True)
    last_error = LongText(null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "social_accounts"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "platform", "platform_user_id"], name="social_accounts_identity")
        ]
        indexes = [
            Index(fields=["tenant"], name="idx_social_accounts_tenant"),
            Index(fields=["platform", "status"], name="idx_social_accounts_platform"),
            Index(fields=["expires_at"], name="idx_social_accounts_expires", condition=Q(status="active")),
            *orders("social_accounts", Place(Moment("created_at"), "account_id"), ("tenant",)),
            *orders("social_accounts", Place(Moment("expires_at"), "account_id"), ("tenant",)),
            *orders("social_accounts", Place(Folded("account_name"), "account_id"), ("tenant",)),
        ]


class RateLimit(ContractTable):
    """Requests of a tenant to a platform in one window: a day, for Facebook an hour."""

    stage = Stage.PUBLISHING
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "pk"

    pk = models.CompositePrimaryKey("tenant_id", "platform", "window_start")
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False, db_constraint=False)
    platform = Text(choices=Platform.choices)
    window_start = Time("window")
    request_count = Int("requests", default=0, db_default=0, null=True)

    class Meta:
        db_table = "rate_limits"
        indexes = [
            Index(fields=["window_start"], name="idx_rate_limits_window"),
            *orders("rate_limits", Place(Moment("window_start"), "tenant", "platform"), ("tenant",)),
            *orders("rate_limits", Place(Amount("request_count"), "window_start", "tenant", "platform"), ("tenant",)),
        ]
