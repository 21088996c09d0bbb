import pytest

from analytics.queries.sync_errors import open_errors
from security.columns import now
from tests.factories.analytics import sync_error

pytestmark = pytest.mark.django_db


def test_open_errors_by_kind_the_most_frequent_first(django_assert_num_queries):
    for kind in ("auth_error", "rate_limit", "rate_limit", None):
        sync_error(error_type=kind)
    sync_error(resolved_at=now())

    with django_assert_num_queries(1):
        assert next(iter(open_errors().items())) == ("rate_limit", 2)
    assert open_errors() == {"rate_limit": 2, "auth_error": 1, "": 1}
