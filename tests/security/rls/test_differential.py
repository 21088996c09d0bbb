"""A tenant's scope over everybody's rows gives what a database of the tenant's rows alone gives.

Dies where any policy is left out or widened, where a policy is put in place of the condition instead of before it,
where a join or a sub-query reaches the table past its common table expression, and where a write touches a row that is
another's.
"""

import time

import pytest
from django.db import transaction

from security.scope import tenant_scope
from tests.security.rls.scenarios import ORM, RAW, WRITES, generic, generic_writes, sql
from tests.security.rls.world import MODIFIED, OWN, rows, within

READS = {**generic(), **ORM, **{f"raw: {name}": (lambda db, text=text: sql(db, text)) for name, text in RAW.items()}}
EVERY_WRITE = {**WRITES, **generic_writes()}


def outcome(scenario, db: str, tenant: str | None) -> object:
    """What ``scenario`` gives, or the kind of its error."""
    with within(tenant):
        try:
            return scenario(db)
        except Exception as error:
            return type(error).__name__


class Undo(Exception):
    pass


def written(scenario, database, tenant: str | None) -> tuple[object, dict[str, object]]:
    """What ``scenario`` gives and leaves in every table; undone."""
    left = {}
    try:
        with within(tenant), transaction.atomic(using=database.alias):
            result = outcome(scenario, database.alias, tenant)
            left = {table: rows(database, table) for table in OWN}
            raise Undo
    except Undo:
        return result, left


def within_one_second(work):
    """What ``work`` gives, done again where the clock's second went by in it: defaults tell the second."""
    while True:
        began = int(time.time())
        result = work()
        if int(time.time()) == began:
            return result


def test_there_is_enough_to_compare():
    assert len(READS) + len(EVERY_WRITE) >= 120


@pytest.mark.parametrize("name", READS)
def test_a_read_gives_the_same(name, everybody, alone, tenant):
    here, there = outcome(READS[name], "everybody", tenant), outcome(READS[name], "alone", None)

    assert here == there
    assert not isinstance(here, str), here  # an error in both would prove nothing


@pytest.mark.parametrize("name", EVERY_WRITE)
def test_a_write_does_the_same_and_nothing_to_others(name, everybody, alone, tenant):
    before = {table: rows(everybody, table, f"NOT coalesce(({own}), 0)", tenant) for table, own in MODIFIED.items()}
    (here, left), (there, expected) = within_one_second(
        lambda: (written(EVERY_WRITE[name], everybody, tenant), written(EVERY_WRITE[name], alone, None))
    )

    assert here == there
    others = {table: [row for row in left[table] if row in set_of(before[table])] for table in OWN}
    assert {table: len(found) for table, found in others.items()} == {t: len(found) for t, found in before.items()}
    for table in OWN:
        foreign = set_of(rows(everybody, table, f"NOT coalesce(({OWN[table]}), 0)", tenant))
        assert [row for row in left[table] if row not in foreign] == expected[table], table


def set_of(found: list) -> set:
    return set(found)


def test_the_audit_trail_is_read_and_appended_to_alone(everybody, tenant):
    with tenant_scope(tenant), transaction.atomic(using="everybody"):
        assert sql("everybody", "UPDATE audit_logs SET action = 'x'") == 0
        assert sql("everybody", "DELETE FROM audit_logs") == 0
        assert sql("everybody", "DELETE FROM sharing_events") == 0
        assert (
            sql(
                "everybody",
                "INSERT INTO audit_logs (log_id, tenant_id, action, resource_type) VALUES ('n', %s, 'a', 'b')",
                [tenant],
            )
            == 1
        )
        transaction.set_rollback(True, using="everybody")


def test_global_skills_are_read_and_not_written(everybody, tenant):
    with tenant_scope(tenant), transaction.atomic(using="everybody"):
        read = sql("everybody", "SELECT COUNT(*) FROM skills")[0][0]
        private = sql("everybody", "SELECT COUNT(*) FROM skills WHERE visibility <> 'global'")[0][0]
        assert read > private > 0
        assert sql("everybody", "UPDATE skills SET name = 'x'") == private
        globals_ = "SELECT skill_id FROM skills WHERE visibility = 'global'"
        assert sql("everybody", f"UPDATE skill_versions SET version_notes = NULL WHERE skill_id IN ({globals_})") == 0
        transaction.set_rollback(True, using="everybody")
