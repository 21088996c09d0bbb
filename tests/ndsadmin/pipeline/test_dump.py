"""Files that are no dumps, or hold what a dump has no business to hold. Each is refused, and nothing is changed."""

import re

import pytest

from tests.ndsadmin.pipeline.conftest import TENANT, USER, rows

pytestmark = pytest.mark.django_db

HOSTILE = {
    "delete": "DELETE FROM tenants;",
    "delete some": "DELETE FROM tenants WHERE 1;",
    "drop": "DROP TABLE tenants;",
    "attach": "ATTACH DATABASE '/tmp/x' AS x;",
    "detach": "DETACH DATABASE main;",
    "trigger": "CREATE TRIGGER x AFTER INSERT ON tenants BEGIN DELETE FROM users; END;",
    "view": "CREATE VIEW x AS SELECT * FROM users;",
    "temporary table": "CREATE TEMP TABLE tenants (a);",
    "virtual table": "CREATE VIRTUAL TABLE x USING fts5(a);",
    "table as select": "CREATE TABLE audit_seals AS SELECT * FROM users;",
    "vacuum into": "VACUUM INTO '/tmp/x';",
    "begin": "BEGIN TRANSACTION;",
    "commit": "COMMIT;",
    "select": "SELECT load_extension('x');",
    "with": "WITH x AS (SELECT 1) INSERT INTO tenants SELECT * FROM x;",
    "replace": "REPLACE INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2','Two','eu-west','k');",
    "insert or replace": "INSERT OR REPLACE INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2','2','x','k');",
    "insert select": "INSERT INTO tenants SELECT * FROM tenants;",
    "insert of a query": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) "
    "VALUES((SELECT password_hash FROM users),'2','eu-west','k');",
    "upsert": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t1','2','eu-west','k') "
    "ON CONFLICT DO UPDATE SET name=(SELECT email FROM users);",
    "returning": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2','2','eu-west','k') "
    "RETURNING (SELECT email FROM users);",
    "update of a query": "UPDATE tenants SET name=(SELECT email FROM users LIMIT 1);",
    "function": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES(randomblob(9),'2','eu-west','k');",
    "large value": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) "
    "VALUES(replace(printf('%9999d',1),' ',printf('%9999d',1)),'2','x','k');",
    "growing rows": "INSERT INTO audit_logs(log_id,action,resource_type) VALUES('z','a','b') "
    "UNION ALL SELECT log_id||'a',action,resource_type FROM audit_logs;",
    "made twice": "CREATE TABLE IF NOT EXISTS users (wrong INT);",
    "unknown table": "INSERT INTO secrets VALUES(1);",
    "sqlite_master": "INSERT INTO sqlite_master VALUES('table','x','x',1,'x');",
    "update sqlite_master": "UPDATE sqlite_master SET sql='x';",
    "pragma with more": "PRAGMA writable_schema=1, x;",
    "qualified": "INSERT INTO main.tenants (tenant_id,name,region,kms_key_id) VALUES('t2','2','eu-west','k');",
    "parameters": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES(?1,'2','eu-west','k');",
    "nul": "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2\x00','2','eu-west','k');",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_statement_that_is_none_of_a_dumps_is_refused_with_its_line(dump, refused, statement):
    path = dump(TENANT, USER, statement)
    line = path.read_text()[: path.read_text().index(statement)].count("\n") + 1

    assert f"line {line}:" in refused(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "this is no dump of a pipeline's database"),
        ("Dear operator,\nplease find attached", "the file ends within a statement"),
        ("Dear operator; please", "line 1: this is no dump of a D1 database: expected CREATE"),
        ("PRAGMA defer_foreign_keys=TRUE;", "it makes none of its tables"),
        ("\x89PNG\r\n\x1a\n", "the file ends within a statement"),
    ],
)
def test_a_file_that_is_no_dump_is_refused(tmp_path, refused, text, told):
    path = tmp_path / "letter.sql"
    path.write_text(text)

    assert told in refused(path)


def test_bytes_that_are_no_text_are_refused(tmp_path, refused):
    path = tmp_path / "picture.sql"
    path.write_bytes(b"\x89PNG\xff\xfe")

    assert "line 1: expected UTF-8 text" in refused(path)


@pytest.mark.parametrize("table", ["tenants", "sharing_events", "performance_benchmarks"])
def test_a_dump_that_lacks_a_table_is_cut_off(dump, refused, skeleton, table):
    tables = "".join(part + ";\n" for part in skeleton[0].split(";\n") if part and f"TABLE {table} " not in part)
    indexes = "".join(part + ";\n" for part in skeleton[1].split(";\n") if part and f"ON {table}(" not in part)

    assert f"the dump is cut off: it lacks {table}" in refused(dump(tables=tables, indexes=indexes))


def test_a_dump_that_ends_before_its_indexes_is_cut_off(dump, refused):
    assert "it ends before its indexes" in refused(dump(TENANT, indexes=""))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.8, 0.99])
def test_the_sample_cut_anywhere_is_refused(tmp_path, export_text, refused, share):
    path = tmp_path / "cut.sql"
    path.write_text(export_text[: int(len(export_text) * share)])

    refused(path)


def test_the_sample_cut_between_two_statements_is_refused(tmp_path, export_text, refused):
    at = export_text.index('INSERT INTO "audit_logs"')
    path = tmp_path / "cut.sql"
    path.write_text(export_text[: export_text.index("\n", at) + 1])

    assert "the dump is cut off" in refused(path)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "INSERT INTO tenants (tenant_id,colour) VALUES('t2','red');",
            "tenants: table tenants has no column named colour",
        ),
        ("INSERT INTO tenants VALUES('t2');", "tenants: table tenants has 11 columns but 1 values were supplied"),
        ("INSERT INTO tenants (tenant_id) VALUES('t2');", "NOT NULL constraint failed: tenants.name"),
        (TENANT, "UNIQUE constraint failed: tenants.tenant_id"),
    ],
)
def test_a_row_that_its_table_does_not_take_is_refused(dump, refused, row, told):
    assert told in refused(dump(TENANT, row))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "INSERT INTO content_templates (template_id,tenant_id,name,template_type,platform,structure,use_count) "
            "VALUES('k','t1','N','ad','all','{}','many');",
            "content_templates.use_count (INTEGER): expected integer, got text",
        ),
        (
            "INSERT INTO rate_limits VALUES('t1','linkedin',20261120,1);",
            "rate_limits.window_start (TIMESTAMP): expected text, got integer",
        ),
        (
            "INSERT INTO brand_profiles (tenant_id,embeddings,palette,typography,logo_rules,kms_key_id) "
            "VALUES('t1','text','[]','{}','{}','k');",
            "brand_profiles.embeddings (BLOB): expected blob, got text",
        ),
        (
            "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2',X'00','eu-west','k');",
            "tenants.name (TEXT): expected text, got blob",
        ),
        (
            "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES(NULL,'N','eu-west','k');",
            "tenants: NOT NULL constraint failed: tenants.tenant_id",
        ),
    ],
)
def test_a_value_of_another_kind_is_refused_with_column_kind_and_line(dump, refused, row, told):
    path = dump(TENANT, row)
    line = path.read_text()[: path.read_text().index(row)].count("\n") + 1

    assert f"line {line}: {told}" in refused(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  full_name TEXT,\n", "", "users.full_name: is missing"),
        (
            "  full_name TEXT,\n",
            "  full_name TEXT,\n  nickname TEXT,\n",
            "users.nickname: is no column of the contract",
        ),
        ("full_name TEXT", "full_name BLOB", "users.full_name: type: expected 'TEXT', found 'BLOB'"),
        ("full_name TEXT", "full_name TEXT DEFAULT (hex(randomblob(9)))", "line"),
        ("full_name TEXT", "full_name TEXT CHECK (full_name <> '')", "users: CHECK is not the contract's"),
        ("full_name TEXT", "full_name TEXT COLLATE NOCASE", "users: COLLATE is not the contract's"),
        ("user_id TEXT PRIMARY KEY", "user_id TEXT PRIMARY KEY ON CONFLICT REPLACE", "users: ON CONFLICT is not"),
        ("\n  UNIQUE(tenant_id, email)\n)", "\n  UNIQUE(tenant_id, email)\n) WITHOUT ROWID", "users: WITHOUT ROWID"),
    ],
)
def test_a_table_that_is_not_the_contracts_is_refused(dump, refused, skeleton, old, new, told):
    assert told in refused(dump(tables=skeleton[0].replace(old, new)))


def test_rows_before_their_table_are_refused(dump, refused, skeleton):
    assert "rows of tenants stand before its CREATE TABLE" in refused(dump(tables=TENANT + skeleton[0]))


def test_tables_of_cloudflare_and_of_the_framework_are_passed_over_and_told(take_in):
    report = take_in(
        TENANT,
        "CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY, name TEXT);",
        "INSERT INTO d1_migrations VALUES(1,'001.sql');",
        "DELETE FROM sqlite_sequence;",
        "INSERT INTO \"sqlite_sequence\" VALUES('d1_migrations',1);",
        "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB);",
        "CREATE TABLE nds_things (a);",
        "CREATE TABLE django_migrations (id);",
    )

    assert dict(report.passed_over) == {
        "d1_migrations": 2,
        "sqlite_sequence": 2,
        "_cf_KV": 1,
        "nds_things": 1,
        "django_migrations": 1,
    }


def test_what_dumps_write_for_line_ends_and_numbers_is_read(take_in):
    take_in(
        "INSERT INTO tenants (tenant_id,name,region,kms_key_id) "
        "VALUES('t1',replace('a\\nb','\\n',char(10)),'eu-west','k'),('t2','é','eu-west','k');",
        "INSERT INTO conversions (conversion_id,post_id,tenant_id,conversion_type,value) "
        "VALUES('v','p','t1','x',1.5e2);",
        "UPDATE tenants SET tier='free' WHERE tenant_id='t2';",
    )

    assert rows("SELECT tenant_id, name, tier FROM tenants ORDER BY 1") == [
        ("t1", "a\nb", "standard"),
        ("t2", "é", "free"),
    ]


def test_a_refusal_tells_no_value(dump, refused):
    """A token in the wrong column must not reach a log by way of an error."""
    told = refused(
        dump(
            TENANT, "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2',X'736563726574','eu-west','k');"
        )
    )

    assert not re.search("736563726574|secret", told)


@pytest.mark.parametrize("token", ["X'73656372657", "'' 'secret'", "secret2b10"])
def test_what_sqlite_quotes_is_not_passed_on(dump, refused, token):
    told = refused(dump(f"INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES({token},'2','eu-west','k');"))

    assert not re.search("7365637265|secret", told)


@pytest.mark.parametrize("value", ["CAST(X'ff' AS TEXT)", "char(55296)"])
def test_text_that_is_none_is_refused_by_column(dump, refused, value):
    row = "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t2',replace('a','a',{}),'eu-west','k');"

    assert re.search(
        r"tenants.name: expected UTF-8 text|SQLite cannot read|not authorized", refused(dump(row.format(value)))
    )


def test_an_update_that_does_not_fit_is_refused_with_its_own_line(dump, refused):
    path = dump(TENANT, "UPDATE tenants SET created_at=5;")
    line = path.read_text().splitlines().index("UPDATE tenants SET created_at=5;") + 1

    assert f"line {line}: tenants.created_at (TIMESTAMP): expected text, got integer" in refused(path)


def test_escapes_of_newer_dumps_are_read(take_in):
    take_in(
        "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t1',unistr('a\\u000ab\\\\c'),'eu-west','k');"
    )

    assert rows("SELECT name FROM tenants") == [("a\nb\\c",)]


def test_a_mark_before_the_first_line_and_comments_between_words_are_no_obstacle(take_in):
    assert take_in("INSERT/* rows */INTO" + TENANT.removeprefix("INSERT INTO")).rows["tenants"] == 1


def test_a_cut_within_the_indexes_is_a_cut(dump, refused, skeleton):
    indexes = ";\n".join(skeleton[1].split(";\n")[:-2]) + ";\n"

    assert "it ends before its indexes (1 are missing)" in refused(dump(TENANT, indexes=indexes))
