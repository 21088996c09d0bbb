import pytest
from django.db import connection, transaction

from security.models import AuditLog
from security.scope import platform_scope
from tests.conftest import without_scope

pytestmark = pytest.mark.django_db


def test_before_there_is_an_audit_log_there_is_a_line_in_the_log(monkeypatch, caplog):
    caplog.set_level("WARNING")
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])

    def work() -> None:
        with platform_scope(reason="First steps", command="doctor"):
            pass

    without_scope(work)

    assert "no audit log yet: First steps" in caplog.text


def test_a_transaction_that_fails_takes_its_entry_along():
    """Nothing is written into what is rolled back, and no second error hides the first."""

    def work() -> None:
        with transaction.atomic(), platform_scope(reason="Sums"):
            transaction.set_rollback(True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        without_scope(work)

    assert not AuditLog.objects.exists()
