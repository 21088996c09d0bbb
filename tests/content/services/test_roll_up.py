import dataclasses
import datetime as dt
import io

import pytest
from django.core.management import call_command

from content.models import SkillMetricsDaily
from content.services.roll_up import context_hash, roll_up_skills
from tests.factories.content import generated_content, revision_event, skill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]
DAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_a_skills_day_is_what_its_content_says():
    made = skill()
    uses = [
        generated_content(
            skill=made, skill_version_id="v2", created_at=NOON, cost=cost, generation_time_ms=ms,
            guard_pass_rate=passed, user_selected=selected, user_approved=approved,
        )
        for cost, ms, passed, selected, approved in (
            (0.1, 100, 1.0, True, True), (0.2, 200, 0.75, True, False), (0.3, 300, 1.0, False, False),
            (0.4, 900, None, None, None),
        )
    ]  # fmt: skip
    event = revision_event(classification="defect")
    type(event).objects.filter(pk=event.pk).update(content=uses[1])

    assert roll_up_skills(DAY, DAY) == 1

    row = SkillMetricsDaily.objects.get()
    assert (row.uses, row.skill_version_id, row.context_hash) == (4, "v2", context_hash(made))
    assert (row.pass_rate, row.defect_rate, row.selection_rate, row.approval_rate) == (0.5, 0.25, 0.5, 0.25)
    assert (round(row.cost_avg, 4), row.latency_p50, row.latency_p95, row.unique_tenants) == (0.25, 250, 900, 4)


def test_it_says_of_the_sample_what_the_pipeline_said(export, settings, tmp_path):
    """The workers' own 387 rows, computed again from their content: the definitions are theirs."""
    settings.NDS = dataclasses.replace(settings.NDS, data_dir=tmp_path)
    call_command("import_d1", str(export), stdout=io.StringIO())
    names = ("date", "skill_id", "uses", "unique_tenants", "pass_rate", "selection_rate")
    theirs = sorted(SkillMetricsDaily.objects.values_list(*names))

    roll_up_skills(theirs[0][0], theirs[-1][0])

    ours = sorted(SkillMetricsDaily.objects.values_list(*names))
    assert len(ours) == 387
    for own, their in zip(ours, theirs, strict=True):
        assert own[:4] == their[:4]
        assert own[4:] == pytest.approx(their[4:], abs=1e-5)
