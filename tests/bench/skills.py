"""Skills: summing up a million pieces of content, the best of many skills, and the leak scan."""

import datetime as dt
import random
import string
from collections.abc import Iterator
from typing import Any

from tests.bench.clock import Result, median, result, timed
from tests.bench.installation import signed_in

SKILLS, DAYS, ENTRIES = 500, 90, 2_000


def measure(rows: str) -> Iterator[Result]:
    from django.db import transaction

    from content.models import GeneratedContent
    from content.queries.numbers import best_skills, numbers
    from content.services.periods import publish_skills
    from content.services.roll_up import roll_up_skills

    today = dt.datetime.now(dt.UTC).date()
    number = GeneratedContent.objects.count()
    with transaction.atomic(), timed() as taken:
        roll_up_skills(today - dt.timedelta(days=4 * 365), today)
    yield result(f"skills of {number:,} pieces of content summed up", round(taken[0], 1), "s", "< 60 for 1M")
    with transaction.atomic(), timed() as taken:
        roll_up_skills(today, today)
    yield result("the same day again", round(taken[0], 3), "s", "< 1")
    with timed() as taken:
        periods = publish_skills(today)
    yield result(f"{len(periods)} weeks and months published", round(taken[0], 1), "s")
    _fill(today)
    what = f"{SKILLS} skills x {DAYS} days"
    yield result(f"{what}: top skills", median(lambda: best_skills(today)), "ms", "<= 20")
    yield result(f"{what}: numbers of all", median(lambda: numbers(today)), "ms")
    client: Any = signed_in()
    yield result(f"{what}: the library", median(lambda: client.get("/skills/")), "ms")
    yield from _scanning()


def _fill(today: dt.date) -> None:
    from content.models import Skill, SkillMetricsDaily
    from tests.arranging import arranging

    chance = random.Random(1)
    with arranging():
        skills = Skill.objects.bulk_create(
            Skill(name=f"Skill {place}", task="t", platform="linkedin", modality="image") for place in range(SKILLS)
        )
        SkillMetricsDaily.objects.bulk_create(
            [
                SkillMetricsDaily(
                    date=today - dt.timedelta(days=day), skill=skill, context_hash="c", skill_version_id="v", uses=9,
                    pass_rate=chance.random(), approval_rate=chance.random(),
                )
                for skill in skills
                for day in range(DAYS)
            ],
            batch_size=500,
        )  # fmt: skip


def _scanning() -> Iterator[Result]:
    from content.leaks import Material, Text, scan, terms_of

    chance = random.Random(2)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randrange(3, 10))) for _ in range(4_000)]
    titles = [" ".join(chance.choices(words, k=4)) for _ in range(ENTRIES)]
    brand = Material(names=["Cobalt Cycles Ltd"], documents={"palette": ["#0047ab"]}, titles=titles)
    texts = [Text(str(place), " ".join(chance.choices(words, k=100))) for place in range(10)]
    what = f"leak scan of a version of 1,000 words, {ENTRIES:,} knowledge entries"
    yield result(what, median(lambda: scan(texts, terms_of(brand))), "ms", "<= 200")
