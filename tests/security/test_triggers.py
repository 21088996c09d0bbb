"""What the database keeps of the log by itself: each dies without its trigger."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from security.models import AuditDay, AuditLog
from security.triggers import KEPT_UP, LASTING, PERSONAL, WORDING, WORDS, missing_triggers
from tests.factories.security import audit_entry
from tests.settings import IS_D1

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditLog:
    return audit_entry(
        resource_id="p1", ip_address="192.0.2.1", user_agent="Firefox", request_id="r1", metadata={"reason": "Because"}
    )


def sql(text: str, *params) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, params)


def row(entry) -> dict:
    return AuditLog.objects.filter(pk=entry.pk).values().get()


@pytest.mark.parametrize("column", LASTING)
def test_what_lasts_is_never_changed(column, entry):
    with pytest.raises(IntegrityError, match="redacted"):
        sql(f"UPDATE audit_logs SET {column} = 'x'")
    with pytest.raises(IntegrityError, match="redacted"):
        sql(f"UPDATE audit_logs SET {column} = NULL")


@pytest.mark.parametrize("column", PERSONAL)
def test_what_is_personal_can_be_taken_out_and_not_changed(column, entry):
    with pytest.raises(IntegrityError, match="redacted"):
        sql(f"UPDATE audit_logs SET {column} = 'x'")

    before = row(entry)
    sql(f"UPDATE audit_logs SET {column} = NULL WHERE log_id = %s", entry.pk)

    assert row(entry) == {**before, column: None}


def test_a_redaction_that_changes_something_besides_is_refused(entry):
    with pytest.raises(IntegrityError, match="redacted"):
        sql("UPDATE audit_logs SET user_id = NULL, action = 'x'")
    with pytest.raises(IntegrityError, match="redacted"):
        sql("UPDATE audit_logs SET user_id = NULL, rowid = 4711")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT OR REPLACE INTO audit_logs (log_id, action, resource_type) VALUES (%s, 'x', 'y')",
        "REPLACE INTO audit_logs (log_id, action, resource_type) VALUES (%s, 'x', 'y')",
        "INSERT OR IGNORE INTO audit_logs (log_id, action, resource_type) VALUES (%s, 'x', 'y')",
        "INSERT OR REPLACE INTO audit_logs (rowid, log_id, action, resource_type) "
        "SELECT rowid, 'other', 'x', 'y' FROM audit_logs WHERE log_id = %s",
        "UPDATE OR REPLACE audit_logs SET log_id = %s WHERE log_id = 'second'",
    ],
)
def test_no_entry_takes_the_place_of_another(text, entry):
    """Dies without the trigger on INSERT: REPLACE deletes, and no trigger on DELETE is asked."""
    audit_entry(log_id="second")
    before = list(AuditLog.objects.order_by("pk").values())

    with pytest.raises((IntegrityError, DatabaseError)):
        sql(text, entry.pk)

    assert list(AuditLog.objects.order_by("pk").values()) == before


def test_entries_are_numbered_from_one_on(entry):
    """Dies without its trigger: a row numbered -1 would stand in the way of every further one."""
    with pytest.raises(IntegrityError, match="numbered"):
        sql("INSERT INTO audit_logs (rowid, log_id, action, resource_type) VALUES (-1, 'a', 'x', 'y')")


def test_entries_stay_for_seven_years(entry):
    for timestamp in ("2026-01-01 00:00:00", "soon", None):
        sql(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) VALUES (%s, 'x', 'y', %s)",
            f"of {timestamp}", timestamp,
        )  # fmt: skip
    for timestamp in ("2015-01-01 00:00:00", "2015-01-01T00:00:00.000Z"):
        sql(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) VALUES (%s, 'old', 'y', %s)",
            timestamp, timestamp,
        )  # fmt: skip

    with pytest.raises(IntegrityError, match="7 years"):
        sql("DELETE FROM audit_logs WHERE action = 'x'")
    with pytest.raises(IntegrityError, match="7 years"):
        sql("DELETE FROM audit_logs")
    sql("DELETE FROM audit_logs WHERE action = 'old'")

    assert AuditLog.objects.count() == 4


def test_days_are_counted_as_entries_come(entry):
    for tenant, timestamp, success in (
        ("t1", "2026-11-20 10:00:00", 1),
        ("t1", "2026-11-20T23:59:59.999Z", 0),
        ("t1", "2026-11-21 00:00:00", 1),
        (None, "2026-11-20 10:00:00", 1),
        (None, "2026-02-30 10:00:00", 1),
        (None, None, 1),
    ):
        sql(
            "INSERT INTO audit_logs (log_id, tenant_id, action, resource_type, timestamp, success) "
            "VALUES (%s, %s, 'by_a_worker', 'y', %s, %s)",
            f"{tenant} {timestamp}", tenant, timestamp, success,
        )  # fmt: skip

    assert set(AuditDay.objects.filter(action="by_a_worker").values_list("tenant_id", "day", "entries", "refused")) == {
        ("t1", "2026-11-20", 2, 1),
        ("t1", "2026-11-21", 1, 0),
        ("", "2026-11-20", 1, 0),
        ("", "", 2, 0),
    }


def test_a_trigger_that_is_missing_or_another_is_told():
    made = {made.name: made.sql for made in connection.live_schema()}
    assert missing_triggers(made) == []
    for name in KEPT_UP:
        assert missing_triggers(
            {**made, name: f"CREATE TRIGGER {name} AFTER INSERT ON audit_logs BEGIN SELECT 1; END"}
        ) == [name]
        assert missing_triggers({key: sql for key, sql in made.items() if key != name}) == [name]
    assert missing_triggers({}) == []
    assert missing_triggers({**made, WORDS: ""} if IS_D1 else {k: v for k, v in made.items() if k not in WORDING}) == [
        *WORDING
    ]
