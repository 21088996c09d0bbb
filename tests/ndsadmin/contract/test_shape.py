import sqlite3

import pytest

from ndsadmin.contract.shape import differences, evaluated, shape_of

BASE = "CREATE TABLE t (a TEXT PRIMARY KEY, b INTEGER DEFAULT 0, c TEXT NOT NULL REFERENCES p(x), UNIQUE (b, c))"


def shape(*statements: str):
    database = sqlite3.connect(":memory:")
    for statement in statements:
        database.execute(statement)
    return shape_of(lambda sql: database.execute(sql).fetchall(), "t")


def told(*statements: str) -> list[str]:
    return differences("t", shape(BASE), shape(*statements))


@pytest.mark.parametrize(
    "same",
    [
        'CREATE TABLE "t" ("a" TEXT NOT NULL PRIMARY KEY, "b" INTEGER DEFAULT (0) NULL, '
        '"c" text NOT NULL REFERENCES "p" ("x"), CONSTRAINT "u" UNIQUE ("c", "b"))',
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INTEGER DEFAULT FALSE, c TEXT NOT NULL, "
        "FOREIGN KEY (c) REFERENCES p(x), UNIQUE (b, c))",
    ],
    ids=["quoted, with names", "apart"],
)
def test_how_a_table_is_written_does_not_count(same):
    assert told(same) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("b INTEGER", "b REAL", "t.b: type: expected 'INTEGER', found 'REAL'"),
        ("DEFAULT 0", "DEFAULT 1", "t.b: default: expected ('integer', 0), found ('integer', 1)"),
        ("DEFAULT 0", "DEFAULT 0.0", "t.b: default: expected ('integer', 0), found ('real', 0.0)"),
        ("c TEXT NOT NULL", "c TEXT", "t.c: required: expected True, found False"),
        ("UNIQUE (b, c)", "d TEXT, UNIQUE (b, c)", "t.d: is no column of the contract"),
        ("REFERENCES p(x)", "", "t: foreign key c -> p.x (on update NO ACTION, on delete NO ACTION) is missing"),
        ("p(x)", "p(x) DEFERRABLE INITIALLY DEFERRED", "t: DEFERRABLE is not the contract's"),
        ("c TEXT NOT NULL", "c TEXT NOT NULL CHECK (c <> '')", "t: CHECK is not the contract's"),
        ("UNIQUE (b, c)", "UNIQUE (c)", "t: unique (b, c) is missing"),
        ("a TEXT PRIMARY KEY", "a TEXT PRIMARY KEY ON  CONFLICT REPLACE", "t: ON CONFLICT is not the contract's"),
        ("a TEXT PRIMARY KEY", "a TEXT COLLATE NOCASE PRIMARY KEY", "t: COLLATE is not the contract's"),
        ("b INTEGER DEFAULT 0", "b INTEGER AS (1)", "t: GENERATED is not the contract's"),
        ("a TEXT PRIMARY KEY", "a TEXT", "t.a: required: expected True, found False"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_a_program_could_tell_apart_is_told(old, new, difference):
    assert difference in told(BASE.replace(old, new))


def test_another_action_of_a_foreign_key_is_told():
    assert any("on delete CASCADE" in line for line in told(BASE.replace("p(x)", "p(x) ON DELETE CASCADE")))


def test_another_order_of_columns_is_told():
    swapped = "CREATE TABLE t (b INTEGER DEFAULT 0, a TEXT PRIMARY KEY, c TEXT NOT NULL REFERENCES p(x), UNIQUE (b, c))"

    assert told(swapped) == ["t: columns stand in another order: expected a, b, c, found b, a, c"]


@pytest.mark.parametrize(
    "index",
    [
        "CREATE INDEX i ON t (b)",
        "CREATE INDEX i ON t (b DESC) WHERE c IS NOT NULL",
        "CREATE UNIQUE INDEX i ON t (b DESC)",
    ],
)
def test_an_index_is_compared_by_columns_direction_and_condition(index):
    expected = shape(BASE, "CREATE INDEX i ON t (b DESC)")

    assert len(differences("t", expected, shape(BASE, index))) == 1
    assert differences("t", expected, shape(BASE, 'CREATE INDEX "i" ON "t" ("b" DESC)')) == []


def test_an_index_of_ours_is_not_the_contracts_business():
    assert told(BASE, "CREATE INDEX nds_x ON t (b)") == []
    assert told(BASE, "CREATE INDEX other ON t (b)") != []


@pytest.mark.parametrize(
    ("default", "value"),
    [
        (None, None),
        ("NULL", None),
        ("(CURRENT_TIMESTAMP)", ("now", None)),
        ("'a''b'", ("text", "a'b")),
        ("TRUE", ("integer", 1)),
        ("0.80", ("real", 0.8)),
        ("(load_extension('x'))", ("expression", "load_extension('x')")),
    ],
)
def test_a_default_is_what_it_gives_and_never_runs_more_than_a_literal(default, value):
    assert evaluated(default) == value
