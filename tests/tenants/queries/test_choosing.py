import pytest

from tenants.queries.choosing import SHOWN, tenants_called
from tests.factories.tenants import platform, tenant

pytestmark = pytest.mark.django_db


def test_tenants_are_found_by_a_part_of_their_name_or_the_start_of_their_id():
    steel, other = tenant(name="Next Day Steel"), tenant(name="Harbour Coffee")
    platform()

    assert tenants_called("steel") == [steel]
    assert tenants_called(other.pk) == [other]
    assert tenants_called("") == [other, steel]
    assert tenants_called("nothing") == []


def test_not_more_than_a_page_can_show():
    for _ in range(SHOWN + 1):
        tenant()

    assert len(tenants_called("")) == SHOWN
