"""Who is behind a session. Signing in itself is `tenants.services.sign_in`."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from security.scope import framework_scope
from tenants.models import User
from tenants.queries.preferences import with_preferences


class PeopleBackend(BaseBackend):
    """Sessions of people; who was suspended, or whose tenant was, is out at the next request."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody: only the sign-in service decides, and it records what it decided."""
        return

    def get_user(self, user_id: str) -> User | None:
        with framework_scope("person"):
            person = with_preferences(User.objects.select_related("tenant")).filter(pk=user_id).first()
        return person if person is not None and person.is_active and person.security_role else None
