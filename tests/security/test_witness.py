"""No way to write goes without an entry in the audit log.

Each dies where the witness is not asked: take away a line of `Confining.confined`, `commit` or `savepoint_commit`, or a
cursor's ``note``, and something here stores what nobody hears of.
"""

import contextlib
import contextvars
import sqlite3
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, migrations, transaction
from django.db.models.signals import post_save

from security.actions import TELLING_OF_NO_CHANGE, Action
from security.audit import record
from security.models import AuditLog, AuditView, Session
from security.rls.changes import change_of
from security.scope import Reach, Scope, acting, maintenance_scope, platform_scope, tenant_scope
from security.services.rows import update_row
from security.witness import UNRECORDED, Unrecorded, Witness
from tenants.models import Preference, Tenant, User
from tests.arranging import arranging, watched
from tests.factories.content import content_template
from tests.factories.tenants import person, platform, tenant
from tests.settings import IS_D1

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def is_watched(all_tenants):
    with watched():
        yield


@pytest.fixture
def who():
    found = person(tenant=tenant(tenant_id="t1"), email="ada@example.com")
    with arranging():
        Preference.objects.create(user=found, name="kept", value=1)
    return found


def told(action: Action = Action.UPDATE_USER) -> None:
    record(action, resource_type="user", resource_id="u", tenant_id="t1")


def sql(text: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def many(text: str, rows: list) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(text, rows)


def on_signal(who) -> None:
    """A change that a signal of an honest change makes besides."""

    def rename(**_) -> None:
        Tenant.objects.filter(pk="t1").update(name="by a signal")

    post_save.connect(rename, sender=Session)
    try:
        Session.objects.create(session_key="k", session_data="", expire_date="2030-01-01T00:00:00Z")
    finally:
        post_save.disconnect(rename, sender=Session)


WAYS = {
    "save": lambda who: setattr(who, "full_name", "x") or who.save(),
    "create": lambda who: Tenant.objects.create(tenant_id="n", name="n", region="eu-west", kms_key_id="k"),
    "update": lambda who: User.objects.filter(pk=who.pk).update(full_name="x"),
    "bulk_create": lambda who: Preference.objects.bulk_create([Preference(user=who, name="a", value=1)]),
    "bulk_create, ignoring": lambda who: Preference.objects.bulk_create(
        [Preference(user=who, name="a", value=1)], ignore_conflicts=True
    ),
    "bulk_update": lambda who: setattr(who, "full_name", "x") or User.objects.bulk_update([who], ["full_name"]),
    "delete, and what hangs on it": lambda who: who.delete(),
    "delete, many": lambda who: User.objects.all().delete(),
    "get_or_create": lambda who: Preference.objects.get_or_create(user=who, name="a", defaults={"value": 1}),
    "update_or_create": lambda who: Preference.objects.update_or_create(user=who, name="a", defaults={"value": 1}),
    "many to many": lambda who: who.groups.create(name="g"),
    "signal": on_signal,
    "raw": lambda who: sql("UPDATE users SET full_name = 'x'"),
    "raw, with parameters": lambda who: sql("UPDATE users SET full_name = %s WHERE user_id = %s", "x", who.pk),
    "raw, behind WITH": lambda who: sql("WITH x AS (SELECT 1) UPDATE users SET full_name = 'x'"),
    "raw, replacing": lambda who: sql(
        "REPLACE INTO nds_preferences (user_id, name, value) VALUES (%s, 'a', '1')", who.pk
    ),
    "raw, in a comment": lambda who: sql("/* SELECT 1 */ UPDATE users SET full_name = 'x'"),
    "raw, by its schema": lambda who: sql("UPDATE main.users SET full_name = 'x'"),
    "executemany": lambda who: many("UPDATE users SET full_name = %s", [["x"], ["y"]]),
}


def everything() -> list:
    with arranging():
        return [
            *(list(model.objects.order_by("pk").values_list()) for model in (Tenant, User, Preference, Group)),
            list(AuditLog.objects.order_by("pk").values_list()),
        ]


@pytest.mark.parametrize("way", WAYS)
def test_a_change_without_an_entry_is_undone(way, who):
    before = everything()

    with pytest.raises(Unrecorded), transaction.atomic():
        WAYS[way](who)

    assert everything() == before


@pytest.mark.parametrize("way", WAYS)
def test_outside_of_a_transaction_nothing_is_changed(way, who):
    before = everything()

    with pytest.raises(Unrecorded):
        WAYS[way](who)

    assert everything() == before


@pytest.mark.parametrize("way", WAYS)
def test_with_an_entry_it_is_stored(way, who):
    """The other side: what is refused above is refused for want of an entry, and nothing else."""
    before = everything()

    with transaction.atomic():
        told()
        WAYS[way](who)

    assert everything()[:-1] != before[:-1]


@pytest.mark.parametrize("way", ["update", "raw", "bulk_create"])
def test_in_the_scope_of_a_tenant_too(way, who):
    def work() -> None:
        with tenant_scope("t1"), transaction.atomic():
            WAYS[way](who)

    with pytest.raises(Unrecorded):
        contextvars.Context().run(work)


def test_a_migration_that_changes_rows_must_tell_of_it(who):
    """A data migration; one that records an entry passes."""

    def silently(registry, editor) -> None:
        User.objects.filter(pk=who.pk).update(full_name="by a migration")

    def honestly(registry, editor) -> None:
        silently(registry, editor)
        told()

    def migrate(code) -> None:
        with maintenance_scope("migrate"), connection.schema_editor(atomic=False) as editor, transaction.atomic():
            state = SimpleNamespace(apps=apps, clear_delayed_apps_cache=lambda: None)
            migrations.RunPython(code).database_forwards("tenants", editor, state, state)

    with pytest.raises(Unrecorded):
        migrate(silently)
    assert User.objects.get(pk=who.pk).full_name is None
    migrate(honestly)
    assert User.objects.get(pk=who.pk).full_name == "by a migration"


def test_what_a_savepoint_takes_back_does_not_count(who):
    """Neither a change that needs an entry, nor an entry for a change."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                WAYS["update"](who)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    with pytest.raises(Unrecorded), transaction.atomic():
        WAYS["update"](who)
        try:
            with transaction.atomic():
                told()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass


def test_a_change_of_nothing_needs_no_entry(who):
    with transaction.atomic():
        User.objects.filter(pk="nobody").update(full_name="x")
        User.objects.filter(pk="nobody").delete()


@pytest.mark.parametrize("action", sorted(TELLING_OF_NO_CHANGE))
def test_an_entry_of_something_else_does_not_stand_for_a_change(action, who):
    """Dies where crossing tenants, which leaves an entry by itself, covers what is done there."""
    with pytest.raises(Unrecorded), transaction.atomic():
        told(action)
        WAYS["update"](who)


def test_crossing_tenants_covers_nothing(who):
    operator = person(tenant=platform(), role="owner")

    def work() -> None:
        with platform_scope(reason="Mending", actor=operator), transaction.atomic():
            WAYS["update"](who)

    with pytest.raises(Unrecorded):
        contextvars.Context().run(work)


def test_an_entry_that_is_inserted_by_hand_does_not_count(who):
    with pytest.raises(Unrecorded), transaction.atomic():
        AuditLog.objects.create(action="update_user", resource_type="user")
        WAYS["update"](who)


def test_the_services_entry_counts(who):
    row = content_template(name="Old", tenant=who.tenant)
    row.name = "New"

    update_row(row, before={"name": "Old"})

    assert AuditLog.objects.get().metadata == {"changes": {"name": ["Old", "New"]}}


def test_transactions_are_ended_by_atomic_alone(who):
    """Dies where a COMMIT in between is let through: what was changed before it would be stored unseen."""
    for text in ("COMMIT", "END", "ROLLBACK", "BEGIN", "SAVEPOINT x", "RELEASE x"):
        with pytest.raises((Unrecorded, DatabaseError)), transaction.atomic():
            WAYS["update"](who)
            sql(text)
    assert User.objects.get(pk=who.pk).full_name is None


def test_autocommit_off_ends_no_differently(who):
    connection.set_autocommit(False)
    try:
        WAYS["update"](who)
        with pytest.raises(Unrecorded):
            connection.commit()
        with pytest.raises(Unrecorded):
            connection.set_autocommit(True)
        connection.rollback()
    finally:
        connection.set_autocommit(True)
    assert User.objects.get(pk=who.pk).full_name is None


def test_the_schema_is_changed_by_maintenance_alone():
    operator = Scope(request_id="r", actor_id="o", reach=Reach.PLATFORM)
    for text in ("DROP TRIGGER nds_audit_logs_update", "CREATE TABLE t (a)", "ALTER TABLE users ADD COLUMN x"):
        with acting(operator), pytest.raises(Unrecorded, match="maintenance"):
            sql(text)


def test_nothing_is_changed_past_the_cursor(who):
    """Dies where the driver's connection takes changes: no witness would see them."""
    with pytest.raises((DatabaseError, sqlite3.Error), match=r"not authorized|prohibited"):
        connection.connection.execute("UPDATE users SET full_name = 'x'")
    assert User.objects.get(pk=who.pk).full_name is None


BEHIND = {
    # ways to end a transaction, or to leave half of a statement, that an honest cursor offers
    "executescript": lambda: connection.cursor().executescript(""),
    "the driver's commit": lambda: connection.connection.commit(),
    "the driver's block": lambda: connection.connection.__exit__(None, None, None),
    "the driver's COMMIT": lambda: connection.connection.execute("COMMIT"),
    "behind a semicolon": lambda: sql(";COMMIT"),
    "behind a mark": lambda: sql("\ufeffCOMMIT"),
    "or rollback": lambda: sql("UPDATE OR ROLLBACK users SET role = NULL"),
    "or fail": lambda: sql("UPDATE OR FAIL users SET role = NULL"),
}


@pytest.mark.embedded
@pytest.mark.parametrize("way", BEHIND)
def test_no_transaction_is_ended_behind_the_witness(way, who):
    """Dies where the authorizer lets COMMIT through, or a statement that is not understood is sent."""
    with pytest.raises(Unrecorded), transaction.atomic():
        WAYS["update"](who)
        with contextlib.suppress(DatabaseError, sqlite3.Error):
            BEHIND[way]()

    assert User.objects.get(pk=who.pk).full_name is None


def test_what_a_failed_statement_left_behind_counts(who):
    """Dies where only what succeeded is noted: the first of many rows is stored, the second fails."""
    with pytest.raises((Unrecorded, DatabaseError)), transaction.atomic(), contextlib.suppress(DatabaseError):
        many("UPDATE users SET full_name = %s, role = %s", [["x", "owner"], ["y", None]])

    assert User.objects.get(pk=who.pk).full_name is None


def test_where_the_database_ended_the_transaction_nothing_more_is_done(who):
    """SQLite does so when the disk is full. Dies where what follows is stored by itself."""
    if IS_D1:
        return  # a transaction lives here, not there
    with pytest.raises(DatabaseError), transaction.atomic():
        told()
        with connection.fence.raw():
            connection.connection.execute("ROLLBACK")
        with contextlib.suppress(DatabaseError):
            sql("SELECT * FROM nowhere")
        WAYS["update"](who)

    assert User.objects.get(pk=who.pk).full_name is None


def test_an_entry_counts_for_its_own_transaction(who):
    """Dies where switching autocommit on leaves it to the next one."""
    connection.set_autocommit(False)
    with transaction.atomic():
        told()
    connection.set_autocommit(True)

    with pytest.raises(Unrecorded), transaction.atomic():
        WAYS["update"](who)


def test_an_entry_of_a_refusal_does_not_stand_for_a_change(who):
    with pytest.raises(Unrecorded), transaction.atomic():
        record(Action.UPDATE_USER, resource_type="user", resource_id="u", tenant_id="t1", error="refused")
        WAYS["update"](who)


def test_the_schema_cannot_be_written_as_rows():
    """Dies where the triggers can be deleted from sqlite_master."""
    with acting(Scope(request_id="r", actor_id="o", reach=Reach.PLATFORM)):
        for text in ("PRAGMA writable_schema = ON", "DELETE FROM sqlite_master", "PRAGMA recursive_triggers = OFF"):
            with pytest.raises(Unrecorded), transaction.atomic():
                told()
                sql(text)


def test_a_database_is_emptied_by_maintenance_alone():
    with acting(Scope(request_id="r", actor_id="o", reach=Reach.PLATFORM)), pytest.raises(Unrecorded, match="emptied"):
        connection.ops.execute_sql_flush(["DELETE FROM users"])


@pytest.mark.embedded
def test_what_replaces_is_asked_by_the_trigger_on_delete(who):
    """A row number that is another each time gets past the trigger on INSERT. Dies without recursive_triggers."""
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        told_in_its_own_transaction()
        with connection.fence.raw(), transaction.atomic():
            for number in range(60):
                cursor.execute(
                    "INSERT OR REPLACE INTO audit_logs (rowid, log_id, action, resource_type) "
                    f"VALUES (CASE WHEN random() > 0 THEN {number + 90} ELSE 1 END, 'v{number}', 'x', 'y')"
                )


def told_in_its_own_transaction() -> None:
    with transaction.atomic():
        told()


def test_exempt_tables_need_no_entry():
    Session.objects.create(session_key="k", session_data="", expire_date="2030-01-01T00:00:00Z")
    with transaction.atomic():
        Session.objects.all().delete()


def test_what_is_exempt_is_there_and_has_a_reason():
    """A table that somebody adds is recorded unless it is named here; a name that is none would exempt nothing."""
    made = {made.name for made in connection.live_schema()}

    missing = set(UNRECORDED) - made - ({"nds_audit_words"} if IS_D1 else set())
    assert missing == set()
    assert all(UNRECORDED.values())
    assert AuditView._meta.db_table not in UNRECORDED


def test_a_table_that_nobody_knows_is_recorded():
    for text in ("INSERT INTO unheard_of VALUES (1)", "GRANT everything"):
        with acting(Scope.of_command("x")), pytest.raises(Unrecorded):
            Witness().admit(change_of(text), is_in_transaction=False)
