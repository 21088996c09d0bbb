import pytest
from django.db import connection

from security.columns.sums import Number, number
from tenants.models import Tenant
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db
ENDLESS = float("inf")
VALUES = [(5, 5.0), (-1.5, -1.5), ("many", 0.0), (b"x", 0.0), (None, 0.0), (2**63 - 1, 0.0)]
VALUES.append(pytest.param(ENDLESS, 0.0, marks=pytest.mark.embedded))  # D1 refuses what it cannot answer


@pytest.mark.parametrize(("value", "read"), VALUES)
def test_sqlite_and_python_read_the_same_number(value, read):
    tenant()
    with connection.cursor() as database:
        database.execute("UPDATE tenants SET settings = %s", [value])  # numeric affinity, as all columns of numbers

    found = Tenant.objects.annotate(read=Number("settings")).values_list("read", flat=True).get()

    assert (found, number(value)) == (read, read)
