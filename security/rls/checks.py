"""System checks: isolation is declared for every table, or nothing starts."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

from security.rls.policies import Policy, Via
from security.rls.registry import Registry, every_model, undeclared
from security.rls.tokens import folded
from security.triggers import TRIGGERS, missing_triggers


@register("security")
def every_table_is_declared(app_configs: Any, **_: Any) -> list[Error]:
    return [
        Error(f"The table {model._meta.db_table} declares no `rls`.", obj=model, id="security.E001",
              hint="Direct, Via, Shared or Closed of security.rls.policies; see docs/isolation.md.")
        for model in undeclared()
    ]  # fmt: skip


@register("security")
def policies_name_columns(app_configs: Any, **_: Any) -> list[Error]:
    known = Registry().declared
    return [
        Error(f"The policy of {model._meta.db_table} names a column {column!r}, which is not there.", obj=model,
              id="security.E002")
        for model in every_model()
        for column in _named(known.get(model._meta.db_table))
        if column not in {field.column for field in model._meta.concrete_fields}
    ]  # fmt: skip


@register("security")
def parents_are_protected(app_configs: Any, **_: Any) -> list[Error]:
    known = Registry().declared
    return [
        Error(f"{table} hangs on {declared.parent}, whose rows are nobody's.", id="security.E003")
        for table, declared in known.items()
        if isinstance(declared, Via) and not isinstance(known.get(declared.parent), Policy | Via)
    ]


@register("security")
def backends_confine(app_configs: Any, **_: Any) -> list[Error]:
    return [
        Error(f"The database {alias!r} has a backend without row-level security.", id="security.E004",
              hint="Use ndsadmin.db.sqlite.")
        for alias in connections
        if not hasattr(connections[alias], "engine")
    ]  # fmt: skip


@register(Tags.database)
def triggers_are_declared(app_configs: Any, databases: Any = None, **_: Any) -> list[Error]:
    """Looks into the databases that a command works on: `check --database default`, `migrate`."""
    return [
        Error(f"The database {alias!r} has a trigger {made.name!r}, which is not declared.", id="security.E005",
              hint="TRIGGERS of security.triggers; nothing confines what a trigger does.")
        for alias in databases or ()
        for made in connections[alias].live_schema()  # type: ignore[attr-defined]  # our backends have one
        if made.type == "trigger" and folded(made.name) not in TRIGGERS
    ]  # fmt: skip


@register(Tags.database)
def triggers_are_there(app_configs: Any, databases: Any = None, **_: Any) -> list[Error]:
    return [
        Error(f"The audit log of the database {alias!r} is not kept: the trigger {name!r} is missing.",
              id="security.E006", hint="Find out who took it away; `manage.py adopt` puts it back.")
        for alias in databases or ()
        for name in missing_triggers({made.name: made.sql for made in connections[alias].live_schema()})  # type: ignore[attr-defined]
    ]  # fmt: skip


def _named(declared: object) -> tuple[str, ...]:
    if isinstance(declared, Policy):
        return (*declared.columns, *declared.unchecked)
    return (declared.column, *declared.unchecked) if isinstance(declared, Via) else ()
