"""Known values of tests, conversions and sync errors (domain.md, Analytics)."""

from django.db.models import TextChoices


class AnomalyType(TextChoices):
    HIGH = "high", "High"
    LOW = "low", "Low"
    NORMAL = "normal", "Normal"


class TestType(TextChoices):
    CONTENT = "content", "Content"
    BRAND_VOICE = "brand_voice", "Brand voice"
    TIMING = "timing", "Timing"
    HASHTAG = "hashtag", "Hashtag"


class Winner(TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    TIE = "tie", "Tie"
    INCONCLUSIVE = "inconclusive", "Inconclusive"


class TestStatus(TextChoices):
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


class ConversionType(TextChoices):
    PAGE_VIEW = "page_view", "Page view"
    FORM_SUBMIT = "form_submit", "Form submitted"
    PURCHASE = "purchase", "Purchase"


class AttributionModel(TextChoices):
    FIRST_TOUCH = "first_touch", "First touch"
    LAST_TOUCH = "last_touch", "Last touch"
    LINEAR = "linear", "Linear"
    TIME_DECAY = "time_decay", "Time decay"


class SyncErrorType(TextChoices):
    RATE_LIMIT = "rate_limit", "Rate limit"
    AUTH_ERROR = "auth_error", "Authorisation"
    API_ERROR = "api_error", "Platform"
    NETWORK_ERROR = "network_error", "Network"
