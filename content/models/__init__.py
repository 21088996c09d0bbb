from content.models.configurations import PostConfiguration
from content.models.generation import GeneratedContent, RevisionEvent
from content.models.guards import GuardResult
from content.models.knowledge import BrandKnowledgeEntry
from content.models.promotions import Promotion
from content.models.published import HiddenMetrics, PublishedMetrics, PublishedPeriod
from content.models.skills import Skill, SkillEmbedding, SkillMetricsDaily, SkillVersion
from content.models.templates import ContentTemplate

__all__ = [
    "BrandKnowledgeEntry",
    "ContentTemplate",
    "GeneratedContent",
    "GuardResult",
    "HiddenMetrics",
    "PostConfiguration",
    "Promotion",
    "PublishedMetrics",
    "PublishedPeriod",
    "RevisionEvent",
    "Skill",
    "SkillEmbedding",
    "SkillMetricsDaily",
    "SkillVersion",
]
