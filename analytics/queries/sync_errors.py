"""Reads about failed attempts to fetch numbers."""

from django.db.models import Count

from analytics.models import AnalyticsSyncError


def open_errors() -> dict[str, int]:
    """How many errors nobody has resolved, by their kind, the most frequent first. One query, of a partial index."""
    rows = AnalyticsSyncError.objects.filter(resolved_at__isnull=True).order_by().values_list("error_type")
    counted = {str(kind or ""): number for kind, number in rows.annotate(number=Count("pk"))}
    return dict(sorted(counted.items(), key=lambda item: -item[1]))
