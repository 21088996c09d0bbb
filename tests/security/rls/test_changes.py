import pytest

from security.rls.changes import Change, Kind, change_of

ROWS = {
    "INSERT INTO users (a) VALUES (1)": "users",
    "insert or replace into Users VALUES (1)": "users",
    "REPLACE INTO users VALUES (1)": "users",
    "UPDATE users SET a = 1": "users",
    "UPDATE OR IGNORE main.users SET a = 1": "users",
    'UPDATE"users"SET a = 1': "users",
    "UPDATE [users] SET a = 1": "users",
    "UPDATE `main`.`users` SET a = 1": "users",
    "DELETE FROM users": "users",
    "/* SELECT */ DELETE -- x\n FROM users": "users",
    "WITH x AS (SELECT 1) UPDATE users SET a = 1": "users",
    "WITH RECURSIVE x(a) AS (SELECT 1), y AS MATERIALIZED (SELECT 2) INSERT INTO users SELECT * FROM x": "users",
    "WITH update_it AS (SELECT 1) DELETE FROM users RETURNING *": "users",
    "INSERT INTO audit_logs (a) SELECT 1": "audit_logs",
    # What is not understood is a change of something unknown.
    "WITH x AS SELECT 1": "",
    "SELECT 1; DELETE FROM users": "",
    "GRANT everything": "",
    "SELECT (": "",
    "UPDATE": "",
}
NONE = (
    "SELECT * FROM users",
    "VALUES (1)",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "EXPLAIN DELETE FROM users",
    "EXPLAIN QUERY PLAN UPDATE users SET a = 1",
    "PRAGMA table_info('users')",
    "SELECT 'DELETE FROM users'",
    "",
    "  -- nothing\n",
)


@pytest.mark.parametrize("sql", ROWS)
def test_the_target_of_a_change_is_found(sql):
    """Dies where a way to write is taken for a read, or for a write to another table."""
    assert change_of(sql) == Change(Kind.ROWS, ROWS[sql])


@pytest.mark.parametrize("sql", NONE)
def test_what_reads_changes_nothing(sql):
    assert change_of(sql) is None


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a)",
        "CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; DELETE FROM users; END",
        "DROP TRIGGER nds_audit_logs_update",
        "ALTER TABLE users RENAME TO t",
        "VACUUM",
        "ATTACH 'x' AS x",
    ],
)
def test_the_schema_is_told_apart(sql):
    assert change_of(sql) == Change(Kind.SCHEMA)


@pytest.mark.parametrize(
    "sql", ["BEGIN IMMEDIATE", "COMMIT", "end", "ROLLBACK TO x", "SAVEPOINT x", "RELEASE x", "/**/ COMMIT"]
)
def test_transactions_are_told_apart(sql):
    assert change_of(sql) == Change(Kind.TRANSACTION)
