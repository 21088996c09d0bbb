import dataclasses
import datetime as dt
import io
import math
import random
import statistics
from collections import Counter, defaultdict

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.models import SkillMetricsDaily
from content.services.roll_up import COLUMNS, context_hash, roll_up_skills
from tests.arranging import arranging
from tests.factories.content import generated_content, revision_event, skill, skill_metrics
from tests.factories.tenants import platform, tenant

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


def test_what_the_platform_tries_out_is_no_use():
    made = skill()
    generated_content(skill=made, tenant=tenant(), created_at=NOON, cost=0.1)
    generated_content(skill=made, tenant=platform(), created_at=NOON, cost=9.0)

    roll_up_skills(DAY, DAY)

    row = SkillMetricsDaily.objects.get()
    assert (row.uses, row.cost_avg, row.unique_tenants) == (1, 0.1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_it_says_what_plain_python_says(seed):
    """Random days: nulls, ties, defects counted once, several versions, both forms of a time."""
    chance = random.Random(seed)
    skills, tenants = [skill(), skill(platform="twitter")], [tenant() for _ in range(4)]
    uses = [_random_use(chance, skills, tenants) for _ in range(chance.randrange(40, 90))]

    roll_up_skills(DAY - dt.timedelta(days=2), DAY)

    found = {(row.date, row.skill_id): row for row in SkillMetricsDaily.objects.all()}
    groups = defaultdict(list)
    for use in uses:
        groups[use["day"], use["skill"]].append(use)
    assert found.keys() == groups.keys()
    for key, group in groups.items():
        assert _numbers(found[key]) == pytest.approx(_oracle(group)), key


def _random_use(chance, skills, tenants) -> dict:
    use = {
        "day": DAY - dt.timedelta(days=chance.randrange(3)), "skill": chance.choice(skills).pk,
        "tenant": chance.choice(tenants), "version": chance.choice(["v1", "v2", "v3"]),
        "passed": chance.choice([None, 0.75, 1.0, 1.0]), "selected": chance.choice([None, True, False]),
        "approved": chance.choice([None, True, False]), "cost": chance.choice([None, 0.1, chance.random()]),
        "ms": chance.choice([None, 100, chance.randrange(5000)]), "defects": chance.choice([0, 0, 1, 2]),
    }  # fmt: skip
    row = generated_content(
        tenant=use["tenant"], skill_id=use["skill"], skill_version_id=use["version"], guard_pass_rate=use["passed"],
        user_selected=use["selected"], user_approved=use["approved"], cost=use["cost"], generation_time_ms=use["ms"],
        created_at=dt.datetime.combine(use["day"], dt.time(chance.randrange(24), 0), dt.UTC),
    )  # fmt: skip
    for kind in ["defect"] * use["defects"] + ["preference"]:
        event = revision_event(classification=kind)
        with arranging():
            type(event).objects.filter(pk=event.pk).update(content=row)
    if chance.random() < 0.5:
        with arranging(), connection.cursor() as cursor:
            set_time = "UPDATE generated_content SET created_at = REPLACE(created_at, ' ', 'T') || '.000Z'"
            cursor.execute(f"{set_time} WHERE content_id = %s", [row.pk])
    return use


def _oracle(uses: list[dict]) -> list:
    known = sorted(use["ms"] for use in uses if use["ms"] is not None)
    costs = [use["cost"] for use in uses if use["cost"] is not None]
    often = Counter(use["version"] for use in uses)
    return [
        max(often, key=lambda version: (often[version], version)),
        len(uses),
        statistics.fmean((use["passed"] or 0) >= 1 for use in uses),
        statistics.fmean(use["defects"] > 0 for use in uses),
        statistics.fmean(use["selected"] is True for use in uses),
        statistics.fmean(use["approved"] is True for use in uses),
        statistics.fmean(costs) if costs else None,
        int(statistics.median(known)) if known else None,
        known[math.ceil(len(known) * 0.95) - 1] if known else None,
        len({use["tenant"].pk for use in uses}),
    ]


def _numbers(row: SkillMetricsDaily) -> list:
    return [getattr(row, name) for name in COLUMNS]


def test_a_day_again_writes_nothing_and_a_late_defect_one_row():
    first, second = skill(), skill()
    use = generated_content(skill=first, skill_version_id="v1", created_at=NOON)
    generated_content(skill=second, skill_version_id="v1", created_at=NOON)
    roll_up_skills(DAY, DAY)

    with CaptureQueriesContext(connection) as queries:
        assert roll_up_skills(DAY, DAY) == 2
    kinds = [
        query["sql"].split()[0] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert kinds == ["SELECT"] * 3  # contexts, uses, what is stored
    event = revision_event(classification="defect")
    with arranging():
        type(event).objects.filter(pk=event.pk).update(content=use)
    with CaptureQueriesContext(connection) as queries:
        roll_up_skills(DAY, DAY)

    (written,) = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert first.pk in written
    assert second.pk not in written
    assert SkillMetricsDaily.objects.get(skill=first).defect_rate == 1


def test_rows_of_a_worker_and_of_days_without_uses_go():
    made = skill()
    skill_metrics(date=DAY, skill=made, context_hash="workers own")
    skill_metrics(date=DAY - dt.timedelta(days=1), skill=made)
    generated_content(skill=made, skill_version_id="v1", created_at=NOON)

    roll_up_skills(DAY - dt.timedelta(days=1), DAY)

    assert [row.pk for row in SkillMetricsDaily.objects.all()] == [(DAY, made.pk, context_hash(made))]


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
