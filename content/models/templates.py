from django.db import models

from content.enums import ShelfStatus, TemplatePlatform, TemplateType
from security.columns import CurrentTimestamp, Int, Json, Text, Time, new_key, now
from security.columns.places import Amount, Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class ContentTemplate(ContractTable):
    """The frame of a post; a tenant starts with five."""

    stage = Stage.CONTENT
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "name"

    template_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    name = Text()
    template_type = Text("type", choices=TemplateType.choices)
    platform = Text(choices=TemplatePlatform.choices)
    structure = Json()
    constraints = Json(null=True, blank=True)
    default_copy_blocks = Json(null=True, blank=True)
    use_count = Int("uses", default=0, db_default=0, null=True)
    last_used_at = Time("last used", null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)
    status = Text(
        choices=ShelfStatus.choices, default=ShelfStatus.ACTIVE, db_default=ShelfStatus.ACTIVE.value, null=True
    )

    class Meta:
        db_table = "content_templates"
        permissions = [("publish_contenttemplate", "Can put a template into use")]
        indexes = [
            Index(fields=["tenant"], name="idx_templates_tenant"),
            Index(fields=["platform", "status"], name="idx_templates_platform"),
            Index(fields=["template_type", "status"], name="idx_templates_type"),
            *orders("content_templates", Place(Moment("created_at"), "template_id"), ("tenant",)),
            *orders("content_templates", Place(Folded("name"), "template_id"), ("tenant",)),
            *orders("content_templates", Place(Amount("use_count"), "template_id"), ("tenant",)),
        ]
