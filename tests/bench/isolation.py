"""Row-level security beside the same queries filtered by hand, interleaved; and what the engine itself takes."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.bench.clock import Result, result
from tests.bench.installation import signed_in

TENANT = "tenant_001"
ROUNDS = 15
AUDIT = "/data/security/auditlog/"


def measure(rows: str) -> Iterator[Result]:
    from security.rls.explaining import explain

    found = {name: (compared(hand, confined), confined) for name, (hand, confined) in queries().items()}
    yield result(
        f"{rows} audit rows, RLS: {len(found)} queries, median of rls / by hand",
        round(statistics.median(ratio for ratio, _ in found.values()), 2),
        "",
        "<= 1.10",
    )
    for name, (ratio, query) in sorted(found.items(), key=lambda item: -item[1][0])[:3]:
        yield result(f"RLS, among the worst: {name}", round(ratio, 2), "x")
        for step in explain(text_of(query), TENANT).plan:
            print(f"    {step}", file=sys.stderr)
    yield from page(rows)
    yield from engine()


def queries() -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """What lists ask, by hand and in the tenant's scope."""
    from django.contrib import admin
    from django.db.models import Count
    from django.http import QueryDict

    from analytics.models import AnalyticsSyncError, PostAnalytics
    from content.models import GeneratedContent, GuardResult, Skill, SkillVersion
    from ndsadmin.tables.asking import asked_of
    from ndsadmin.tables.paging import Start, page_of
    from publishing.models import PublishedPost
    from security.contract import contract_tables
    from security.models import AuditLog
    from security.roles import Role, Verb, may
    from security.scope import tenant_scope

    found: dict[str, Any] = {}

    def both(name: str, hand: Callable[[], Any], confined: Callable[[], Any]) -> None:
        found[name] = (hand, confined)

    def listed(model: Any, query: str) -> Callable[[], Any]:
        """A page of a list; what is asked is worked out before, since the tenants to choose from are asked for then."""
        asked = asked_of(admin.site.tables()[model], QueryDict(query))
        return lambda: page_of(asked.everything, asked.reading, [f.attname for f in asked.seen], Start())

    for model in contract_tables():
        if may(Role.OWNER, Verb.VIEW, model._meta.db_table) and any(f.name == "tenant" for f in model._meta.fields):
            with tenant_scope(TENANT):
                confined = listed(model, "")
            both(f"list of {model._meta.db_table}", listed(model, f"tenant={TENANT}"), confined)
    posts, audit, guards = PublishedPost.objects, AuditLog.objects, GuardResult.objects
    own = posts.filter(tenant_id=TENANT)
    both("count of posts", own.count, posts.count)
    both("count of guard results", guards.filter(content__tenant_id=TENANT).count, guards.count)
    key = own.first().pk
    both("one post", lambda: posts.filter(tenant_id=TENANT).get(pk=key), lambda: posts.get(pk=key))
    both(
        "newest of the audit log",
        lambda: list(audit.filter(tenant_id=TENANT).order_by("-timestamp")[:50]),
        lambda: list(audit.order_by("-timestamp")[:50]),
    )
    both(
        "posts with account",
        lambda: list(own.select_related("account")[:50]),
        lambda: list(posts.select_related("account")[:50]),
    )
    both(
        "posts by platform",
        lambda: list(own.values("platform").annotate(n=Count("pk"))),
        lambda: list(posts.values("platform").annotate(n=Count("pk"))),
    )
    piece = GeneratedContent.objects.filter(tenant_id=TENANT).first().pk
    some = f"content_id = '{piece}'"
    for kind in ("", "DISTINCT "):
        joined = "generated_content c LEFT JOIN guard_results g USING (content_id)"
        text = f"SELECT {kind}g.guard_id FROM {joined} WHERE c.{some}"
        hand = f"{text} AND c.tenant_id = '{TENANT}'"
        both(f"{kind}guards of a piece, outer join", partial(fetched, hand), partial(fetched, text))
    both(
        "guards of a piece",
        lambda: list(guards.filter(content_id=piece)),
        lambda: list(guards.filter(content_id=piece)),
    )
    numbers = PostAnalytics.objects
    both(
        "numbers of a post",
        lambda: list(numbers.filter(tenant_id=TENANT, post_id=key)),
        lambda: list(numbers.filter(post_id=key)),
    )
    visible = Skill.objects.filter(visibility__in=["global", f"tenant:{TENANT}"])
    both("skills", lambda: list(visible.order_by("name")), lambda: list(Skill.objects.order_by("name")))
    both(
        "versions",
        lambda: list(SkillVersion.objects.filter(skill__in=visible)),
        lambda: list(SkillVersion.objects.all()),
    )
    errors = AnalyticsSyncError.objects
    both("sync errors", lambda: list(errors.filter(post__tenant_id=TENANT)), lambda: list(errors.all()))
    return found


def fetched(text: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        return cursor.execute(text).fetchall()


def compared(hand: Callable[[], Any], confined: Callable[[], Any]) -> float:
    """How much longer ``confined`` takes in the tenant's scope than ``hand`` over all; interleaved, medians."""
    from security.scope import tenant_scope

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 2):
        began = time.perf_counter()
        hand()
        times[0].append(time.perf_counter() - began)
        with tenant_scope(TENANT):
            began = time.perf_counter()
            confined()
            times[1].append(time.perf_counter() - began)
    return statistics.median(times[1][2:]) / statistics.median(times[0][2:])


def text_of(query: Callable[[], Any]) -> str:
    """The last statement that ``query`` sends, with its values."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from security.scope import tenant_scope

    with tenant_scope(TENANT), CaptureQueriesContext(connection) as captured:
        query()
    return str(captured.captured_queries[-1]["sql"])


def page(rows: str) -> Iterator[Result]:
    """A list page of somebody who entered a tenant, and the same of the tenant as a filter."""
    hand: Any = signed_in()
    inside: Any = signed_in()
    assert inside.post("/tenants/enter/", {"tenant": TENANT, "reason": "bench"}).status_code == 302
    times: dict[str, list[float]] = {"hand": [], "inside": []}
    for _ in range(30):
        for name, client, address in (("hand", hand, f"{AUDIT}?tenant={TENANT}"), ("inside", inside, AUDIT)):
            began = time.perf_counter()
            assert client.get(address).status_code == 200
            times[name].append(time.perf_counter() - began)
    ratio = statistics.median(times["inside"][3:]) / statistics.median(times["hand"][3:])
    yield result(f"{rows} audit rows, RLS: list page / by hand", round(ratio, 2), "", "<= 1.10")


def engine() -> Iterator[Result]:
    from django.db import connection

    from security.scope import tenant_scope

    joined = "published_posts p LEFT JOIN generated_content c USING (content_id)"
    text = "SELECT {} AS n, p.* FROM " + joined + " WHERE p.platform = ?"
    confine, read = connection.engine.confine, connection.live_schema
    with tenant_scope(TENANT):
        confine(text.format(0), ["x"], read)
        began = time.perf_counter()
        for _ in range(20_000):
            confine(text.format(0), ["x"], read)
        yield result("RLS: plan from the cache", round((time.perf_counter() - began) / 20_000 * 1e6, 2), "us", "<= 5")
        began = time.perf_counter()
        for number in range(1, 301):
            confine(text.format(number), ["x"], read)
        yield result("RLS: a new plan", round((time.perf_counter() - began) / 300 * 1e3, 2), "ms", "<= 2")
