from typing import TypedDict

from django.db import models

from security.columns import CurrentTimestamp, Int, Json, Text, Time, now
from security.columns.places import Moment, Place
from security.contract import ContractTable, Index, Privacy, Reads, Stage, Writer
from security.crypto.fields import EncryptedVectorField
from security.orders import orders
from security.rls.policies import Direct
from tenants.models.tenant import Tenant

EMBEDDING = 1536  # dimensions


class LogoRules(TypedDict, total=False):
    min_size_px: int
    safe_zone_px: int


class BrandProfile(ContractTable):
    """How a tenant looks and speaks; never shared."""

    stage = Stage.CORE
    privacy = Privacy.TENANT
    reads = Reads.BY_ALL
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "tenant_id"

    tenant = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, db_index=False)
    embeddings = EncryptedVectorField(dimensions=EMBEDDING)
    palette = Json()
    typography = Json()
    logo_rules = Json()
    tone_vectors = EncryptedVectorField(dimensions=EMBEDDING, null=True, blank=True)
    lexicon = Json(null=True, blank=True)
    messaging = Json(null=True, blank=True)
    kms_key_id = Text("KMS key")
    encryption_version = Int(default=1, db_default=1, null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "brand_profiles"
        indexes = [
            Index(fields=["tenant"], name="idx_brand_profiles_tenant"),
            *orders("brand_profiles", Place(Moment("updated_at"), "tenant"), ("tenant",)),
        ]
