"""Writing until one is killed, over and over again; then comparing what is stored with what the log tells.

    DATABASE_URL=… python -m tests.security.audit.writing 40

Prints one line of JSON: how many runs and changes, and what does not agree.
"""

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from itertools import count, pairwise
from typing import Any

ROWS = 3  # that are changed over and over again
LONGEST = 0.6  # seconds that a writer lives on
PATIENCE = 60  # seconds until its first change


def main(runs: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ndsadmin.settings"
    import django  # noqa: PLC0415  # the environment says which database

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    arrange()
    chance, acknowledged = random.Random(4711), set[str]()
    for run in range(runs):
        connections.close_all()  # nobody shares a connection with a child
        acknowledged |= killed(run, chance.uniform(0, LONGEST))
    time.sleep(0.5)  # what a killed writer had sent to D1 may still come
    print(json.dumps({"runs": runs, "changes": len(acknowledged), "wrong": compared(acknowledged)}))  # noqa: T201


def arrange() -> None:
    from tests.arranging import arranging  # noqa: PLC0415
    from tests.factories.content import content_template  # noqa: PLC0415
    from tests.factories.tenants import person, tenant  # noqa: PLC0415

    with arranging():
        home = tenant(tenant_id="t1")
        person(tenant=home, user_id="u1", email="ada@example.com")
        for number in range(ROWS):
            content_template(tenant=home, template_id=f"row{number}", name="start")


def killed(run: int, seconds: float) -> set[str]:
    """What a writer acknowledged that was killed so many seconds after its first change: each has made one, however
    slow the machine is."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            write(run, lambda token: os.write(writing, f"{token}\n".encode()))
        except BaseException:  # nothing of the parent may run here
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], PATIENCE)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        lines = told.read().split("\n")[:-1]
    return set(lines)


def write(run: int, acknowledge: Callable[[str], Any]) -> None:
    """Changes of each kind in turn; each has a token, which is acknowledged when the change is committed."""
    from django.db.models import Q  # noqa: PLC0415

    from content.models import ContentTemplate  # noqa: PLC0415
    from security.scope import Reach, Scope, acting  # noqa: PLC0415
    from security.services.rows import create_row, update_row, update_rows  # noqa: PLC0415
    from tenants.models import User  # noqa: PLC0415
    from tenants.services.preferences import set_preference  # noqa: PLC0415

    scope = Scope(request_id=f"run{run}", reach=Reach.TENANT, tenant_id="t1", actor_id="u1")
    for number in count():
        kind, token = number % 4, f"{run}.{number}.{number % 4}"
        with acting(scope):
            if kind == 0:
                create_row(ContentTemplate(tenant_id="t1", name=token, template_type="educational", structure={}))
            elif kind == 1:
                row = ContentTemplate.objects.get(pk=f"row{number % ROWS}")
                before, row.name = {"name": row.name}, token
                update_row(row, before=before)
            elif kind == 2:
                rows = [Q(pk=f"row{place}") for place in range(ROWS)]
                update_rows(ContentTemplate, rows, {"use_count": run * 10_000 + number}, reason=token)
            else:
                set_preference(User.objects.get(pk="u1"), token, 1)
        acknowledge(token)


def compared(acknowledged: set[str]) -> list[str]:
    """Where the rows and the log do not agree."""
    from content.models import ContentTemplate  # noqa: PLC0415
    from security.models import AuditLog  # noqa: PLC0415
    from security.scope import Scope, acting  # noqa: PLC0415
    from tenants.models import Preference  # noqa: PLC0415

    with acting(Scope.of_command("compare")):
        entries = list(AuditLog.objects.filter(request_id__startswith="run").order_by("log_id"))
        created = {name for name in ContentTemplate.objects.values_list("name", flat=True) if name.endswith(".0")}
        preferred = set(Preference.objects.values_list("name", flat=True))
        rows = {row.pk: row for row in ContentTemplate.objects.filter(pk__startswith="row")}
    notes: list[Any] = [(entry.action, entry.resource_id, entry.metadata) for entry in entries]
    told_created = [note["changes"]["name"][1] for action, _, note in notes if action == "create_content_template"]
    told_preferred = [note["name"] for action, _, note in notes if action == "update_preference"]
    names = [(key, *note["changes"]["name"]) for action, key, note in notes
             if action == "update_content_template" and "name" in note["changes"]]  # fmt: skip
    sums = [(note["reason"], key, note["changes"]["use_count"]) for action, key, note in notes
            if action == "update_content_template" and "use_count" in note["changes"]]  # fmt: skip
    wrong = [f"made without entry, or the reverse: {created ^ set(told_created)}"] * (created != set(told_created))
    wrong += ["told twice"] * (len(set(told_created)) < len(told_created))
    wrong += [f"preferred without entry: {preferred ^ set(told_preferred)}"] * (preferred != set(told_preferred))
    for key, row in rows.items():
        chain = [("", "start"), *((old, new) for of, old, new in names if of == key)]
        wrong += [f"{key}: {a} and {b} do not follow" for a, b in pairwise(chain) if a[1] != b[0]]
        wrong += [f"{key} is {row.name}, told was {chain[-1][1]}"] * (row.name != chain[-1][1])
        counts = [pair for _, of, pair in sums if of == key]
        wrong += [f"{key} counts {row.use_count}"] * bool(counts and row.use_count != counts[-1][1])
    together = {token: [of for other, of, _ in sums if other == token] for token, _, _ in sums}
    wrong += [f"{token}: half of it" for token, of in together.items() if sorted(of) != sorted(rows)]
    told = {*told_created, *told_preferred, *(new for _, _, new in names), *together}
    return [*wrong, *(f"acknowledged and not told: {token}" for token in sorted(acknowledged - told))]


if __name__ == "__main__":
    main(int(sys.argv[1]))
