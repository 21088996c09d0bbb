from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from security.columns import CurrentTimestamp, Text, Time, now
from security.contract import Bookkeeping, Privacy
from security.rls.policies import Closed


class Session(AbstractBaseSession, Bookkeeping):
    """A signed-in browser. Its key is as good as a password: only the session store reaches it (security.sessions)."""

    privacy = Privacy.PERSON
    rls = Closed()
    retention = "until it expires or is ended"

    expire_date = models.DateTimeField("expires")
    user_id = Text("person", null=True)
    tenant_id = Text("tenant", null=True)
    last_seen_at = Time("last used", default=now, db_default=CurrentTimestamp())

    class Meta:
        db_table = "nds_sessions"
        indexes = [
            models.Index(fields=["user_id"], name="nds_sessions_by_user"),
            models.Index(fields=["expire_date"], name="nds_sessions_by_expiry"),
        ]
