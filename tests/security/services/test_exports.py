import pytest

from security.models import AuditLog
from security.services.exports import begin_export, end_export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_an_export_leaves_two_entries():
    begin_export("skills", tenants=["t1"], asked={"format": "csv"})
    end_export("skills", tenants=["t1"], asked={"format": "csv"}, rows=7, is_whole=False)

    found = AuditLog.objects.filter(action="export_rows", resource_type="skills", tenant_id="t1")
    assert sorted((entry.metadata for entry in found), key=len) == [
        {"state": "begun", "format": "csv"},
        {"state": "broken off", "rows": 7, "format": "csv"},
    ]
