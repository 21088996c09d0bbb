from django.db import models

from content.enums import EntryCategory, EntryType, ShelfStatus
from security.columns import CurrentTimestamp, Int, Json, LongText, Text, Time, Vector, new_key, now
from security.columns.places import Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class BrandKnowledgeEntry(ContractTable):
    """What the pipeline should know of a brand when it writes."""

    stage = Stage.CONTENT
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "title"

    entry_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    title = Text()
    entry_type = Text("type", choices=EntryType.choices)
    category = Text(choices=EntryCategory.choices, null=True, blank=True)
    content = LongText()
    metadata = Json(null=True, blank=True)
    embedding = Vector(dimensions=1536, null=True, blank=True)
    access_count = Int("reads", default=0, db_default=0, null=True)
    last_accessed_at = Time("last read", null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)
    status = Text(
        choices=ShelfStatus.choices, default=ShelfStatus.ACTIVE, db_default=ShelfStatus.ACTIVE.value, null=True
    )

    class Meta:
        db_table = "brand_knowledge_entries"
        permissions = [("publish_brandknowledgeentry", "Can put an entry into use")]
        verbose_name = "knowledge entry"
        verbose_name_plural = "knowledge entries"
        indexes = [
            Index(fields=["tenant", "status"], name="idx_knowledge_tenant"),
            Index(fields=["category", "status"], name="idx_knowledge_category"),
            *orders("brand_knowledge_entries", Place(Moment("created_at"), "entry_id"), ("tenant",)),
            *orders("brand_knowledge_entries", Place(Folded("title"), "entry_id"), ("tenant",)),
        ]
