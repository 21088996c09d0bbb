import datetime as dt

import pytest

from security.queries.audit import newest_entries
from tests.factories.security import audit_entry


@pytest.mark.django_db
def test_the_newest_entries_come_first(scope):
    for hour in (3, 5, 4):
        audit_entry(resource_id=str(hour), timestamp=dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC))

    assert [entry.resource_id for entry in newest_entries(2)] == ["5", "4"]
