from itertools import count

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
from tests.arranging import made
from tests.factories.tenants import tenant

_numbers = count(1)


def skill(**given) -> Skill:
    values = {
        "name": f"Skill {next(_numbers)}",
        "task": "social_image_post",
        "platform": "linkedin",
        "modality": "image",
    }
    return made(Skill, **{**values, **given})


def skill_version(**given) -> SkillVersion:
    values = {
        "prompt_fragments_json": {},
        "constraints_json": {},
        "toolchain_json": {},
        "guards_json": [],
        "version_number": 1,
    }
    return made(SkillVersion, **{"skill": given.pop("skill", None) or skill(), **values, **given})


def skill_metrics(**given) -> SkillMetricsDaily:
    values = {"date": "2026-11-20", "context_hash": "abc", "skill_version_id": "v1"}
    return made(SkillMetricsDaily, **{"skill": given.pop("skill", None) or skill(), **values, **given})


def content_template(**given) -> ContentTemplate:
    values = {
        "name": f"Template {next(_numbers)}",
        "template_type": "social_post",
        "platform": "linkedin",
        "structure": {"layout": "1"},
    }
    return made(ContentTemplate, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})


def generated_content(**given) -> GeneratedContent:
    values = {"intent_spec": {}, "content_type": "text", "text_content": "Hello"}
    return made(GeneratedContent, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})


def guard_result(**given) -> GuardResult:
    values = {"request_id": "r1", "guard_id": "contrast", "passed": True}
    return made(
        GuardResult, **{"content_id": given.pop("content_id", None) or generated_content().pk, **values, **given}
    )


def knowledge_entry(**given) -> BrandKnowledgeEntry:
    values = {"title": f"Entry {next(_numbers)}", "entry_type": "faq", "content": "Text"}
    return made(BrandKnowledgeEntry, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})


def skill_embedding(**given) -> SkillEmbedding:
    version = skill_version()
    return made(SkillEmbedding, skill=version.skill, skill_version=version, vector=bytes(4096), **given)


def post_configuration(**given) -> PostConfiguration:
    home = given.pop("tenant", None) or tenant()
    return made(PostConfiguration, tenant=home, **{"name": "Default", "platforms": [], **given})


def revision_event(**given) -> RevisionEvent:
    content = generated_content()
    values = {"request_id": "r1", "classification": "defect", "revision_type": "regenerate"}
    return made(RevisionEvent, tenant=content.tenant, content=content, **{**values, **given})
