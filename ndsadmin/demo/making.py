"""Making the demo: a world in memory, stored in one transaction."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from analytics.services.roll_up import roll_up
from content.services.periods import publish_skills
from ndsadmin.demo.audience import make_audience
from ndsadmin.demo.library import make_library
from ndsadmin.demo.people import make_houses
from ndsadmin.demo.production import make_production
from ndsadmin.demo.records import make_records
from ndsadmin.demo.shelves import make_shelves
from ndsadmin.demo.world import World
from security.contract import ContractTable, contract_tables
from security.crypto.keyring import FILE_NAME, locked, master_key, open_keyring
from security.services.work import record_demo

SEED = "Next Day Steel"
BATCH = 400  # rows an INSERT: SQLite takes 32,766 values a statement, and no table has more than 28 columns

Progress = Callable[[str, int, int], None]


def make(now: dt.datetime, *, tenants: int, days: int, folder: Path, progress: Progress) -> dict[str, int]:
    """Make the demo as of ``now`` and store it, all or nothing; rows by table.

    The tenants' keys are added to the keyring in ``folder``; keys that it holds already are used as they are. Its days
    are summed up and published behind that, by what the platform runs each night (on D1 a transaction that wrote so
    much would be slow to read).
    """
    with locked(folder):
        keyring = open_keyring(folder / FILE_NAME, master_key(folder, settings.NDS.master_key))
        keys = {name: found["1"] for name, found in keyring.keys.items() if "1" in found}
        world = build(now, tenants=tenants, days=days, keys=keys)
        with transaction.atomic():
            _store(world, progress)
            counts = {model._meta.db_table: len(rows) for model, rows in world.rows.items()}
            record_demo({model._meta.db_table: _range(rows) for model, rows in world.rows.items() if rows})
            keyring.add_pipeline_keys(world.keys)
            keyring.save()
    sums = roll_up(world.days[0] - dt.timedelta(days=1), world.days[-1])
    publish_skills(world.days[-1])
    return counts | sums


def build(now: dt.datetime, *, tenants: int, days: int, keys: dict[str, bytes]) -> World:
    """The world as of ``now``; the same for the same arguments."""
    today = now.date()
    world = World(
        now,
        [today - dt.timedelta(days=back) for back in range(days - 1, -1, -1)],
        random.Random(SEED),  # noqa: S311  # the same each time is what it is for
        dict(keys),
    )
    make_houses(world, tenants)
    make_shelves(world)
    library = make_library(world)
    make_production(world, library)
    make_audience(world)
    make_records(world)
    return world


def _store(world: World, progress: Progress) -> None:
    """Parents before children."""
    total = sum(len(rows) for rows in world.rows.values())
    done = 0
    for model in _in_order(world):
        rows: list[Any] = world.rows[model]
        for start in range(0, len(rows), BATCH):
            model._default_manager.bulk_create(rows[start : start + BATCH], batch_size=BATCH)
            done += len(rows[start : start + BATCH])
            progress("Storing", done, total)


def _range(rows: list[Any]) -> dict[str, Any]:
    keys = [str(row.pk[0] if isinstance(row.pk, tuple) else row.pk) for row in rows]
    return {"rows": len(rows), "first": min(keys), "last": max(keys)}


def _in_order(world: World) -> list[type[ContractTable]]:
    return [model for model in contract_tables() if model in world.rows]
