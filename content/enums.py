"""Known values of skills, templates and generated content (domain.md, Skills, Content)."""

from django.db.models import TextChoices


class SkillStatus(TextChoices):
    ACTIVE = "active", "Active"
    TESTING = "testing", "Testing"
    CHAMPION = "champion", "Champion"
    FAILING = "failing", "Failing"
    RETIRED = "retired", "Retired"


class SkillTier(TextChoices):
    STANDARD = "standard", "Standard"
    CHAMPION = "champion", "Champion"
    EXPERIMENTAL = "experimental", "Experimental"


class Platform(TextChoices):
    LINKEDIN = "linkedin", "LinkedIn"
    TWITTER = "twitter", "Twitter"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"


class TemplatePlatform(TextChoices):
    LINKEDIN = "linkedin", "LinkedIn"
    TWITTER = "twitter", "Twitter"
    INSTAGRAM = "instagram", "Instagram"
    FACEBOOK = "facebook", "Facebook"
    ALL = "all", "All platforms"


class TemplateType(TextChoices):
    SOCIAL_POST = "social_post", "Social post"
    AD = "ad", "Ad"
    STORY = "story", "Story"
    EMAIL = "email", "E-mail"


class ShelfStatus(TextChoices):
    """State of what a tenant keeps on its shelves: templates, knowledge, configurations."""

    ACTIVE = "active", "Active"
    ARCHIVED = "archived", "Archived"


class ContentType(TextChoices):
    TEXT = "text", "Text"
    IMAGE = "image", "Image"
    TEXT_IMAGE = "text+image", "Text and image"
    VIDEO = "video", "Video"


class Classification(TextChoices):
    DEFECT = "defect", "Defect"
    PREFERENCE = "preference", "Preference"


class RevisionType(TextChoices):
    REGENERATE = "regenerate", "Regenerated"
    MANUAL_EDIT = "manual_edit", "Edited by hand"
    APPROVED = "approved", "Approved"


class Guard(TextChoices):
    TEXT_OVERLAP = "text_overlap", "Text overlap"
    SAFE_MARGIN = "safe_margin", "Safe margin"
    CONTRAST = "contrast", "Contrast"
    LOGO_PROTECTION = "logo_protection", "Logo protection"
    ASPECT_RATIO = "aspect_ratio", "Aspect ratio"
    BRAND_PALETTE = "brand_palette", "Brand palette"
    FONT_SIZE = "font_size", "Font size"


class EntryType(TextChoices):
    GUIDELINE = "guideline", "Guideline"
    EXAMPLE = "example", "Example"
    FAQ = "faq", "FAQ"
    ASSET = "asset", "Asset"


class EntryCategory(TextChoices):
    BRAND_VOICE = "brand_voice", "Brand voice"
    VISUAL_IDENTITY = "visual_identity", "Visual identity"
    MESSAGING = "messaging", "Messaging"


class PeriodKind(TextChoices):
    """What numbers over several tenants are published for."""

    WEEK = "week", "Week"
    MONTH = "month", "Month"


class Hiding(TextChoices):
    """Why a period of a skill is not published."""

    FEW = "few", "Too few tenants"
    DOMINATED = "dominated", "One tenant dominates"
    COMPLEMENT = "complement", "Would show what is hidden beside it"


class Rule(TextChoices):
    """What is asked of a private skill before it becomes everybody's."""

    USES = "uses", "Used often"
    DEFECTS = "defects", "Few defects"
    AGE = "age", "Old enough"
    STATUS = "status", "In use"
    CONSENT = "consent", "Its tenant agrees"
    TENANTS = "tenants", "Known to several tenants"
    SCAN = "scan", "Tells nothing of the brand"


class PromotionState(TextChoices):
    OPEN = "open", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
