"""Reads about accounts."""

import datetime as dt
from dataclasses import dataclass

from publishing.enums import AccountState
from publishing.models import SocialAccount
from security.columns import Unreadable
from security.columns.places import Moment

MANY = 100  # tokens that are counted; beyond, somebody has to look anyway


@dataclass(frozen=True, slots=True)
class ExpiringToken:
    account_id: str
    account_name: str | None
    tenant_id: str
    platform: str
    expires_at: dt.datetime


def expiring_tokens(last: dt.date) -> list[ExpiringToken]:
    """Access tokens of active accounts that expire on ``last`` or before, also those that have; the first
    `MANY` + 1. One query, of a partial index."""
    end = Unreadable((last + dt.timedelta(days=1)).isoformat())
    rows = SocialAccount.objects.filter(status=AccountState.ACTIVE, expires_at__lt=end).order_by(Moment("expires_at"))
    columns = ("account_id", "account_name", "tenant_id", "platform", "expires_at")
    found = rows.values_list(*columns)[: MANY + 1]
    return [ExpiringToken(*row) for row in found if isinstance(row[-1], dt.datetime)]
