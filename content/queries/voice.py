"""How well generated content meets the brand's voice."""

import datetime as dt

from django.db.models import Avg, CharField, Count
from django.db.models.functions import Substr

from content.models import GeneratedContent
from security.columns import Unreadable
from security.columns.places import Moment


def voice_by_day(tenant_id: str, first: dt.date) -> dict[dt.date, tuple[float, int]]:
    """The mean score of a tenant's content from ``first`` on, by day, and of how many. One query, of an index."""
    start = Unreadable(first.isoformat())
    rows = GeneratedContent.objects.filter(tenant_id=tenant_id, brand_voice_score__isnull=False)
    days = rows.annotate(moment=Moment("created_at")).filter(moment__gte=start).order_by()
    found = days.values_list(Substr("created_at", 1, 10, output_field=CharField())).annotate(
        Avg("brand_voice_score"), Count("pk")
    )
    return {dt.date.fromisoformat(day): (float(mean), number) for day, mean, number in found if _is_day(day)}


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True
