"""Sessions in the database, each with its person and tenant, reached by nothing but this store.

A session is read before it is known who asks, so its statements run in the framework's scope; that opens the one table.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from security.columns import now
from security.models import Session
from security.scope import framework_scope

P = ParamSpec("P")
R = TypeVar("R")

TENANT_KEY = "tenant_id"
"""What a session calls the tenant of its person."""
FROM = "from"
"""What it calls where it was opened: address and browser."""
SELDOM = dt.timedelta(minutes=1)  # how often the last use is written


def _opened(method: Callable[P, R]) -> Callable[P, R]:
    @wraps(method)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        with framework_scope("sessions"):
            return method(*args, **kwargs)

    return within


class SessionStore(db.SessionStore):
    """Django's own, with our table and scope."""

    last_seen_at: dt.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.user_id, session.tenant_id = data.get(SESSION_KEY), data.get(TENANT_KEY)
        return session

    def _get_session_from_db(self) -> Any:
        with framework_scope("sessions"):
            found = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        self.last_seen_at = getattr(found, "last_seen_at", None)
        return found

    def touch(self) -> None:
        """Remember that the session is in use: one statement, and none where that was said within a minute."""
        seen, moment = self.last_seen_at, now()
        if self.session_key is None or not isinstance(seen, dt.datetime) or moment - seen < SELDOM:
            return
        with framework_scope("sessions"):
            Session.objects.filter(pk=self.session_key).update(last_seen_at=moment)
        self.last_seen_at = moment

    exists = _opened(db.SessionStore.exists)
    save = _opened(db.SessionStore.save)
    delete = _opened(db.SessionStore.delete)

    @classmethod
    def clear_expired(cls) -> None:
        with framework_scope("sessions"):
            super().clear_expired()

    # Views of ours are synchronous; whoever writes an asynchronous one gets the same scope in the thread.
    async def _aget_session_from_db(self) -> Any:
        return await sync_to_async(self._get_session_from_db)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
