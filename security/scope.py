"""Who acts, for which tenant, in which request: and so, which rows there are.

Rules:

- One context variable holds the scope. What asks for rows, or who acts, outside of one gets `NoScope`.
- The middleware opens one for each request; a person of a tenant is pinned to it. A thread starts without a scope, an
  asynchronous view has its own.
- `tenant_scope` confines to one tenant, and no other can be opened inside.
- `platform_scope` crosses tenants: with a reason, in the audit log, and never for people without a platform role.
- `framework_scope` opens what `security.openings` lists, before it is known who asks.
- An operator who looks at the dashboard as somebody has that person's scope, and changes nothing: the witness of the
  connection refuses (`security.witness`).
- `maintenance_scope` is for what works on the database as a whole and may run before there is an audit log.

    with tenant_scope("tenant_001"):
        Post.objects.count()                              # of tenant_001
    with platform_scope(reason="Sums of yesterday"):
        Post.objects.count()                              # of all
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from security.exceptions import NoScope, ScopeRefused
from security.openings import OPENINGS
from security.roles import Role, hidden_columns, is_platform

log = logging.getLogger(__name__)


class Reach(Enum):
    """Which rows a scope reaches."""

    NOTHING = auto()
    FRAMEWORK = auto()
    TENANT = auto()
    PLATFORM = auto()


class Person(Protocol):
    """Who can act."""

    pk: str

    @property
    def security_role(self) -> Role | None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts; ``actor_id`` and ``role`` are None for commands and for people who are not signed in."""

    request_id: str
    actor_id: str | None = None
    role: Role | None = None
    reach: Reach = Reach.NOTHING
    tenant_id: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    opening: str = ""  # of `security.openings`, in a framework scope
    barrier: bool = False  # for SQL that nobody trusts: no expression of it sees a row before the policy has
    maintains: bool = False  # may change the schema
    arranges: bool = False  # what it changes needs no entry in the audit log: tests alone
    reason: str = ""
    looks_as: str | None = None  # the person as whom an operator (``actor_id``) looks: nothing but reading then

    @classmethod
    def of_command(cls, name: str) -> "Scope":
        """What ``manage.py name`` does: over all tenants."""
        return cls(request_id=str(uuid.uuid4()), reach=Reach.PLATFORM, user_agent=f"manage.py {name}")


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)

record_crossing: Callable[[Scope], None] | None = None
"""Writes the entry of a platform scope of which nothing else tells; set when security is ready."""


def scope_or_none() -> Scope | None:
    return _current.get()


def current_scope() -> Scope:
    """The scope in force.

    Raises:
        NoScope: there is none.
    """
    scope = _current.get()
    if scope is None:
        raise NoScope("Nothing may be done here: no scope is open.")
    return scope


def hidden_here(table: str) -> frozenset[str]:
    """Columns of ``table`` that who acts does not see; looking as somebody shows nobody more than his own role does."""
    scope = current_scope()
    own = hidden_columns(scope.role, table)
    return own | hidden_columns(Role.OPERATOR, table) if scope.looks_as else own


@contextmanager
def acting(scope: Scope) -> Iterator[Scope]:
    """Act as ``scope`` says until the block ends. For the middleware, and what carries its scope on."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def tenant_scope(tenant_id: str, *, actor: Person | None = None, barrier: bool = False) -> Iterator[Scope]:
    """Only rows of the tenant, read and written. ``barrier`` is for SQL that nobody trusts, and slow.

    Raises:
        ScopeRefused: inside the scope of another tenant, or of the framework.
    """
    scope = _within(actor)
    if not isinstance(tenant_id, str) or not tenant_id:
        raise ScopeRefused("The scope of a tenant names the tenant.")
    if scope.reach is Reach.FRAMEWORK or (scope.reach is Reach.TENANT and scope.tenant_id != tenant_id):
        raise ScopeRefused(f"Inside the scope of {scope.tenant_id or scope.opening} no other tenant's can be opened.")
    barrier = barrier or scope.barrier
    with acting(replace(scope, reach=Reach.TENANT, tenant_id=tenant_id, barrier=barrier)) as opened:
        yield opened


@contextmanager
def platform_scope(*, reason: str, actor: Person | None = None, command: str = "") -> Iterator[Scope]:
    """Rows of all tenants. An entry in the audit log says why, where what is done leaves none of its own.

    ``command`` is the name of the management command that crosses tenants.

    Raises:
        ScopeRefused: no reason, or the person who acts has no role of the platform.
    """
    outer, scope = _current.get(), _within(actor)
    if not reason.strip():
        raise ScopeRefused("Crossing tenants needs a reason.")
    if (outer is not None or actor is not None) and _may_not_cross(scope):
        raise ScopeRefused("Only people of the platform cross tenants.")
    log.info("platform scope: %s (%s)", reason, scope.actor_id or command or "nobody signed in")
    agent = f"manage.py {command}" if command else scope.user_agent
    crossing = replace(scope, reach=Reach.PLATFORM, tenant_id=None, opening="", reason=reason, user_agent=agent)
    with acting(crossing) as opened:
        try:
            yield opened
        finally:
            if record_crossing is not None:
                record_crossing(opened)


def _may_not_cross(scope: Scope) -> bool:
    """Whether who acts in ``scope`` may not cross tenants: people without a platform role, and nobody."""
    is_command = scope.actor_id is None and scope.reach is Reach.PLATFORM
    return not (is_command or is_platform(scope.role))


@contextmanager
def framework_scope(name: str) -> Iterator[Scope]:
    """What `security.openings` lists under ``name``.

    Raises:
        ScopeRefused: it lists no such name.
    """
    if name not in OPENINGS:
        raise ScopeRefused(f"The framework has no scope {name!r}.")
    with acting(replace(_within(None), reach=Reach.FRAMEWORK, tenant_id=None, opening=name)) as opened:
        yield opened


@contextmanager
def maintenance_scope(name: str) -> Iterator[Scope]:
    """The database as a whole: migrating, loading, emptying it. Logged; the audit log may not be there, or be replaced.

    Raises:
        ScopeRefused: inside a request.
    """
    outer = _current.get()
    if outer is not None and (outer.actor_id is not None or outer.reach is not Reach.PLATFORM):
        raise ScopeRefused("A database is not maintained in a request.")
    log.info("maintenance: %s", name)
    with acting(replace(Scope.of_command(name), maintains=True)) as opened:
        yield opened


def _within(actor: Person | None) -> Scope:
    """The scope in force, or a new one, with ``actor`` in it."""
    scope = _current.get() or Scope(request_id=str(uuid.uuid4()))
    return scope if actor is None else replace(scope, actor_id=actor.pk, role=actor.security_role)
