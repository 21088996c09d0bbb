"""Changing one row of a table that the dashboard may write.

Workers write the same tables at the same time. So only the columns that were changed are written, and only
while they still hold what the person saw; otherwise `RowChanged` is raised and nothing is stored.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from security.audit import Action, record
from security.columns import Int, LongText, Real, Text, now
from security.columns.column import Column
from security.contract import ContractTable, column_of
from security.crypto.fields import check_readable
from security.exceptions import Guarded, RowChanged
from security.services.repeating import repeatable

Values = Mapping[str, Any]

CHANGED = "changed"
"""What the log says of a secret in place of its old and new value."""


@repeatable
def create_row(row: ContractTable, *, reason: str | None = None) -> ContractTable:
    """Store a new row, with its entry in the audit log.

    Raises:
        Guarded: rows of this table are made by a service of their own.
    """
    if row.guarded:
        raise Guarded(f"A {row._meta.verbose_name} is not made like any row.")
    row.save(force_insert=True)
    fields = [field for field in row._meta.concrete_fields if field.value_from_object(row) is not None]
    changes = {field.name: _changed(field, None, field.value_from_object(row)) for field in fields}
    _record("create", row, changes, reason)
    return row


@repeatable
def update_row(row: ContractTable, *, before: Values, reason: str | None = None) -> frozenset[str]:
    """Write the columns of ``row`` that differ from ``before``; the names of those that did.

    ``before`` holds, by field name, the values that the person saw. Nothing is written where nothing differs.

    Raises:
        RowChanged: one of those columns holds something else by now, or the row is gone.
        Guarded: a column that decides power.
        Unreadable: a sealed column of the row cannot be read: nothing is saved over it.
    """
    if power := row.guarded & set(before):
        raise Guarded(f"{min(power)} of a {row._meta.verbose_name} is not changed like any column.")
    fields = [column_of(type(row), name) for name in before]
    changed = [field for field in fields if field.value_from_object(row) != before[field.name]]
    if not changed:
        return frozenset()
    check_readable(row)
    values = {field.name: field.value_from_object(row) for field in changed}
    stamp = {"updated_at": now()} if any(f.name == "updated_at" for f in row._meta.concrete_fields) else {}
    unchanged = type(row)._default_manager.filter(pk=row.pk, **_guard(changed, before))
    if not unchanged.update(**values, **stamp):
        raise RowChanged(f"{row._meta.verbose_name} {row.pk} was changed by somebody else in the meantime.")
    changes = {field.name: _changed(field, before[field.name], values[field.name]) for field in changed}
    _record("update", row, changes, reason)
    return frozenset(values)


@repeatable
def update_rows(
    model: type[ContractTable], conditions: Sequence[models.Q], values: Values, *, reason: str | None = None
) -> int:
    """Set ``values`` on the rows that ``conditions`` name, one an entry in the audit log; how many were changed.

    All or none: a row that somebody else changes meanwhile undoes the whole. A row that holds the values already is
    left alone; one that is gone by now too.
    """
    changed = 0
    for condition in conditions:
        row = model._default_manager.filter(condition).first()
        if row is None:
            continue
        before = {name: column_of(model, name).value_from_object(row) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        changed += bool(update_row(row, before=before, reason=reason))
    return changed


# Columns whose text in the database is the value itself. Documents and times may be written in more than one way,
# and an odd value has no text of ours: the form compares those itself, inside the same transaction.
_EXACT = (Text, LongText, Int, Real, models.ForeignKey)


def _guard(fields: list[models.Field[Any, Any]], before: Values) -> dict[str, Any]:
    """The condition that the columns still hold what was read."""
    guard: dict[str, Any] = {}
    for field in fields:
        value = before[field.name]
        if value is None:
            guard[f"{field.name}__isnull"] = True
        elif isinstance(field, _EXACT) and isinstance(value, str | int | float):
            guard[field.name] = value
    return guard


def _record(verb: str, row: ContractTable, changes: dict[str, Any], reason: str | None) -> None:
    kind = kind_of(type(row))
    record(
        Action(f"{verb}_{kind}"),
        resource_type=kind,
        resource_id=str(row.pk),
        tenant_id=tenant_of(row),
        details={"changes": changes, **({"reason": reason} if reason else {})},
    )


def kind_of(model: type[ContractTable]) -> str:
    """``ContentTemplate`` -> ``content_template``: how the workers name an object's kind."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_")


def tenant_of(row: ContractTable) -> str | None:
    """The tenant whose trail the entry belongs to: the row's own, or that of the row it hangs on."""
    visibility = str(getattr(row, "visibility", ""))
    if visibility.startswith("tenant:"):
        return visibility.removeprefix("tenant:") or None
    if hasattr(row, "tenant_id"):
        tenant_id: str | None = row.tenant_id
        return tenant_id
    if hasattr(row, "post_id"):
        posts = column_of(type(row), "post").related_model
        assert isinstance(posts, type)
        return posts._default_manager.filter(pk=row.post_id).values_list("tenant_id", flat=True).first()
    return None


def _changed(field: models.Field[Any, Any], before: Any, after: Any) -> Any:
    """The old and the new value as the audit log may hold them: of a secret, that it changed."""
    if isinstance(field, Column) and field.secret:
        return CHANGED
    return [_shown(before), _shown(after)]


def _shown(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return f"{len(value)} bytes"
    return str(value) if isinstance(value, dt.date) else value
