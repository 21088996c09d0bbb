from itertools import pairwise

import pytest

from security.contract import contract_tables
from security.roles import (
    EVERY_TABLE,
    HIDDEN,
    MASKED,
    MATRIX,
    PAGES,
    RESOURCES,
    SHELVES,
    Role,
    Verb,
    hidden_columns,
    is_platform,
    masked_columns,
    may,
    role_of,
)

TABLES = {model._meta.db_table: model for model in contract_tables()}
SECRETIVE = {"brand_profiles", "audit_logs", "api_keys", "tenant_keys", "generated_content", "brand_knowledge_entries"}


def test_the_matrix_names_every_table_and_no_other():
    named = {table for verbs in MATRIX.values() for tables in verbs.values() for table in tables}

    assert named == set(TABLES) | set(PAGES) == RESOURCES
    assert set(TABLES) == EVERY_TABLE


def test_every_role_has_its_row():
    assert set(MATRIX) == set(Role)


@pytest.mark.parametrize(
    ("tenant", "stored", "role"),
    [
        ("platform", "owner", Role.OPERATOR),
        ("platform", "admin", Role.OPERATOR),
        ("platform", "viewer", Role.AUDITOR),
        ("platform", "member", Role.SUPPORT),
        ("platform", "operator", None),
        ("t1", "owner", Role.OWNER),
        ("t1", "viewer", Role.VIEWER),
        ("t1", "operator", None),
        ("t1", "auditor", None),
    ],
)
def test_the_role_follows_from_tenant_and_stored_role(tenant, stored, role):
    """Dies where a tenant could give itself a platform role by storing its name."""
    assert role_of(tenant, stored) == role


def test_an_auditor_reads_everything_and_changes_nothing():
    assert {table for table in TABLES if may(Role.AUDITOR, Verb.VIEW, table)} == set(TABLES)
    assert [table for table in TABLES for verb in (Verb.ADD, Verb.CHANGE) if may(Role.AUDITOR, verb, table)] == []


def test_support_sees_operational_data_alone():
    """domain.md: tenants, people, posts, accounts' state, sync errors, limits."""
    seen = {table for table in TABLES if may(Role.SUPPORT, Verb.VIEW, table)}

    assert seen == {
        "tenants",
        "users",
        "published_posts",
        "social_accounts",
        "analytics_sync_errors",
        "rate_limits",
    }
    assert not seen & SECRETIVE


@pytest.mark.parametrize(
    ("role", "written"),
    [
        (Role.OWNER, {*SHELVES, "brand_profiles", "social_accounts", "skills"}),
        (Role.ADMIN, {*SHELVES, "brand_profiles", "social_accounts", "skills"}),
        (Role.MEMBER, SHELVES),
        (Role.VIEWER, set()),
    ],
)
def test_what_people_of_tenants_write(role, written):
    assert {table for table in TABLES for verb in (Verb.ADD, Verb.CHANGE) if may(role, verb, table)} == written
    assert may(role, Verb.REVEAL, "social_accounts") == (role in {Role.OWNER, Role.ADMIN})


def test_an_owner_may_all_that_an_admin_may_and_so_down():
    ladder = (Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER)
    for below, above in pairwise(ladder):
        for verb in Verb:
            more = MATRIX[below].get(verb, frozenset()) - MATRIX[above].get(verb, frozenset())
            assert more <= {"own audit entries"}  # who reads all, reads his own


def test_billing_is_the_owners():
    assert {role for role in Role if may(role, Verb.VIEW, "billing") and not is_platform(role)} == {Role.OWNER}
    for role in (Role.ADMIN, Role.MEMBER, Role.VIEWER):
        assert {"stripe_customer_id", "subscription_status"} <= hidden_columns(role, "tenants")


def test_a_brand_is_hidden_from_the_platform_and_key_ids_from_tenants():
    for role in (Role.OPERATOR, Role.AUDITOR):
        assert {"palette", "typography", "logo_rules", "lexicon", "messaging"} <= hidden_columns(role, "brand_profiles")
    for role in (Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER):
        assert "kms_key_id" in hidden_columns(role, "tenants") & hidden_columns(role, "brand_profiles")


def test_nobody_without_a_role_may_do_anything():
    assert [table for table in TABLES for verb in Verb if may(None, verb, table)] == []


@pytest.mark.parametrize("columns_by_role", [HIDDEN, MASKED], ids=["hidden", "masked"])
def test_hidden_and_masked_columns_exist(columns_by_role):
    """Dies where a column is renamed and its protection is not."""
    for tables in columns_by_role.values():
        for table, columns in tables.items():
            assert columns <= {field.column for field in TABLES[table]._meta.concrete_fields}


def test_support_reads_no_post():
    assert {"text", "hashtags", "image_url", "video_url"} <= hidden_columns(Role.SUPPORT, "published_posts")
    assert masked_columns(Role.SUPPORT, "users") == {"email"}
    assert hidden_columns(Role.OPERATOR, "published_posts") == frozenset()


def test_platform_roles_are_the_three():
    assert {role for role in Role if is_platform(role)} == {Role.OPERATOR, Role.AUDITOR, Role.SUPPORT}
