"""An installation to measure: settings as in production, a database in a folder that is thrown away."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench.clock import Result, result, timed
from tests.processes import manage

PRODUCTION = {"NDS_DEBUG": "false", "NDS_SECRET_KEY": "b" * 60}
OPERATOR = "operator@platform.example"


def prepare(folder: Path, name: str) -> None:
    """Use the database ``name`` in ``folder`` from now on."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "ndsadmin.settings"
    os.environ.update(DATABASE_URL=f"sqlite:///{folder}/{name}", NDS_DATA_DIR=str(folder), NDS_LOG_LEVEL="ERROR")
    os.environ.update(NDS_DEBUG="false", NDS_HTTPS="false", NDS_SECRET_KEY="b" * 60)
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    close()
    connections["default"].settings_dict["NAME"] = str(folder / name)
    call_command("migrate", verbosity=0)


def close() -> None:
    from django.db import connections

    connections.close_all()


def fill(folder: Path, rows: str) -> Iterator[Result]:
    """The demo with ``rows`` audit entries, a million pieces of content and as many guard results."""
    from django.conf import settings

    name = f"{rows}.sqlite3"
    prepare(folder, name)
    from security.services.vault import provider_named

    with timed() as taken:
        done = manage(folder / name, "demo", "--rows", f"audit_logs={rows}", NDS_DATA_DIR=str(folder), limit=1200)
    assert done.returncode == 0, done.stderr
    yield result(f"demo with {rows} audit rows", round(taken[0], 1), "s", "< 240 s at 10M")
    # Into the same database, by multiplying what is there.
    script = "from ndsadmin.demo.scaling import plan, scale\nfrom security.scope import maintenance_scope\n"
    script += "with maintenance_scope('bench'):\n"
    for table in ("generated_content", "guard_results"):
        script += f"    scale(plan('{table}', 1_000_000), lambda *_: None)\n"
    done = manage(folder / name, "shell", "--no-imports", "-c", script, NDS_DATA_DIR=str(folder), limit=1200)
    assert done.returncode == 0, done.stderr
    done = manage(
        folder / name, "collectstatic", "--noinput", "--verbosity", "0", **PRODUCTION, NDS_DATA_DIR=str(folder)
    )
    assert done.returncode == 0, done.stderr
    settings.STATIC_ROOT = folder / "static"  # settings were read for an earlier folder
    settings.NDS = dataclasses.replace(settings.NDS, data_dir=folder)
    provider_named.cache_clear()


def signed_in() -> "object":
    """A client of the operator, as a browser asks."""
    from django.test import Client

    from tenants.models import User

    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
    client.force_login(User.objects.get(email=OPERATOR))
    return client
