"""Who acts, for which tenant, in which request.

Rules:

- One context variable holds the scope; what asks for it outside of one gets `NoScope`, never a default.
- The middleware opens one for each request, a management command one for its run.
- A thread starts without a scope.

    with acting(Scope.of_command("import_d1")):
        record(Action.IMPORT_DATABASE, …)
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from security.exceptions import SecurityError
from security.roles import Role


class NoScope(SecurityError):
    """Something asked who acts where nobody does."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts; ``actor_id`` and ``role`` are None for commands and for people who are not signed in."""

    request_id: str
    actor_id: str | None = None
    role: Role | None = None
    tenant_id: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None

    @classmethod
    def of_command(cls, name: str) -> "Scope":
        return cls(request_id=str(uuid.uuid4()), user_agent=f"manage.py {name}")


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


@contextmanager
def acting(scope: Scope) -> Iterator[Scope]:
    """Act as ``scope`` says until the block ends."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def current_scope() -> Scope:
    """The scope in force.

    Raises:
        NoScope: there is none.
    """
    scope = _current.get()
    if scope is None:
        raise NoScope("Nothing may be done here: no scope is open.")
    return scope
