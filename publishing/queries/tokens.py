"""How the tokens of accounts are. Nothing is opened, and no ciphertext is read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField
from django.db.models.functions import Length

from publishing.enums import AccountState
from publishing.models import SocialAccount
from security.columns import now

PAGE = 50  # accounts
LIVES = {"twitter": dt.timedelta(hours=2)}
"""How long an access token lives (domain.md, Publishing); 60 days on the other platforms."""
LIFE = dt.timedelta(days=60)
DUE = 8  # a token is refreshed in the last eighth of its life


@dataclass(frozen=True, slots=True)
class TokenState:
    """An account and how its tokens are; ``row`` has no ciphertext."""

    row: SocialAccount
    has_access: bool
    has_refresh: bool

    @property
    def life(self) -> dt.timedelta:
        return LIVES.get(str(self.row.platform), LIFE)

    @property
    def expires_at(self) -> dt.datetime | None:
        return self.row.expires_at if isinstance(self.row.expires_at, dt.datetime) else None

    @property
    def left(self) -> dt.timedelta | None:
        return self.expires_at - now() if self.expires_at else None

    @property
    def state(self) -> str:
        """One word for all of it."""
        if not self.has_access or self.row.status == AccountState.REVOKED:
            return "revoked"
        if self.left is not None and self.left <= dt.timedelta():
            return "expired"
        if self.row.status == AccountState.ERROR:
            return "error"
        return "refresh due" if self.is_due else "good"

    @property
    def is_due(self) -> bool:
        return self.left is not None and self.left <= self.life / DUE

    @property
    def due_at(self) -> dt.datetime | None:
        return self.expires_at - self.life / DUE if self.expires_at else None

    @property
    def tone(self) -> str:
        return {"good": "good", "refresh due": "warn"}.get(self.state, "bad")

    @property
    def scopes(self) -> list[str]:
        """The scopes that were granted; the pipeline writes a JSON list into a text."""
        return [
            word.strip("[]\" '")
            for word in str(self.row.scopes or "").replace(",", " ").split()
            if word.strip("[]\" '")
        ]


def token_states(after: str = "", *, account_id: str = "") -> list[TokenState]:
    """Accounts behind the key ``after`` in the order of their keys, one more than a page holds; or one. One query."""
    rows = SocialAccount.objects.defer("access_token_encrypted", "refresh_token_encrypted").select_related("tenant")
    rows = rows.annotate(access=_size("access_token_encrypted"), refresh=_size("refresh_token_encrypted"))
    rows = rows.filter(pk=account_id) if account_id else rows.filter(pk__gt=after)
    return [TokenState(row, bool(row.access), bool(row.refresh)) for row in rows.order_by("pk")[: PAGE + 1]]


def _size(column: str) -> Any:
    return Length(column, output_field=IntegerField())
