"""Who is behind a session. Signing in itself is `tenants.services.sign_in`."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from security.roles import PLATFORM_TENANT
from tenants.models import User
from tenants.queries.preferences import with_preferences


class PlatformBackend(BaseBackend):
    """Sessions of people of the tenant ``platform``; who was suspended is out at the next request."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody: only the sign-in service decides, and it records what it decided."""
        return

    def get_user(self, user_id: str) -> User | None:
        people = with_preferences(User.objects.select_related("tenant"))
        person = people.filter(pk=user_id, tenant_id=PLATFORM_TENANT).first()
        return person if person is not None and person.is_active and person.security_role else None
