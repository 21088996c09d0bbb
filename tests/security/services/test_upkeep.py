import pytest
from django.core.management import call_command
from django.db import connection

from security.columns import Unreadable
from security.exceptions import SchemaUnsafe
from security.models import AuditDay
from security.services import upkeep
from security.services.upkeep import check_upkeep, put_up, put_up_words, recount, take_down_words
from security.triggers import KEPT_UP, WORDS
from tests.factories.security import audit_entry

pytestmark = pytest.mark.django_db


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def found(word: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {WORDS} WHERE {WORDS} MATCH %s", [word])
        return cursor.fetchone()[0]


def names() -> set[str]:
    return {made.name for made in connection.live_schema()}


@pytest.mark.parametrize("name", KEPT_UP)
def test_a_missing_trigger_stops_the_start_and_is_put_back(name):
    """Dies where nobody looks: without it the log can be rewritten."""
    check_upkeep()
    sql(f"DROP TRIGGER {name}")

    with pytest.raises(SchemaUnsafe, match=name):
        check_upkeep()
    put_up()

    check_upkeep()


def test_a_trigger_under_a_false_name_is_put_right():
    sql("DROP TRIGGER nds_audit_logs_update")
    sql("CREATE TRIGGER nds_audit_logs_update BEFORE UPDATE ON audit_logs BEGIN SELECT 1; END")

    with pytest.raises(SchemaUnsafe):
        check_upkeep()
    put_up()

    check_upkeep()


def test_a_system_check_names_it_too():
    """What `migrate` asks before it does anything, and `check --database`."""
    sql("DROP TRIGGER nds_audit_logs_delete")

    with pytest.raises(Exception, match=r"nds_audit_logs_delete.*is missing"):
        call_command("check", databases=["default"])


def test_words_are_made_of_what_is_there_and_taken_away_again(settings):
    take_down_words()
    audit_entry(metadata={"reason": "Held for a month"})
    assert not take_down_words()

    assert put_up_words()
    audit_entry(metadata={"reason": "Held for a week"})

    assert not put_up_words()
    assert (found("held"), found("month"), found("create_post"), found("post")) == (2, 1, 2, 2)
    settings.AUDIT_WORDS = False
    put_up()
    assert not any(name.startswith(WORDS) for name in names())


def test_what_is_redacted_is_found_no_more():
    put_up_words()
    entry = audit_entry(metadata={"reason": "Ada asked"}, error_message="refused")
    person = entry.user_id.replace("-", "")
    assert (found("ada"), found(person)) == (1, 1)

    sql("UPDATE audit_logs SET user_id = NULL, metadata = NULL")

    assert (found("ada"), found(person), found("refused"), found("post")) == (0, 0, 1, 1)


def test_days_are_counted_anew():
    audit_entry(timestamp=Unreadable("2026-11-20 10:00:00"), success=False)
    AuditDay.objects.all().delete()

    recount()

    assert list(AuditDay.objects.values_list("day", "action", "entries", "refused")) == [
        ("2026-11-20", "create_post", 1, 1)
    ]


def test_before_the_migration_nothing_is_missing(monkeypatch):
    """Dies where an older database cannot be migrated any more."""
    monkeypatch.setattr(upkeep, "_made", lambda: {"audit_logs": ""})

    check_upkeep()
