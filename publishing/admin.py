from django.contrib import admin

from publishing.models import PublishedPost, RateLimit, SocialAccount
from security.modeladmin import TableAdmin


@admin.register(SocialAccount)
class SocialAccountAdmin(TableAdmin):
    filled_by = "An account appears here when a tenant connects one."
    list_display = (
        "account_name",
        "account_handle",
        "tenant",
        "platform",
        "status",
        "expires_at",
        "error_count",
        "created_at",
    )


@admin.register(PublishedPost)
class PublishedPostAdmin(TableAdmin):
    filled_by = "The pipeline writes a row for each post that it publishes."
    list_display = ("text", "tenant", "platform", "account", "campaign_id", "status", "published_at")


@admin.register(RateLimit)
class RateLimitAdmin(TableAdmin):
    filled_by = "The pipeline counts its requests to a platform here, one row a window."
    list_display = ("window_start", "tenant", "platform", "request_count")
