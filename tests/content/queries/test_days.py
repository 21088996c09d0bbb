import datetime as dt

import pytest

from content.models import GeneratedContent
from content.queries.days import is_defect, of_days
from tests.factories.content import generated_content, revision_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
DAY = dt.date(2026, 11, 20)


def test_days_begin_and_end_at_midnight_utc():
    inside = [
        generated_content(created_at=dt.datetime(2026, 11, 20, *time, tzinfo=dt.UTC)) for time in ((0, 0), (23, 59))
    ]
    generated_content(created_at=dt.datetime(2026, 11, 19, 23, 59, 59, tzinfo=dt.UTC))
    generated_content(created_at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))

    assert set(of_days(GeneratedContent, DAY, DAY)) == set(inside)
    assert of_days(GeneratedContent, DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)).count() == 4


def test_a_defect_is_what_a_revision_says():
    bad, fine = revision_event(classification="defect"), revision_event(classification="preference")
    generated_content()

    defects = GeneratedContent.objects.filter(is_defect())
    assert [content.pk for content in defects] == [bad.content_id]
    assert fine.content_id not in {content.pk for content in defects}
