"""Where a person's own rows are: people of the platform may work in a tenant just now, and theirs are not there."""

from contextlib import AbstractContextManager, nullcontext

from security.roles import is_platform
from security.scope import Reach, current_scope, platform_scope
from tenants.models import User


def at_home(person: User, *, reason: str) -> AbstractContextManager[object]:
    """The scope in force, or for somebody of the platform who is in a tenant the platform's; ``reason`` is recorded."""
    is_away = current_scope().reach is Reach.TENANT and is_platform(person.security_role)
    return platform_scope(reason=reason, actor=person) if is_away else nullcontext()
