import sqlite3
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from ndsadmin.db.sqlite.base import DatabaseWrapper
from tenants.models import User
from tests.arranging import arranging

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]


@pytest.fixture
def file_database(tmp_path):
    """A connection to a file of its own."""
    settings = {**connection.settings_dict, "NAME": str(tmp_path / "new" / "file.sqlite3"), "OPTIONS": {}}
    opened = DatabaseWrapper(settings, alias="file")
    yield opened
    opened.close()


def value(opened, sql: str) -> object:
    with opened.cursor() as cursor:
        return cursor.execute(sql).fetchone()[0]


def test_a_file_is_opened_for_readers_and_a_writer_at_once(file_database):
    assert value(file_database, "PRAGMA journal_mode") == "wal"
    assert value(file_database, "PRAGMA foreign_keys") == 1
    assert value(file_database, "PRAGMA synchronous") == 2  # FULL
    assert file_database.transaction_mode == "IMMEDIATE"


def test_a_foreign_key_is_checked_at_once_and_not_at_commit():
    """Dies with our schema editor: Django declares keys deferred."""
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            User.objects.create(tenant_id="nobody", email="a@example.com", password="x")
        transaction.set_rollback(True)


def test_threads_that_read_and_then_write_wait_for_each_other(file_database):
    """Dies with transaction_mode IMMEDIATE: "database is locked" at once, whatever the time-out."""
    with file_database.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (n INTEGER)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    errors: list[Exception] = []

    def count() -> None:
        with arranging():  # a thread starts without scope
            count_within()

    def count_within() -> None:
        own = DatabaseWrapper(file_database.settings_dict, alias="own")
        connections["own"] = own
        try:
            for _ in range(25):
                with transaction.atomic(using="own"):
                    number = value(own, "SELECT n FROM counter")
                    with own.cursor() as cursor:
                        cursor.execute("UPDATE counter SET n = %s", [number + 1])
        except Exception as error:
            errors.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert value(file_database, "SELECT n FROM counter") == 200


def test_a_writer_does_not_stop_readers(file_database, tmp_path):
    with file_database.cursor() as cursor:
        cursor.execute("CREATE TABLE t (n INTEGER)")
    reader = sqlite3.connect(file_database.settings_dict["NAME"], timeout=0)

    with file_database.raw() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO t VALUES (1)")
        seen = reader.execute("SELECT COUNT(*) FROM t").fetchone()
        cursor.execute("COMMIT")

    reader.close()
    assert seen == (0,)


def test_text_that_is_none_is_read_with_marks(file_database):
    assert value(file_database, "SELECT CAST(X'6162ff' AS TEXT)") == "ab\ufffd"
