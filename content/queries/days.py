"""What happened on given days, as sums read it."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from content.enums import Classification
from content.models import RevisionEvent
from security.columns import Unreadable
from security.contract import ContractTable
from security.orders import walks

T = TypeVar("T", bound=ContractTable)


def of_days(model: type[T], first: dt.date, last: dt.date) -> "QuerySet[T, Any]":
    """The rows of those days, whichever form of a time they have, by the index of the order in which they are listed:
    that of `security.orders.walks` which comes first, by the time they happened."""
    start, end = Unreadable(first.isoformat()), Unreadable((last + dt.timedelta(days=1)).isoformat())
    rows: Any = model._default_manager.alias(moment=walks(model)[0].place)
    found: QuerySet[T, Any] = rows.filter(moment__gte=start, moment__lt=end)
    return found


def is_defect() -> Exists:
    """Whether a revision of a piece of content says that it was a defect: once, however many do."""
    return Exists(RevisionEvent.objects.filter(content=OuterRef("pk"), classification=Classification.DEFECT))
