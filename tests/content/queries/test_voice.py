import datetime as dt

import pytest

from content.models import GeneratedContent
from content.queries.voice import voice_by_day
from tests.factories.content import generated_content
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def test_the_mean_of_each_day_in_either_form_of_time():
    home = tenant(tenant_id="t1")
    for day, score in ((1, 0.8), (1, 0.9), (2, 0.5), (2, None)):
        generated_content(tenant=home, brand_voice_score=score, created_at=dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC))
    generated_content(brand_voice_score=0.1, created_at=dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC))
    generated_content(tenant=home, brand_voice_score=0.2, created_at=dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC))
    GeneratedContent.objects.filter(brand_voice_score=0.9).update(
        created_at=dt.datetime(2026, 11, 1, 23, tzinfo=dt.UTC)
    )

    found = voice_by_day("t1", dt.date(2026, 11, 1))

    assert found == {
        dt.date(2026, 11, 1): (pytest.approx(0.85), 2), dt.date(2026, 11, 2): (pytest.approx(0.5), 1),
    }  # fmt: skip
