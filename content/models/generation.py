from typing import TypedDict

from django.db import models
from django.db.models import Q

from content.enums import Classification, ContentType, RevisionType
from content.models.skills import Skill, SkillVersion
from content.models.templates import ContentTemplate
from security.columns import Bool, CurrentTimestamp, Int, Json, LongText, Millis, Money, Rate, Text, Time, new_key, now
from security.columns.places import Amount, Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Direct


class IntentSpec(TypedDict, total=False):
    task: str
    platform: str  # "x" means twitter (domain.md, Content)
    copy_blocks: list[dict[str, object]]


class GeneratedContent(ContractTable):
    """What the pipeline wrote for a tenant, published or not."""

    stage = Stage.CONTENT
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "content_id"

    content_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    intent_spec = Json("intent")
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False, null=True, blank=True)
    skill_version = models.ForeignKey(
        SkillVersion, models.PROTECT, db_index=False, db_constraint=False, null=True, blank=True
    )
    template = models.ForeignKey(ContentTemplate, models.PROTECT, db_index=False, null=True, blank=True)
    content_type = Text("type", choices=ContentType.choices)
    text_content = LongText("text", null=True, blank=True)
    image_url = Text("image", null=True, blank=True)
    video_url = Text("video", null=True, blank=True)
    hashtags = Json(null=True, blank=True)
    brand_voice_score = Rate("brand voice", null=True, blank=True)
    guard_pass_rate = Rate("guards passed", null=True, blank=True)
    guards_passed = Int("passed guards", null=True, blank=True)
    guards_failed = Int("failed guards", null=True, blank=True)
    cost = Money(null=True, blank=True)
    generation_time_ms = Millis("generation time", null=True, blank=True)
    model_used = Text("model", null=True, blank=True)
    user_selected = Bool("selected", default=False, db_default=False, null=True)
    user_approved = Bool("approved", default=False, db_default=False, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "generated_content"
        verbose_name_plural = "generated content"
        indexes = [
            Index(fields=["tenant", "-created_at"], name="idx_generated_content_tenant"),
            Index(fields=["skill"], name="idx_generated_content_skill"),
            Index(fields=["user_selected"], name="idx_generated_content_selected", condition=Q(user_selected=True)),
            *orders(
                "generated_content",
                Place(Moment("created_at"), "content_id"),
                ("tenant",),
                ("skill",),
                ("skill_version",),
                ("template",),
            ),
            *orders("generated_content", Place(Amount("brand_voice_score"), "content_id"), ("tenant",)),
            *orders("generated_content", Place(Amount("cost"), "content_id"), ("tenant",)),
        ]


class RevisionEvent(ContractTable):
    """A person's answer to generated content: a defect or a matter of taste."""

    stage = Stage.CONTENT
    privacy = Privacy.TENANT
    rls = Direct("tenant_id")
    writer = Writer.WORKERS
    named_by = "event_id"

    event_id = Text("id", primary_key=True, default=new_key)
    request_id = Text("request")
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, db_index=False)
    content = models.ForeignKey(GeneratedContent, models.PROTECT, db_index=False)
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False, null=True, blank=True)
    skill_version = models.ForeignKey(
        SkillVersion, models.PROTECT, db_index=False, db_constraint=False, null=True, blank=True
    )
    classification = Text(choices=Classification.choices)
    confidence = Rate(null=True, blank=True)
    labels_defect = Json("defects", null=True, blank=True)
    labels_preference = Json("preferences", null=True, blank=True)
    user_notes = LongText("notes", null=True, blank=True)
    revision_type = Text("revision", choices=RevisionType.choices)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "revision_events"
        indexes = [
            Index(fields=["skill"], name="idx_revision_events_skill"),
            Index(fields=["tenant", "-created_at"], name="idx_revision_events_tenant"),
            Index(fields=["classification"], name="idx_revision_events_classification"),
            *orders(
                "revision_events",
                Place(Moment("created_at"), "event_id"),
                ("tenant",),
                ("content",),
                ("skill",),
                ("skill_version",),
            ),
        ]
