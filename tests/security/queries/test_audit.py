import datetime as dt

import pytest
from django.db import transaction

from security.audit import Action, record
from security.models import AuditLog
from security.queries.audit import newest_entries


@pytest.mark.django_db
def test_the_newest_entries_come_first(scope):
    with transaction.atomic():
        for hour in (3, 5, 4):
            entry = record(Action.LOGIN, resource_type="user", resource_id=str(hour), tenant_id=None)
            AuditLog.objects.filter(pk=entry.pk).update(timestamp=dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC))

    assert [entry.resource_id for entry in newest_entries(2)] == ["5", "4"]
