"""From a request to its scope."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from security.scope import Scope, acting

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
        response["X-Request-ID"] = scope.request_id
        return response


def scope_of(request: HttpRequest) -> Scope:
    """The scope of ``request``. Loads the signed-in person (two queries: session and person)."""
    person = request.user
    return Scope(
        request_id=str(uuid.uuid4()),
        actor_id=person.pk if person.is_authenticated else None,
        role=getattr(person, "security_role", None),
        ip_address=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:USER_AGENT_LENGTH] or None,
    )


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
