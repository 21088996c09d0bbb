import datetime as dt

import pytest

from security.models import AuditLog
from security.services.work import record_demo, record_normalising, record_roll_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
DAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("work", "action", "details"),
    [
        (lambda: record_roll_up(DAY, DAY, {"t": 1}), "roll_up_metrics",
         {"from": "2026-11-20", "to": "2026-11-20", "rows": {"t": 1}}),
        (lambda: record_demo({"tenants": {"rows": 13, "first": "a", "last": "z"}}), "create_demo",
         {"tables": {"tenants": {"rows": 13, "first": "a", "last": "z"}}}),
        (lambda: record_normalising({"t.created_at": 1}), "normalise_times", {"columns": {"t.created_at": 1}}),
    ],
    ids=["roll-up", "demo", "normalising"],
)  # fmt: skip
def test_a_run_leaves_one_entry_of_the_platform(work, action, details):
    work()

    entry = AuditLog.objects.get()
    assert (entry.action, entry.metadata, entry.tenant_id, entry.user_id) == (action, details, None, None)
