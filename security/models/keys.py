from django.db import models
from django.db.models import Q

from security.columns import CurrentTimestamp, Hash, Int, Json, LongText, Sealed, Text, Time, new_key, now
from security.columns.places import Moment, Place
from security.contract import Bookkeeping, ContractTable, Index, Privacy, Stage, Writer
from security.enums import ApiKeyStatus, DestructionState, KeyProvider, KeyPurpose, KeyState
from security.orders import orders
from security.rls.policies import Closed, Direct


class ApiKey(ContractTable):
    """A key that programs sign in with; only its bcrypt hash is kept."""

    stage = Stage.SECURITY
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "key_prefix"

    key_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    user = models.ForeignKey("tenants.User", models.PROTECT, db_index=False, verbose_name="person")
    key_prefix = Text("public part")
    key_hash = Hash()
    scopes = Json()
    rate_limit_per_hour = Int("requests an hour", default=1000, db_default=1000, null=True)
    last_used_at = Time("last used", null=True, blank=True)
    use_count = Int("uses", default=0, db_default=0, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    expires_at = Time("expires", null=True, blank=True)
    status = Text(
        choices=ApiKeyStatus.choices, default=ApiKeyStatus.ACTIVE, db_default=ApiKeyStatus.ACTIVE.value, null=True
    )

    class Meta:
        db_table = "api_keys"
        verbose_name = "API key"
        constraints = [models.UniqueConstraint(fields=["key_prefix"], name="api_keys_prefix")]
        indexes = [
            Index(fields=["tenant"], name="idx_api_keys_tenant"),
            Index(fields=["user"], name="idx_api_keys_user"),
            Index(fields=["key_prefix"], name="idx_api_keys_prefix"),
            Index(fields=["status"], name="idx_api_keys_status"),
            *orders("api_keys", Place(Moment("created_at"), "key_id"), ("tenant",), ("user",)),
            *orders("api_keys", Place(Moment("last_used_at"), "key_id"), ("tenant",)),
        ]


class TenantKey(ContractTable):
    """A version of a tenant's data key, wrapped by a key that the database does not hold."""

    stage = Stage.DASHBOARD
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "pk"

    pk = models.CompositePrimaryKey("tenant_id", "purpose", "version")
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    purpose = Text(choices=KeyPurpose.choices)
    version = Int()
    provider = Text(choices=KeyProvider.choices)
    kek_ref = Text("wrapped by")
    wrapped_key = Sealed()
    state = Text(choices=KeyState.choices)
    created_at = Time("created", default=now, db_default=CurrentTimestamp())
    rotates_at = Time("rotates", null=True, blank=True)
    retired_at = Time("retired", null=True, blank=True)
    destroyed_at = Time("destroyed", null=True, blank=True)

    class Meta:
        db_table = "tenant_keys"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "purpose"], condition=Q(state=KeyState.ACTIVE), name="nds_tenant_keys_active"
            )
        ]
        indexes = [
            *orders("tenant_keys", Place(Moment("created_at"), "tenant", "purpose", "version"), ("tenant",)),
            *orders("tenant_keys", Place(Moment("rotates_at"), "tenant", "purpose", "version"), ("tenant",)),
        ]


class KeyDestruction(Bookkeeping):
    """A tenant's keys are to be destroyed: one operator proposes, another does it. ``version`` 0 stands for all."""

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = "as long as the entries that tell of it"

    destruction_id = Text("id", primary_key=True, default=new_key)
    tenant_id = Text("tenant")
    version = Int()
    reason = LongText()
    state = Text(choices=DestructionState.choices, default=DestructionState.PROPOSED)
    proposed_by = Text("proposed by")
    proposed_at = Time("proposed", default=now, db_default=CurrentTimestamp())
    settled_by = Text("settled by", null=True)
    settled_at = Time("settled", null=True)
    gone_at = Time("gone for good", null=True)

    class Meta:
        db_table = "nds_key_destructions"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "version"],
                condition=Q(state=DestructionState.PROPOSED),
                name="nds_key_destructions_open",
            )
        ]
