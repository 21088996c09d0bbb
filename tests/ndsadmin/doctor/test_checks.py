import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from analytics.services.roll_up import roll_up
from ndsadmin.doctor.checks import (
    CHECKS,
    broken_json,
    missing_indexes,
    mixed_times,
    odd_numbers,
    orphans,
    ownerless_tenants,
    pending_migrations,
    unknown_values,
    unreadable_times,
)
from ndsadmin.doctor.times import normalise
from security.columns import Unreadable, now
from security.models import AuditLog
from tenants.models import Tenant
from tests.factories.content import content_template, generated_content
from tests.factories.publishing import rate_limit
from tests.factories.security import audit_entry
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


def store(table: str, column: str, value: str) -> None:
    with connection.cursor() as database:
        database.execute(f'UPDATE "{table}" SET "{column}" = %s', [value])


def told(check) -> list[tuple[str, str]]:
    return [(finding.where, finding.what) for finding in check()]


def test_a_sound_database_has_no_findings(operator):
    for check in CHECKS:
        assert told(check) == []


def test_each_check_finds_what_it_is_for():
    content_template()
    store("content_templates", "created_at", "2026-11-20T10:00:00.123Z")
    store("content_templates", "updated_at", "soon")
    store("content_templates", "structure", "{broken")
    store("content_templates", "status", "asleep")
    with connection.cursor() as database:
        database.execute("DROP INDEX nds_audit_logs_by_timestamp")
        database.execute("CREATE INDEX nds_of_old ON audit_logs (action)")
        database.execute("UPDATE content_templates SET use_count = 'many'")
        database.execute("DELETE FROM django_migrations WHERE app = 'security' AND name = '0007_rolling_back'")

    assert told(mixed_times) == [("content_templates.created_at", "1 times are written as 2026-11-22T10:00:00.000Z")]
    assert told(unreadable_times) == [("content_templates.updated_at", "1 values are no time")]
    assert told(broken_json) == [("content_templates.structure", "1 documents are no JSON")]
    assert told(unknown_values) == [("content_templates.status", "1 rows say 'asleep'")]
    assert told(odd_numbers) == [("content_templates.use_count", "1 values are no number")]
    assert told(missing_indexes) == [
        ("nds_audit_logs_by_timestamp", "is not there"),
        ("nds_of_old", "is of an earlier edition"),
    ]
    assert told(pending_migrations) == [("security.0007_rolling_back", "is not applied")]


@pytest.mark.parametrize(
    ("value", "is_time"),
    [("2026-11-20", True), ("2026-11-20 10:00", True), ("2026-02-30 10:00:00", False), ("soon", False), (7, False)],
)
def test_what_the_pages_can_read_is_a_time(value, is_time):
    tenant()
    store("tenants", "created_at", value)

    assert (told(unreadable_times) == []) == is_time


def test_orphans_are_told():
    with connection.cursor() as database:
        database.execute("PRAGMA defer_foreign_keys = ON")
        database.execute("INSERT INTO conversions (conversion_id, post_id, tenant_id, conversion_type) "
                         "VALUES ('c', 'gone', 'gone', 'purchase')")  # fmt: skip

    assert sorted(told(orphans)) == [
        ("conversions", "1 rows point at a row of published_posts that is not there"),
        ("conversions", "1 rows point at a row of tenants that is not there"),
    ]
    connection.needs_rollback = True


def test_what_the_roll_up_writes_is_no_finding(scope):
    generated_content(intent_spec={})
    roll_up(now().date(), now().date())

    assert told(unknown_values) == []


def test_a_note_is_no_finding():
    """Dies where the doctor is never content: logs are not rewritten."""
    entry = audit_entry(timestamp=Unreadable("2026-11-20T10:00:00.123Z"))
    person(tenant=entry.tenant, role="owner")
    output = io.StringIO()

    call_command("doctor", stdout=output)

    assert "Logs and keys are never rewritten." in output.getvalue()
    assert "Nothing has to be done." in output.getvalue()


def test_the_command_says_what_to_do_and_ends_with_one():
    person(tenant=content_template(status="asleep").tenant, role="owner")
    output = io.StringIO()

    with pytest.raises(CommandError, match="1 findings") as ended:
        call_command("doctor", stdout=output)

    assert ended.value.returncode == 1
    assert "unknown values: content_templates.status: 1 rows say 'asleep'" in output.getvalue()
    assert "Known are active, archived." in output.getvalue()


def test_the_command_is_content_with_a_sound_database():
    output = io.StringIO()

    call_command("doctor", stdout=output)

    assert output.getvalue() == "Nothing is odd.\n"


TIMES = [
    ("2026-11-20T10:00:00.123Z", "2026-11-20 10:00:00"),
    ("2026-11-20T10:00:00Z", "2026-11-20 10:00:00"),
    ("2026-11-20T10:00:00", "2026-11-20 10:00:00"),
    ("2026-11-20T10:00:00+02:00", "2026-11-20T10:00:00+02:00"),
    ("2026-13-45T10:00:00Z", "2026-13-45T10:00:00Z"),
    ("Tomorrow", "Tomorrow"),
]


@pytest.mark.parametrize(("before", "after"), TIMES)
def test_only_times_of_the_second_form_are_written_anew(before, after, scope):
    tenant()
    store("tenants", "created_at", before)

    normalise()

    with connection.cursor() as database:
        database.execute("SELECT created_at FROM tenants")
        assert database.fetchone() == (after,)


def test_logs_and_keys_are_never_touched(scope):
    """Dies where the audit log is rewritten: its entries may be sealed byte for byte."""
    audit_entry(timestamp=Unreadable("2026-11-20T10:00:00.123Z"))
    rate_limit()
    store("rate_limits", "window_start", "2026-11-20T10:00:00.123Z")

    normalise()

    assert {where for where, _ in told(mixed_times)} == {"audit_logs.timestamp", "rate_limits.window_start"}


def test_normalising_is_recorded(scope):
    person(tenant=tenant(), role="owner")
    store("tenants", "created_at", "2026-11-20T10:00:00.123Z")

    call_command("doctor", normalise_times=True, stdout=io.StringIO())

    entry = AuditLog.objects.get(action="normalise_times")
    assert entry.metadata["columns"] == {"tenants.created_at": 1}
    assert entry.metadata["reason"] == "Look for what is odd in all tenants"
    assert Tenant.objects.get().created_at.hour == 10


def test_a_tenant_that_nobody_owns_is_told_of(scope):
    """An import, or a worker, may leave one: here nobody can."""
    owned, lost, away = tenant(), tenant(name="Lost House"), tenant(status="suspended")
    person(tenant=owned, role="owner")
    person(tenant=lost, role="owner", status="suspended")
    person(tenant=lost, role="admin")
    person(tenant=away, role="viewer")

    assert told(ownerless_tenants) == [(lost.pk, "Lost House has no active owner")]
