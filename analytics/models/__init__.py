from analytics.models.conversions import Conversion
from analytics.models.daily import GuardMetricsDaily, TenantMetricsDaily
from analytics.models.experiments import AbTest
from analytics.models.posts import AnalyticsSyncError, PerformanceBenchmark, PostAnalytics

__all__ = [
    "AbTest",
    "AnalyticsSyncError",
    "Conversion",
    "GuardMetricsDaily",
    "PerformanceBenchmark",
    "PostAnalytics",
    "TenantMetricsDaily",
]
