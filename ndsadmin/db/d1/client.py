from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.client import BaseDatabaseClient


class DatabaseClient(BaseDatabaseClient):
    """There is no shell that could reach D1 through the gateway; Cloudflare's own program asks Cloudflare."""

    executable_name = "wrangler"

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict: Any, parameters: Any) -> Any:
        raise ImproperlyConfigured("dbshell: use `wrangler d1 execute DATABASE --remote --command SQL`.")
