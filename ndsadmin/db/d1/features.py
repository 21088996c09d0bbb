from ndsadmin.db.sqlite import features


class DatabaseFeatures(features.DatabaseFeatures):
    """What differs from an embedded SQLite."""

    can_rollback_ddl = False
    can_defer_constraint_checks = False
    supports_forward_references = False
    can_clone_databases = False
    test_db_allows_multiple_connections = True
    supports_json_field = True
    can_introspect_json_field = True
    has_json_object_function = True
    supports_atomic_references_rename = True
    can_return_columns_from_insert = False  # what changes give is seen in a replay, which cannot return rows
    can_return_rows_from_bulk_insert = False
