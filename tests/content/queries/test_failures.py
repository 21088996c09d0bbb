import datetime as dt

import pytest

from content.enums import Guard
from content.guards import THRESHOLDS
from content.queries.failures import failures_of
from security.scope import tenant_scope
from tests.factories.content import generated_content, guard_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def test_the_newest_refusals_of_one_guard(django_assert_num_queries):
    content = generated_content()
    old, new = (
        guard_result(content_id=content.pk, passed=False, created_at=dt.datetime(2026, 11, day, tzinfo=dt.UTC))
        for day in (1, 2)
    )
    guard_result(content_id=content.pk, passed=True)
    guard_result(content_id=content.pk, passed=False, guard_id="safe_margin")
    next_door = guard_result(passed=False, created_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))

    with django_assert_num_queries(1):
        found = list(failures_of("contrast", 5))
        assert [row.content.tenant.name for row in found][:1] == [content.tenant.name]
    assert [row.pk for row in found] == [new.pk, old.pk, next_door.pk]
    with tenant_scope(content.tenant_id):
        assert [row.pk for row in failures_of("contrast", 1)] == [new.pk]
        assert next_door.pk not in {row.pk for row in failures_of("contrast", 5)}


@pytest.mark.parametrize(
    ("guard", "measured", "text"),
    [
        ("contrast", {"measured_ratio": 3.1}, "3.1:1"), ("text_overlap", {"overlap_ratio": 0.051}, "5.1%"),
        ("safe_margin", {"min_margin": 31}, "31 px"), ("contrast", None, "–"), ("contrast", {"other": 1}, "–"),
        ("contrast", {"measured_ratio": "low"}, "low"), ("contrast", {"measured_ratio": [1]}, "–"),
    ],
)  # fmt: skip
def test_a_measurement_as_people_read_it(guard, measured, text):
    assert THRESHOLDS[guard].of(measured) == text


def test_every_guard_has_its_threshold():
    assert THRESHOLDS.keys() == set(Guard.values)
