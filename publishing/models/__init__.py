from publishing.models.accounts import RateLimit, SocialAccount
from publishing.models.posts import PublishedPost

__all__ = ["PublishedPost", "RateLimit", "SocialAccount"]
