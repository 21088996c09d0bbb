"""The audit trail: pages at any depth, queries by what has an index, free text, and what an entry costs."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.bench.clock import Result, median, result
from tests.bench.installation import signed_in

TRAIL = "/audit/"


def measure(rows: str) -> Iterator[Result]:
    client: Any = signed_in()

    def page(query: str = "", runs: int = 15, **more: str) -> float:
        address = f"{TRAIL}?{urlencode({**({'q': query} if query else {}), **more})}"
        assert client.get(address).status_code == 200, address
        return median(lambda: client.get(address), runs)

    first, last = page(), page(last="1")
    day = (dt.datetime.now(dt.UTC) - dt.timedelta(days=540)).date()  # the demo's rows reach back three years
    yield result(f"{rows} entries: the trail's first page", first, "ms")
    yield result(f"{rows} entries: the trail's last page / first page", round(last / first, 2), "", "<= 1.3")
    middle = page(f"before:{day}")
    yield result(f"{rows} entries: the trail of an earlier year / first page", round(middle / first, 2), "", "<= 1.3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_id, request_id, user_id FROM audit_logs WHERE action = 'create_post' LIMIT 1")
        key, request, user = cursor.fetchone()
    for what, query in (
        ("actor", f"actor:{user}"),
        ("action", "action:create_post"),
        ("object", f"resource:post/{key}"),
        ("request", f"request:{request}"),
        ("tenant", "tenant:tenant_001"),
        ("refused", "ok:false"),
    ):
        yield result(f"{rows} entries: a query by {what}", page(query), "ms", "<= 50")
    for what, query in (
        ("a common word", "post"),
        ("two words", "created login"),
        ("a rare word", "correspondence"),
        ("a word and an actor", f"post actor:{user}"),
        ("somebody's name", "lovelace"),
    ):
        yield result(f"{rows} entries: free text, {what}", page(query), "ms", "<= 100")
    yield result(f"{rows} entries: review", page_of_review(), "ms")
    yield from recording(rows)


def page_of_review() -> float:
    client: Any = signed_in()
    assert client.get(f"{TRAIL}review/").status_code == 200
    return median(lambda: client.get(f"{TRAIL}review/"), 5)


def recording(rows: str) -> Iterator[Result]:
    """A change with its entry, beside the change alone; undone again."""
    from security.actions import Action
    from security.audit import record
    from tenants.models import Tenant

    def change(*, is_told: bool) -> None:
        with transaction.atomic():
            Tenant.objects.filter(pk="tenant_001").update(name="Renamed")
            if is_told:
                record(Action.UPDATE_TENANT, resource_type="tenant", resource_id="tenant_001", tenant_id="tenant_001")
            transaction.set_rollback(True)

    with CaptureQueriesContext(connection) as with_entry:
        change(is_told=True)
    with CaptureQueriesContext(connection) as alone:
        change(is_told=False)
    yield result("statements of an entry", len(with_entry) - len(alone), "", "<= 1")
    took = median(lambda: change(is_told=True), 200) - median(lambda: change(is_told=False), 200)
    yield result(f"{rows} entries: an entry, with its triggers and words", round(took, 2), "ms")
