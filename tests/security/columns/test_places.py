"""Places: what an index over them would hold, through SQLite."""

import pytest
from django.db import connection

from security.columns.places import LAST, SEPARATOR, Amount, Folded, Moment, Place, Plain

pytestmark = pytest.mark.django_db
PARTS = [
    (Moment, [None, "2026-11-20 09:00:00", "2026-11-20T09:00:00.5Z", "2026-11-20 09:00:01"]),
    (Plain, [None, "2026-11-19", "2026-11-20"]),
    (Folded, [None, "alpha", "Alphb", "beta"]),
    (Amount, [None, 0, 0.000002, 0.1, 0.25, 9, 10, 123456789]),
]


@pytest.mark.parametrize(("part", "values"), PARTS)
def test_places_sort_as_their_values_do(part, values):
    template = part.template % {"expressions": "v"}
    found = []
    with connection.cursor() as database:
        for value in values:
            database.execute(f"SELECT {template} || CHAR(31) || 'k' FROM (SELECT %s AS v)", [value])
            found.append(database.fetchone()[0])

    assert found == sorted(found)
    assert all(text.endswith(f"{SEPARATOR}k") for text in found)
    assert all(text < found[0] + LAST for text in found[:1])


@pytest.mark.parametrize("part", [part for part, _ in PARTS])
def test_a_place_knows_its_column(part):
    place = Place(part("name"), "tenant_id")

    assert (place.column, place.part) == ("name", part)
