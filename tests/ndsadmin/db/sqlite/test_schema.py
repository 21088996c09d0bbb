"""Migrations over a database that holds orphans, in a file of its own."""

import sqlite3

import pytest
from django.db import IntegrityError, connection, connections, models
from django.test.utils import isolate_apps

from ndsadmin.db.sqlite.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]
ORPHANS = """
CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id));
INSERT INTO child VALUES (1, 99);
"""


@pytest.fixture
def opened(tmp_path):
    path = tmp_path / "orphans.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript(ORPHANS)
    wrapper = DatabaseWrapper({**connection.settings_dict, "NAME": str(path), "OPTIONS": {}}, alias="orphans")
    connections["orphans"] = wrapper
    yield wrapper
    wrapper.close()
    del connections["orphans"]


@isolate_apps("tests")
def table(name: str) -> type[models.Model]:
    return type(
        name,
        (models.Model,),
        {"__module__": "tests", "Meta": type("Meta", (), {"app_label": "tests", "db_table": name})},
    )


def test_orphans_elsewhere_are_left_in_peace(opened):
    with opened.schema_editor() as editor:
        editor.create_model(table("fresh"))

    assert "fresh" in opened.introspection.table_names()


def test_an_orphan_in_a_table_that_was_made_is_refused_and_nothing_stays(opened):
    """Dies where no table is checked at all."""

    def break_a_key() -> None:
        with opened.schema_editor() as editor:
            editor.create_model(table("fresh"))
            editor.execute("ALTER TABLE fresh ADD COLUMN parent_id INTEGER REFERENCES parent (id)")
            editor.execute("INSERT INTO fresh (id, parent_id) VALUES (1, 99)")

    with pytest.raises(IntegrityError, match="fresh"):
        break_a_key()

    assert "fresh" not in opened.introspection.table_names()
    with opened.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_foreign_keys_are_written_as_the_contract_writes_them():
    assert "DEFERRABLE" not in DatabaseWrapper.SchemaEditorClass.sql_create_inline_fk
