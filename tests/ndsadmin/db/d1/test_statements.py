import sqlite3

import pytest

from ndsadmin.db.d1.statements import Kind, parse

TABLES = """
CREATE TABLE t (a INTEGER, b TEXT, c REAL, d BLOB);
INSERT INTO t VALUES (3, 'x', 1.5, x'00ff'), (1, 'z', NULL, NULL), (2, 'y', 1e300, x'');
CREATE TABLE u (a INTEGER, e TEXT);
INSERT INTO u VALUES (1, 'one'), (2, 'two');
"""
READS: list[tuple[str, list]] = [
    ("SELECT a, b FROM t ORDER BY a", []),
    ("SELECT * FROM t ORDER BY a", []),
    ("SELECT t.*, u.e FROM t JOIN u USING (a) ORDER BY 1", []),
    ("SELECT t.a, u.a, t.a AS a FROM t, u ORDER BY 1, 2", []),
    ("SELECT DISTINCT b FROM t ORDER BY b", []),
    ("SELECT ALL b x, c AS 'quoted', d [w w], a \"q\" FROM t ORDER BY a", []),
    ("SELECT count(*), max(a, 2), coalesce(b, 'x, y'), (SELECT e FROM u LIMIT 1) FROM t GROUP BY b ORDER BY b", []),
    ("SELECT CASE WHEN a = ? THEN 'FROM' ELSE b END z FROM t ORDER BY a", [1]),
    ("SELECT a IS DISTINCT FROM c, b FROM t ORDER BY a", []),
    ("SELECT b COLLATE nocase k, NULL n, 5, 'text' FROM t ORDER BY a", []),
    ("SELECT a FROM t UNION SELECT a + ? FROM u ORDER BY 1", [10]),
    ("SELECT * FROM (SELECT a FROM t) UNION ALL SELECT * FROM (SELECT a FROM u) ORDER BY 1", []),
    ("WITH w(k) AS (SELECT a FROM t) SELECT k, k * 2 FROM w ORDER BY k", []),
    ("WITH replace AS (SELECT 1 AS k) SELECT * FROM replace", []),
    ("VALUES (1, 'a'), (2, 'b')", []),
    ("/* first */ SELECT a -- second\n FROM t ORDER BY a;", []),
    ("SELECT a FROM t WHERE b = '?' OR b IN (?, ?) ORDER BY a", ["x", "y"]),
    ("SELECT a FROM t ORDER BY ?, a", [1]),
    ("SELECT b, a FROM t ORDER BY (?), a", [1]),
    ("SELECT b, a FROM t ORDER BY +?, -?, ? COLLATE nocase, a", [1, 2, 1]),
    ("SELECT count(*) FROM t GROUP BY (?)", [1]),
    ("SELECT a, row_number() OVER (ORDER BY ?, a) FROM t ORDER BY a", [1]),
    ("SELECT a FROM t ORDER BY a LIMIT ? OFFSET ?", [1, 1]),
    ("SELECT a FROM t WHERE b LIKE ? ESCAPE '\\' ORDER BY a", ["%x%"]),
    ("SELECT CASE WHEN?THEN?END", [True, -5]),
    ("SELECT -?, - ?, ?-?", [-5, 3, 2, -1]),
    ("SELECT a AS \"b\"\"c\", b AS `e``f` FROM t ORDER BY a", []),
    (f"SELECT {', '.join(f'{n} AS c{n}' for n in range(100))}", []),
    ("SELECT a FROM t WHERE 0", []),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "values"), READS, ids=[sql[:50] for sql, _ in READS])
def test_a_read_gives_what_sqlite_gives(d1, sql, values):
    """Plainly, in a transaction, and behind a change: rows, their types, and the names of columns."""
    own = sqlite3.connect(":memory:")
    own.executescript(TABLES)
    cursor = own.execute(sql, values)
    names, right = [column[0] for column in cursor.description], cursor.fetchall()
    own.close()
    d1.batch([text for text in TABLES.split(";\n") if text.strip()])

    found = [d1.execute(sql, values)]
    d1.begin()
    found.append(d1.execute(sql, values))
    d1.execute("UPDATE t SET a = a")
    found.append(d1.execute(sql, values))

    assert [one.rows for one in found] == [right] * 3
    if "?" not in sql:
        assert [list(one.columns) for one in found] == [names] * 3


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", Kind.READ),
        ("(SELECT 1)", Kind.READ),
        ("with x as (select 1) insert into t select * from x", Kind.BLIND),
        ("INSERT INTO t VALUES (1)", Kind.BLIND),
        ("INSERT OR IGNORE INTO t VALUES (1)", Kind.CHANGE),
        ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", Kind.CHANGE),
        ("REPLACE INTO t VALUES (1)", Kind.CHANGE),
        ("WITH x AS (SELECT 1) UPDATE t SET a = 1", Kind.CHANGE),
        ("-- why\nDELETE FROM t", Kind.CHANGE),
        ("EXPLAIN QUERY PLAN SELECT 1", Kind.OTHER_READ),
        ("PRAGMA table_info(t)", Kind.OTHER_READ),
        ("create index i on t (a)", Kind.SCHEMA),
        ("SAVEPOINT s", Kind.TRANSACTION),
        ("ANALYZE", Kind.BLIND),
        (" -- nothing", Kind.NOTHING),
    ],
)
def test_what_a_statement_does(sql, kind):
    assert parse(sql).kind is kind
