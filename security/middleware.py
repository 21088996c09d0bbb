"""From a request to its scope."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from security.roles import Role, is_platform
from security.scope import Reach, Scope, acting
from security.services.access import record_denial

PINNED = "pinned_tenant"
"""What the session of a person of the platform calls the tenant that he works in: its id, name and the reason."""

USER_AGENT_LENGTH = 400  # enough for any browser; the header is the sender's to fill

GetResponse = Callable[[HttpRequest], HttpResponse]


class ScopeMiddleware:
    """Open the scope of each request: the signed-in person, the address, a fresh request id.

    The id is ours even where the sender brings one: the audit log tells requests apart by it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(scope_of(request)) as scope:
            response = self.get_response(request)
            if scope.actor_id:
                request.session.touch()  # type: ignore[attr-defined]  # of our store
            if response.status_code == HTTPStatus.FORBIDDEN and scope.actor_id:
                record_denial(str(request.method), shown_path(request))
        response["X-Request-ID"] = scope.request_id
        return response


def scope_of(request: HttpRequest) -> Scope:
    """The scope of ``request``. Loads the signed-in person (two queries: session and person)."""
    person = request.user
    operator = getattr(request, "operator", None)  # who looks as ``person`` (tenants.middleware)
    if not person.is_authenticated and SESSION_KEY in request.session:
        request.session.flush()  # suspended, or another password by now: whoever holds it signs in anew
    role: Role | None = getattr(person, "security_role", None)
    reach, tenant_id = reach_of(role, getattr(person, "tenant_id", None), request.session.get(PINNED))
    return Scope(
        request_id=str(uuid.uuid4()),
        actor_id=(operator or person).pk if person.is_authenticated else None,
        looks_as=person.pk if operator else None,
        role=role,
        reach=reach,
        tenant_id=tenant_id,
        ip_address=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:USER_AGENT_LENGTH] or None,
    )


def shown_path(request: HttpRequest) -> str:
    """The address of ``request`` as it may be recorded: without the token of a link that was mailed."""
    match = request.resolver_match
    token = str(match.kwargs.get("token", "")) if match else ""
    return request.path.replace(token, "…") if token else request.path


def reach_of(role: Role | None, own: str | None, pinned: Any) -> tuple[Reach, str | None]:
    """What a person's request reaches, and the tenant that it is pinned to.

    People of tenants are pinned to their own. People of the platform reach every tenant until they have pinned one.
    """
    if role is None or not own:
        return Reach.NOTHING, None
    if not is_platform(role):
        return Reach.TENANT, own
    return (Reach.TENANT, str(pinned["tenant_id"])) if pinned else (Reach.PLATFORM, None)


def client_address(request: HttpRequest) -> str | None:
    """The address that the request came from.

    Behind ``NDS_PROXIES`` proxies of our own it is that many places from the right of ``X-Forwarded-For``; what
    stands further left was written by the sender and proves nothing.
    """
    direct: str | None = request.META.get("REMOTE_ADDR")
    if not settings.NDS.proxies:
        return direct
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-settings.NDS.proxies] if len(hops) >= settings.NDS.proxies else direct
