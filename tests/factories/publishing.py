from itertools import count

from django.utils import timezone

from publishing.models import PublishedPost, RateLimit, SocialAccount
from security.crypto.fields import Ciphertext
from tests.arranging import made
from tests.factories.tenants import tenant

_numbers = count(1)


def social_account(**given) -> SocialAccount:
    number = next(_numbers)
    values = {
        "platform": "linkedin",
        "platform_user_id": f"u{number}",
        "account_name": f"Account {number}",
        "access_token_encrypted": Ciphertext(b"\x02" * 72),
    }
    return made(SocialAccount, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})


def post(**given) -> PublishedPost:
    account = given.pop("account", None) or social_account()
    values = {
        "tenant": account.tenant,
        "platform": "linkedin",
        "platform_post_id": f"p{next(_numbers)}",
        "text": "Hello",
        "published_at": timezone.now(),
    }
    return made(PublishedPost, account=account, **{**values, **given})


def rate_limit(**given) -> RateLimit:
    values = {"platform": "linkedin", "window_start": timezone.now(), "request_count": 1}
    return made(RateLimit, **{"tenant": given.pop("tenant", None) or tenant(), **values, **given})
