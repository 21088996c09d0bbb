import datetime as dt

import pytest

from publishing.queries.accounts import expiring_tokens
from tests.factories.publishing import social_account

pytestmark = pytest.mark.django_db


def test_tokens_that_expire_soon_or_have_the_next_first(django_assert_num_queries):
    day = lambda n: dt.datetime(2026, 11, n, 23, 30, tzinfo=dt.UTC)  # noqa: E731
    later, gone, last = (social_account(expires_at=day(n)) for n in (28, 3, 27))
    social_account(expires_at=day(3), status="revoked")
    social_account(expires_at=None)

    with django_assert_num_queries(1):
        found = expiring_tokens(dt.date(2026, 11, 27))

    assert [token.account_id for token in found] == [gone.pk, last.pk]
    assert later.pk not in [token.account_id for token in found]
