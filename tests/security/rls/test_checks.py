"""Nothing starts where isolation is not declared."""

import pytest
from django.db import connection, models

from security.rls import checks
from security.rls.policies import Direct, Via
from tenants.models import BrandProfile, Preference, User


def told(check) -> list[str]:
    return [error.id for error in check(None)]


def test_all_is_declared():
    for check in (
        checks.every_table_is_declared,
        checks.policies_name_columns,
        checks.parents_are_protected,
        checks.backends_confine,
    ):
        assert told(check) == []


def test_a_table_without_declaration_is_an_error(monkeypatch):
    monkeypatch.delattr(BrandProfile, "rls")

    assert told(checks.every_table_is_declared) == ["security.E001"]


@pytest.mark.parametrize("rls", [Direct("nobody"), Direct("tenant_id", unchecked=("nobody",))])
def test_a_policy_on_a_column_that_is_not_there_is_an_error(monkeypatch, rls):
    monkeypatch.setattr(User, "rls", rls)

    assert told(checks.policies_name_columns) == ["security.E002"]


def test_rows_that_hang_on_what_is_nobodys_are_an_error(monkeypatch):
    monkeypatch.setattr(Preference, "rls", Via("user_id", "django_content_type", "id"))

    assert told(checks.parents_are_protected) == ["security.E003"]


def test_a_backend_without_the_engine_is_an_error(monkeypatch):
    monkeypatch.setattr(checks, "connections", {"other": object()})

    assert told(checks.backends_confine) == ["security.E004"]


@pytest.mark.django_db
def test_a_trigger_that_nobody_declared_is_an_error():
    assert checks.triggers_are_declared(None, databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER t AFTER UPDATE ON tenants BEGIN DELETE FROM users; END")

    assert [e.id for e in checks.triggers_are_declared(None, databases=["default"])] == ["security.E005"]


def test_models_of_others_are_seen_too():
    """Also those that Django makes for many-to-many relations."""
    tables = {model._meta.db_table for model in checks.every_model()}

    assert {"user_groups", "django_migrations"} & tables == {"user_groups"}
    assert all(issubclass(model, models.Model) for model in checks.every_model())
