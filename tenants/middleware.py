"""An operator who looks as somebody: the request is that person's, and changes nothing (`tenants.services.looking`)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from security.roles import PLATFORM_TENANT, Verb, may
from tenants.authentication import PeopleBackend
from tenants.models import User
from tenants.services.looking import Looking, is_over, stop_looking

LOOKING = "looking"
"""What the session of an operator calls as whom he looks."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ALLOWED = frozenset({"stop-looking", "logout"})
"""Names of the routes that take other requests meanwhile."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class LookingMiddleware:
    """Put the person in the operator's place: behind authentication, in front of the scope.

    ``request.operator`` is who really asks. Where the half hour is over, or the person may not come in any more, the
    operator is himself again, and that is recorded.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        looking = request.session.get(LOOKING) if SESSION_KEY in request.session else None
        if looking is not None:
            self._put(request, looking)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        ended = getattr(request, "looking_ended", None)
        if ended:
            assert isinstance(request.user, User)
            stop_looking(request.user, ended)
            del request.session[LOOKING]
            messages.info(request, f"You look as {ended['name']} no more.")
        match = request.resolver_match
        is_change = request.method not in SAFE and (match and match.url_name) not in ALLOWED
        if is_change and (ended or hasattr(request, "operator")):  # what was sent as somebody is not done as oneself
            raise PermissionDenied("Looking as somebody changes nothing.")

    def _put(self, request: HttpRequest, looking: Looking) -> None:
        operator = request.user
        may_look = isinstance(operator, User) and may(operator.security_role, Verb.IMPERSONATE, User._meta.db_table)
        person = PeopleBackend().get_user(looking["user_id"]) if may_look and not is_over(looking) else None
        if person is not None and person.tenant_id == looking["tenant_id"] != PLATFORM_TENANT:
            request.operator, request.user = operator, person  # type: ignore[attr-defined]
            return
        if operator.is_authenticated:
            request.looking_ended = looking  # type: ignore[attr-defined]  # recorded, and forgotten, once there is a scope
