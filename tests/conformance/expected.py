"""Tests of Django's that fail on D1, and those that would only waste time, by the reason why."""

_DB = "db_functions.text"
_EXTRACT = "db_functions.datetime.test_extract_trunc"

FAILURES: dict[str, frozenset[str]] = {
    "D1 has no regular expressions; they are refused with advice.": frozenset({
        f"lookup.tests.LookupTests.{name}"
        for name in (
            "test_regex", "test_regex_backreferencing", "test_regex_non_ascii", "test_regex_non_string",
            "test_regex_null",
        )
    }),
    "The test counts the word `extract` in the SQL; ours says `strftime`, and gives the same.": frozenset({
        f"{_EXTRACT}.{kind}.test_extract_year_{name}_lookup"
        for kind in ("DateFunctionTests", "DateFunctionWithTimeZoneTests")
        for name in ("exact", "greaterthan", "lessthan")
    }),
    "D1 has no hash functions; they are refused with advice.": frozenset({
        f"{_DB}.test_{kind.lower()}.{kind}Tests.{name}"
        for kind in ("MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512")
        for name in ("test_basic", "test_transform")
    }),
    "The driver parses no declared types: a raw cursor gives dates as text.": frozenset({
        "schema.tests.SchemaTests.test_add_datefield_and_datetimefield_use_effective_default",
    }),
    "Patterns of LIKE end at 50 bytes on D1; Django looks for a longer one in a table's SQL.": frozenset({
        "schema.tests.SchemaTests.test_foreign_key_index_long_names_regression",
    }),
    "An INSERT whose feedback nobody reads fails at the end of its savepoint, not at once.": frozenset({
        "bulk_create.tests.BulkCreateTests.test_ignore_conflicts_ignore",
    }),
}  # fmt: skip

SKIPS: dict[str, set[str]] = {
    "More statements in one transaction than it holds on D1.": {
        "delete.tests.DeletionTests.test_large_delete_related",
    },
}
