"""A real D1 beside SQLite, in one run: many rows at once, and what our driver adds to a request."""

import json
import statistics
import uuid
from collections.abc import Iterator
from pathlib import Path

from ndsadmin.db.d1.local import LocalGateway
from tests.bench.clock import Result, result, seconds

ALIAS = "on_d1"
ROWS = 1_000
ROUNDS = 15
STATEMENTS = 300


def measure(folder: Path) -> Iterator[Result]:
    """The default database of this process is an empty SQLite file in ``folder``."""
    from django.core.management import call_command

    with LocalGateway(["DB"]) as gateway:
        join(gateway)
        call_command("migrate", database=ALIAS, verbosity=0)
        yield result(f"D1: bulk_create of {ROWS:,} audit entries, x SQLite's", round(compared(), 2), "x", "<= 3")
        yield from driver()
        yield from journeys(folder)


def join(gateway: LocalGateway) -> None:
    from django.db import connections

    from ndsadmin.db.d1.base import DatabaseWrapper

    own = connections["default"].settings_dict
    given = {**own, "HOST": f"127.0.0.1:{gateway.port}", "NAME": "DB", "PASSWORD": gateway.secret, "OPTIONS": {}}
    connections.settings[ALIAS] = given
    connections[ALIAS] = DatabaseWrapper(given, alias=ALIAS)


def compared() -> float:
    ratios = []
    for _ in range(ROUNDS):
        here, there = seconds(lambda: fill("default")), seconds(lambda: fill(ALIAS))
        ratios.append(there / here)
    return statistics.median(ratios)


def fill(alias: str) -> None:
    from security.models import AuditLog

    rows = [
        AuditLog(
            log_id=str(uuid.uuid4()), action="bench", resource_type="row", metadata={"number": number, "text": "é" * 40}
        )
        for number in range(ROWS)
    ]
    AuditLog.objects.using(alias).bulk_create(rows)


def driver() -> Iterator[Result]:
    """The ORM's way to a row beside the bare request, interleaved."""
    from django.db import connections

    from tenants.models import Tenant

    road = connections[ALIAS].road
    rows = Tenant.objects.using(ALIAS).filter(pk="none").values_list("pk", "name")
    sent: list[bytes] = []
    real = road._request
    road._request = lambda method, url, data: sent.append(data) or real(method, url, data)
    list(rows.all())
    road._request = real
    differences = []
    for _ in range(STATEMENTS):
        bare = seconds(lambda: json.loads(real("POST", road.url, sent[0]).data))
        differences.append(seconds(lambda: list(rows.all())) - bare)
    yield result(
        "D1: a statement of the ORM over the bare request",
        round(statistics.median(differences) * 1000, 2),
        "ms",
        "<= 0.3",
    )


def journeys(folder: Path) -> Iterator[Result]:
    """Round trips of a page, as `tests.ndsadmin.db.d1.journeys` counts them."""
    from tests.ndsadmin.db.d1.journeys import counted

    found = counted(folder)
    lists = {address: number for address, number in found.items() if address.startswith("/data/")}
    yield result("D1: round trips of the dashboard", found["/"], "", "<= 8")
    yield result(f"D1: round trips of {len(lists)} lists, most", max(lists.values()), "", "<= 4")
