"""Random statements do the same in a tenant's scope as in a database of the tenant alone; valid ones are not refused.

Dies where the tokenizer loses a name or a comment, where a policy lands inside of a user's brackets, and where the plan
for outer joins is the one for inner joins.
"""

import sqlite3
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import transaction

from tests.security.rls.random_sql import Writer
from tests.security.rls.test_differential import Undo
from tests.security.rls.world import OWN, TENANTS, opened, rows, within

WORK = 4_000_000  # virtual machine steps; what takes longer is passed over
CHECKED = ("tenants", "users", "guard_results", "published_posts", "post_analytics", "social_accounts", "conversions",
           "analytics_sync_errors")  # fmt: skip


def answer(database, sql: str, tenant: str | None) -> tuple[str, object]:
    """Rows or number of changes, the kind of an error, or that it took too long."""
    steps = 0

    def count() -> bool:
        nonlocal steps
        steps += 1
        return steps * 50_000 > WORK

    database.ensure_connection()
    database.connection.set_progress_handler(count, 50_000)
    try:
        with within(tenant), database.cursor() as cursor:
            cursor.execute(sql.replace("%", "%%"), [])
            return (
                ("rows", sorted(map(plain, cursor.fetchall()))) if cursor.description else ("changes", cursor.rowcount)
            )
    except Exception as error:
        return ("long", None) if "interrupted" in str(error) else ("error", str(error))
    finally:
        database.connection.set_progress_handler(None, 0)


def plain(row: tuple) -> str:
    """A row to compare: of equal values DISTINCT keeps either, 0 or 0.0; sums of fractions hang on their order."""
    return repr([round(v, 6) + 0 if isinstance(v, float) and not v.is_integer() else whole(v) for v in row])


def whole(value: object) -> object:
    return int(value) if isinstance(value, float) else value


def left(database, sql: str, tenant: str | None) -> tuple[tuple[str, object], dict[str, list]]:
    try:
        with within(tenant), transaction.atomic(using=database.alias):
            given = answer(database, sql, tenant)
            tables = {table: rows(database, table) for table in CHECKED}
            raise Undo
    except Undo:
        return given, tables


@pytest.mark.parametrize("seed", range(4))
def test_random_statements(seed, world, django_db_blocker):
    run(seed, 500, world, django_db_blocker)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_random_statements(seed, world, django_db_blocker):
    run(seed, 500, world, django_db_blocker)


def run(seed: int, number: int, world, blocker) -> None:
    writer, seen = Writer(seed), Counter()
    with blocker.unblock(), ExitStack() as stack:
        everybody = stack.enter_context(opened("everybody", world.path("all")))
        alone = {tenant: stack.enter_context(opened(f"alone_{tenant}", world.path(tenant))) for tenant in TENANTS}
        for place in range(number):
            sql, tenant = writer.statement(), TENANTS[place % len(TENANTS)]
            seen[compare(sql, tenant, everybody, alone[tenant])] += 1

    assert seen["same"] > 0.6 * number, seen


def compare(sql: str, tenant: str, everybody, alone) -> str:
    is_write = sql.startswith(("UPDATE", "DELETE"))
    if is_write:
        (here, mine), (there, expected) = left(everybody, sql, tenant), left(alone, sql, None)
        if here == there and here[0] == "changes":
            for table in CHECKED:
                foreign = set(rows(everybody, table, f"NOT coalesce(({OWN[table]}), 0)", tenant))
                assert [row for row in mine[table] if row not in foreign] == expected[table], sql
                assert foreign <= set(mine[table]), sql
    else:
        here, there = answer(everybody, sql, tenant), answer(alone, sql, None)
    if "long" in {here[0], there[0]}:
        return "long"
    if {here[0], there[0]} == {"error"}:
        return "both refuse"
    assert here == there, f"{sql}\n{here[1]}\n{there[1]}"[:3000]
    return "same"


def test_this_sqlite_knows_all_joins():
    """Else both sides would refuse them, and nothing be compared."""
    assert sqlite3.sqlite_version_info >= (3, 39)
