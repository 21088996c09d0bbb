from django.db import models
from django.db.models import Q

from content.enums import SkillStatus, SkillTier
from security.columns import (
    Bool,
    CurrentTimestamp,
    Date,
    Int,
    Json,
    Millis,
    Money,
    Rate,
    Tenants,
    Text,
    Time,
    Vector,
    new_key,
    now,
)
from security.columns.places import Amount, Folded, Moment, Place, Plain
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Policy, Via, of_text

GLOBAL, PRIVATE = "global", "tenant:"
"""Visibility of a skill that every tenant uses; a private one's says whose behind the colon."""


OWN = "{t}.\"visibility\" = 'tenant:' || ?1"
# Everybody reads the global ones; a tenant writes its own.
GLOBAL_OR_OWN = Policy(
    read=f"({{t}}.\"visibility\" = '{GLOBAL}' OR {{t}}.\"visibility\" = 'tenant:' || ?1)",
    modify=OWN,
    check=of_text("visibility", OWN),
    columns=("visibility",),
)


class Skill(ContractTable):
    """A structural pattern: layout, prompt fragments, constraints, toolchain, guards."""

    stage = Stage.CONTENT
    privacy = Privacy.SKILL
    rls = GLOBAL_OR_OWN
    writer = Writer.DASHBOARD
    named_by = "name"

    skill_id = Text("id", primary_key=True, default=new_key)
    name = Text()
    task = Text()
    platform = Text()
    modality = Text()
    visibility = Text(default=GLOBAL, db_default=GLOBAL, null=True)
    parent_skill = models.ForeignKey("self", models.PROTECT, db_index=False, null=True, blank=True)
    status = Text(
        choices=SkillStatus.choices, default=SkillStatus.ACTIVE, db_default=SkillStatus.ACTIVE.value, null=True
    )
    tier = Text(choices=SkillTier.choices, default=SkillTier.STANDARD, db_default=SkillTier.STANDARD.value, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)

    @property
    def is_global(self) -> bool:
        """Whether every tenant uses it."""
        return bool(self.visibility == GLOBAL)

    class Meta:
        db_table = "skills"
        permissions = [("publish_skill", "Can put a skill into use")]
        indexes = [
            Index(fields=["task", "platform", "modality", "status"], name="idx_skills_task_platform"),
            Index(fields=["status"], name="idx_skills_status"),
            Index(fields=["visibility"], name="idx_skills_visibility"),
            Index(fields=["tier"], name="idx_skills_tier"),
            *orders("skills", Place(Moment("created_at"), "skill_id"), ("visibility",), ("parent_skill",)),
            *orders("skills", Place(Folded("name"), "skill_id"), ("visibility",)),
        ]


class SkillVersion(ContractTable):
    """One edition of a skill; at most one a skill is active."""

    stage = Stage.CONTENT
    privacy = Privacy.PARENT
    rls = Via("skill_id", "skills", "skill_id")
    writer = Writer.DASHBOARD
    named_by = "skill_version_id"

    skill_version_id = Text("id", primary_key=True, default=new_key)
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    prompt_fragments_json = Json("prompt fragments")
    constraints_json = Json("constraints")
    toolchain_json = Json("toolchain")
    guards_json = Json("guards")
    version_number = Int("version")
    version_notes = Text("notes", null=True, blank=True)
    is_active = Bool("active", default=True, db_default=True, null=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "skill_versions"
        indexes = [
            Index(fields=["skill", "-version_number"], name="idx_skill_versions_skill"),
            Index(fields=["skill", "is_active"], name="idx_skill_versions_active", condition=Q(is_active=True)),
            *orders("skill_versions", Place(Moment("created_at"), "skill_version_id"), ("skill",)),
        ]


class SkillEmbedding(ContractTable):
    """Where a skill lies among others of its kind."""

    stage = Stage.CONTENT
    privacy = Privacy.PARENT
    rls = Via("skill_id", "skills", "skill_id")
    writer = Writer.WORKERS
    named_by = "embedding_id"

    embedding_id = Text("id", primary_key=True, default=new_key)
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    skill_version = models.ForeignKey(SkillVersion, models.PROTECT, db_index=False)
    vector = Vector(dimensions=1024)
    tags = Json(null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "skill_embeddings"
        indexes = [
            Index(fields=["skill"], name="idx_skill_embeddings_skill"),
            Index(fields=["skill_version"], name="nds_skill_embeddings_version"),
            *orders("skill_embeddings", Place(Moment("created_at"), "embedding_id"), ("skill",)),
        ]


class SkillMetricsDaily(ContractTable):
    """How a skill did on one day in one context (hash of task, platform, modality)."""

    stage = Stage.CONTENT
    privacy = Privacy.KANON
    rls = Via("skill_id", "skills", "skill_id", own=True)
    writer = Writer.DASHBOARD
    named_by = "pk"

    pk = models.CompositePrimaryKey("date", "skill_id", "context_hash")
    date = Date()
    skill = models.ForeignKey(Skill, models.PROTECT, db_index=False)
    skill_version = models.ForeignKey(SkillVersion, models.PROTECT, db_index=False, db_constraint=False)
    context_hash = Text("context")
    uses = Int(default=0, db_default=0, null=True)
    pass_rate = Rate(default=0.0, db_default=0.0, null=True)
    defect_rate = Rate(default=0.0, db_default=0.0, null=True)
    selection_rate = Rate(default=0.0, db_default=0.0, null=True)
    approval_rate = Rate(default=0.0, db_default=0.0, null=True)
    cost_avg = Money("cost a use", default=0.0, db_default=0.0, null=True)
    latency_p50 = Millis("median latency", default=0, db_default=0, null=True)
    latency_p95 = Millis("95 % latency", default=0, db_default=0, null=True)
    unique_tenants = Tenants("tenants", default=0, db_default=0, null=True)

    class Meta:
        db_table = "skill_metrics_daily"
        verbose_name = verbose_name_plural = "skill metrics by day"
        indexes = [
            Index(fields=["skill", "-date"], name="idx_metrics_skill_date"),
            Index(fields=["context_hash", "-date"], name="idx_metrics_context"),
            *orders("skill_metrics_daily", Place(Plain("date"), "skill", "context_hash"), ("skill",)),
            *orders("skill_metrics_daily", Place(Amount("uses"), "date", "skill", "context_hash"), ("skill",)),
        ]
