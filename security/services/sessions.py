"""Sessions, for those who may end them. A session's key never leaves the store: others know it by its `handle`."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from security.columns import now
from security.models import Session
from security.scope import framework_scope
from security.sessions import FROM, SessionStore


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser as its person sees it."""

    handle: str
    ip_address: str | None
    user_agent: str | None
    last_seen_at: dt.datetime
    is_this: bool


@framework_scope("sessions")
def sessions_of(user_id: str, this: str | None = None) -> list[OpenSession]:
    """The open sessions of a person, the last used first. One query. ``this`` is the key of the session that asks."""
    rows = Session.objects.filter(user_id=user_id, expire_date__gt=now()).order_by("-last_seen_at")
    return [OpenSession(handle(row.pk), *_from(row), row.last_seen_at, row.pk == this) for row in rows]


@framework_scope("sessions")
def session_counts(people: Collection[str]) -> Counter[str]:
    """How many open sessions each of ``people`` has. One query."""
    rows = Session.objects.filter(user_id__in=list(people), expire_date__gt=now())
    return Counter(str(user_id) for user_id in rows.values_list("user_id", flat=True))


@framework_scope("sessions")
def end_sessions_of(people: Collection[str], *, but: str | None = None) -> int:
    """End all sessions of ``people``, but the one with the key ``but``; how many. Who may, the caller has asked."""
    rows = Session.objects.filter(user_id__in=list(people))
    return (rows.exclude(pk=but) if but else rows)._raw_delete("default")  # no row hangs on a session


@framework_scope("sessions")
def end_session(user_id: str, wanted: str) -> bool:
    """End the session of a person that is known by a handle; whether there was one."""
    keys = [
        key for key in Session.objects.filter(user_id=user_id).values_list("pk", flat=True) if handle(key) == wanted
    ]
    return bool(keys) and bool(Session.objects.filter(pk__in=keys)._raw_delete("default"))


def _from(row: Session) -> tuple[str | None, str | None]:
    address, agent = SessionStore().decode(row.session_data).get(FROM, (None, None))
    return address, agent


def handle(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
