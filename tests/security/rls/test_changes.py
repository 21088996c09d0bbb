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
    "UPDATE OR REPLACE users SET a = 1": "users",
    "INSERT OR IGNORE INTO audit_logs (a) VALUES (1)": "audit_logs",
}
UNKNOWN = (
    "WITH x AS SELECT 1",
    "SELECT 1; DELETE FROM users",
    "GRANT everything",
    "SELECT (",
    "UPDATE",
    ";COMMIT",
    "\ufeffCOMMIT",
    ";DROP TRIGGER nds_audit_logs_update",
    # Forms that leave half of a statement, end the transaction, or replace entries.
    "UPDATE OR FAIL users SET a = 1",
    "INSERT OR ROLLBACK INTO users VALUES (1)",
    "REPLACE INTO audit_logs VALUES (1)",
    "INSERT OR REPLACE INTO main.audit_logs VALUES (1)",
    "UPDATE OR REPLACE audit_logs SET a = 1",
)
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


@pytest.mark.parametrize("sql", UNKNOWN)
def test_what_is_not_understood_is_told_apart(sql):
    """Dies where it is sent as if it were harmless, or as if an entry could tell of it."""
    assert change_of(sql) == Change(Kind.UNKNOWN)


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
        "PRAGMA writable_schema = ON",
        "PRAGMA writable_schema(1)",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA recursive_triggers = OFF",
        "DELETE FROM sqlite_master WHERE type = 'trigger'",
        "UPDATE main.sqlite_schema SET sql = ''",
    ],
)
def test_the_schema_is_told_apart(sql):
    assert change_of(sql) == Change(Kind.SCHEMA)


@pytest.mark.parametrize(
    "sql", ["BEGIN IMMEDIATE", "COMMIT", "end", "ROLLBACK TO x", "SAVEPOINT x", "RELEASE x", "/**/ COMMIT"]
)
def test_transactions_are_told_apart(sql):
    assert change_of(sql) == Change(Kind.TRANSACTION)
