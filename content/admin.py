from typing import Any

from django.contrib import admin

from content.enums import ShelfStatus
from content.forms import PostConfigurationForm, SkillForm
from content.models import (
    BrandKnowledgeEntry,
    ContentTemplate,
    GeneratedContent,
    GuardResult,
    PostConfiguration,
    RevisionEvent,
    Skill,
    SkillEmbedding,
    SkillMetricsDaily,
    SkillVersion,
)
from content.services.skills import change_skill
from security.actions import Action
from security.modeladmin import Bulk, TableAdmin
from security.services.rows import Values

SHELF = (
    Bulk.sets("archive", "Archive", "{} archived", "status", ShelfStatus.ARCHIVED.value),
    Bulk.sets("restore", "Restore", "{} restored", "status", ShelfStatus.ACTIVE.value),
)


@admin.register(Skill)
class SkillAdmin(TableAdmin):
    filled_by = "Skills appear here when the pipeline learns one or a person forks one."
    list_display = ("name", "platform", "task", "modality", "visibility", "status", "tier", "created_at")
    form = SkillForm
    fields = ("name", "status", "tier")
    published = ("status", "tier")

    def store_change(self, row: Any, *, before: Values, reason: str | None) -> None:
        change_skill(row, before=before, reason=reason)


@admin.register(SkillVersion)
class SkillVersionAdmin(TableAdmin):
    filled_by = "A version appears here each time a skill is edited."
    list_display = ("skill_version_id", "skill", "version_number", "is_active", "version_notes", "created_at")


@admin.register(SkillEmbedding)
class SkillEmbeddingAdmin(TableAdmin):
    filled_by = "The pipeline writes an embedding for each version of a skill."
    list_display = ("embedding_id", "skill", "skill_version", "vector", "tags", "created_at")


@admin.register(SkillMetricsDaily)
class SkillMetricsDailyAdmin(TableAdmin):
    filled_by = "The daily roll-up fills this from generated content and its revisions."
    looked_at = Action.READ_SKILL_METRICS
    list_display = (
        "date",
        "skill",
        "uses",
        "pass_rate",
        "defect_rate",
        "approval_rate",
        "cost_avg",
        "latency_p50",
        "unique_tenants",
    )


@admin.register(ContentTemplate)
class ContentTemplateAdmin(TableAdmin):
    filled_by = "Each tenant starts with five templates; its people add more."
    list_display = ("name", "tenant", "template_type", "platform", "use_count", "last_used_at", "status", "created_at")
    bulk = SHELF
    published = ("status",)
    fields = ("name", "template_type", "platform", "structure", "constraints", "default_copy_blocks", "status")
    add_fields = ("tenant",)


@admin.register(GeneratedContent)
class GeneratedContentAdmin(TableAdmin):
    filled_by = "The pipeline writes a row each time it generates content."
    list_display = (
        "text_content",
        "tenant",
        "content_type",
        "skill",
        "brand_voice_score",
        "guard_pass_rate",
        "cost",
        "user_approved",
        "created_at",
    )


@admin.register(PostConfiguration)
class PostConfigurationAdmin(TableAdmin):
    filled_by = "A tenant keeps here how it wants to post; one configuration is its default."
    list_display = ("name", "tenant", "platforms", "min_brand_voice_score", "is_default", "status", "created_at")
    bulk = SHELF
    published = ("status",)
    form = PostConfigurationForm
    fields = (
        "name",
        "platforms",
        "auto_generate_hashtags",
        "max_hashtags_per_platform",
        "include_cta",
        "cta_default",
        "best_posting_times",
        "timezone",
        "min_brand_voice_score",
        "require_guard_pass",
        "status",
    )
    add_fields = ("tenant",)


@admin.register(RevisionEvent)
class RevisionEventAdmin(TableAdmin):
    filled_by = "The pipeline writes a row when a person asks for a change or edits by hand."
    list_display = (
        "classification",
        "tenant",
        "revision_type",
        "confidence",
        "labels_defect",
        "labels_preference",
        "content",
        "created_at",
    )


@admin.register(GuardResult)
class GuardResultAdmin(TableAdmin):
    filled_by = "The pipeline writes a row for each guard that it runs over a piece of content."
    list_display = ("guard_id", "passed", "auto_fixed", "action_taken", "content", "request_id", "created_at")


@admin.register(BrandKnowledgeEntry)
class BrandKnowledgeEntryAdmin(TableAdmin):
    filled_by = "A tenant's people write down here what the pipeline should know of the brand."
    list_display = ("title", "tenant", "entry_type", "category", "embedding", "access_count", "status", "created_at")
    bulk = SHELF
    published = ("status",)
    fields = ("title", "entry_type", "category", "content", "metadata", "status")
    add_fields = ("tenant",)
