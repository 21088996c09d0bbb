"""Guards that said no."""

from typing import Any

from django.db.models import QuerySet

from content.models import GuardResult
from security.orders import walks


def failures_of(guard: str, number: int) -> "QuerySet[GuardResult, Any]":
    """The newest results of ``guard`` that did not pass, with their content. One query."""
    newest = walks(GuardResult)[0].place
    rows = GuardResult.objects.filter(guard_id=guard, passed=False).select_related("content", "content__tenant")
    return rows.order_by(newest.desc())[:number]
