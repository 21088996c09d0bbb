"""Sealing rows anew under a tenant's active key.

How far it came is in the rows themselves: each ciphertext names its version. So there is nothing to resume, and nothing
is lost where a process is killed. A row is written only while it holds what was read: who changes it meanwhile wins,
and has sealed under the active key already.
"""

import base64
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Length, Substr

from security.audit import Action, record
from security.crypto.envelope import START, TEXT, seal
from security.crypto.fields import EncryptedTextField, Stored, encrypted_fields, encrypted_models
from security.enums import KeyPurpose, KeyState
from security.exceptions import KeyRefused, Unreadable
from security.models import TenantKey
from security.roles import PLATFORM_TENANT
from security.services.vault import active_key, vault

BATCH = 200  # rows a transaction
BASE64 = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
NOTES = ("encryption_version", "kms_key_id")
"""Columns in which a table notes the key that its rows are sealed under."""
STEP = 16  # of the last character of a text's head: its other four bits are salt

Progress = Callable[[int], None]


@dataclass(slots=True)
class Resealing:
    """What a run did: rows sealed anew, and rows that do not open, by table and key, with the reason."""

    rows: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    is_done: bool = False


def remaining(tenant_ids: Sequence[str]) -> dict[str, int]:
    """How many rows of each tenant are not sealed under its active key; a query for each table with sealed columns."""
    active = dict(
        TenantKey.objects.filter(tenant_id__in=tenant_ids, purpose=KeyPurpose.DATA, state=KeyState.ACTIVE).values_list(
            "tenant_id", "version"
        )
    )
    left = dict.fromkeys(tenant_ids, 0)
    by_version: dict[int, list[str]] = {}
    for tenant_id in tenant_ids:
        by_version.setdefault(active.get(tenant_id, 0), []).append(tenant_id)
    for model in encrypted_models():
        for version, tenants in by_version.items():
            found = old_rows(model, version).filter(_of(tenants)).values_list("tenant_id").annotate(Count("pk"))
            for tenant_id, number in found.order_by():
                left[tenant_id or PLATFORM_TENANT] += number
    return left


def sealed_rows(tenant_ids: Sequence[str]) -> dict[str, int]:
    """How many rows of each tenant hold something sealed."""
    total = dict.fromkeys(tenant_ids, 0)
    for model in encrypted_models():
        rows = model._default_manager.filter(_of(tenant_ids)).filter(_any(model, _filled))
        for tenant_id, number in rows.values_list("tenant_id").annotate(Count("pk")).order_by():
            total[tenant_id or PLATFORM_TENANT] += number
    return total


def rows_under(tenant_id: str, version: int) -> int:
    """How many rows of a tenant a version of its key is still needed for."""
    heads = [version, 0] if version == 1 else [version]  # values of before are under version 1
    number = 0
    for model in encrypted_models():
        rows = model._default_manager.filter(_of([tenant_id]))
        number += rows.filter(_any(model, lambda column: _under(column, heads))).count()
    return number


def reseal(tenant_id: str, *, limit: int | None = None, progress: Progress = lambda rows: None) -> Resealing:
    """Seal a tenant's rows anew, up to ``limit``; batch by batch, each in a transaction of its own.

    Raises:
        KeyRefused: workers read the old form alone (``NDS_ENVELOPE=legacy``), or the key was rotated meanwhile.
        NoDataKey: the tenant has no active key.
    """
    if settings.NDS.envelope == "legacy":
        raise KeyRefused("NDS_ENVELOPE=legacy: workers read the old form alone, so nothing is sealed anew.")
    active, done = active_key(tenant_id), Resealing()
    vault.key(tenant_id, active.version)  # outside of the transactions: unwrapping may take its time
    for model in encrypted_models():
        last: Any = None
        while limit is None or done.rows < limit:
            rows = old_rows(model, active.version).filter(_of([tenant_id])).order_by("pk")
            batch = list((rows.filter(pk__gt=last) if last is not None else rows)[:BATCH])
            if not batch:
                break
            last = batch[-1].pk
            done.rows += _reseal_batch(active, batch, done.unreadable)
            progress(done.rows)
    done.is_done = limit is None or done.rows < limit
    return done


def old_rows(model: type[models.Model], version: int) -> "models.QuerySet[Any]":
    """Rows with a ciphertext that is not under ``version``."""
    return model._default_manager.filter(_any(model, lambda column: _filled(column) & ~_under(column, [version])))


def _reseal_batch(active: TenantKey, batch: list[Any], unreadable: dict[str, str]) -> int:
    resealed = []
    for row in batch:
        try:
            resealed.append((row, _resealed(row, active)))
        except Unreadable as error:
            unreadable[f"{row._meta.db_table} {row.pk}"] = str(error)
    if not resealed:
        return 0
    with transaction.atomic():
        if active_key(active.tenant_id).version != active.version:
            raise KeyRefused(f"The key of {active.tenant_id} was rotated meanwhile: begin again.")
        with connection.cursor() as cursor:
            model = type(resealed[0][0])
            cursor.executemany(_update(model), [_parameters(active, row, values) for row, values in resealed])
            changed = max(0, int(cursor.rowcount))
        if not changed:  # somebody else was faster, with all of them
            return 0
        span = {"first": str(batch[0].pk), "last": str(batch[-1].pk)}
        record(
            Action.REENCRYPT_ROWS, resource_type=model._meta.db_table, resource_id=None, tenant_id=active.tenant_id,
            details={"version": active.version, "rows": changed, **span},
        )  # fmt: skip
    return changed


def _resealed(row: Any, active: TenantKey) -> list[Any]:
    """The row's ciphertexts, sealed anew where they are not under the active version."""
    values = []
    for column in encrypted_fields(type(row)):
        stored = column.stored(row)
        if isinstance(stored, Stored) and stored and not _is_under(stored, active.version):
            place = column.place(row)
            plain, key = vault.unseal(stored.envelope, place), vault.key(active.tenant_id, active.version, place)
            stored = column.storable(seal(key, active.version, plain, place))
        values.append(stored)
    return values


def _update(model: type[models.Model]) -> str:
    """Compare and set. What a table notes of its key is kept in step."""
    columns = encrypted_fields(model)
    names = [column.column for column in columns]
    sets = [f'"{name}" = %s' for name in (*names, *(NOTES if _notes(model) else ()))]
    # An empty text in a column of bytes, as JavaScript may write it, is no bytes to us.
    same = " AND ".join(f'CAST("{column.column}" AS {column.sql_type}) IS %s' for column in columns)
    table, key = model._meta.db_table, model._meta.pk.column
    return f'UPDATE "{table}" SET {", ".join(sets)} WHERE "{key}" = %s AND {same}'  # noqa: S608  # names of our models


def _notes(model: type[models.Model]) -> bool:
    return set(NOTES) <= {field.column for field in model._meta.concrete_fields}


def _parameters(active: TenantKey, row: Any, values: list[Any]) -> list[Any]:
    columns = encrypted_fields(type(row))
    new = [column.get_db_prep_value(value, connection) for column, value in zip(columns, values, strict=True)]
    old = [column.get_db_prep_value(column.stored(row), connection) for column in columns]
    noted = [active.version, active.kek_ref] if _notes(type(row)) else []
    return [*new, *noted, row.pk, *old]


# ---- Which rows -------------------------------------------------------------------------------------------------
def _of(tenant_ids: Sequence[str]) -> Q:
    own = Q(tenant_id__in=tenant_ids)
    return own | Q(tenant_id__isnull=True) if PLATFORM_TENANT in tenant_ids else own


def _any(model: type[models.Model], test: Callable[[Any], Q]) -> Q:
    found = Q(pk__in=[])
    for column in encrypted_fields(model):
        found |= test(column)
    return found


def _filled(column: Any) -> Q:
    return Q(models.lookups.GreaterThan(Length(column.attname, output_field=models.IntegerField()), 0))


def _under(column: Any, versions: Sequence[int]) -> Q:
    """Sealed under one of ``versions``; 0 stands for values of before."""
    found = Q(pk__in=[])
    for version in versions:
        found |= _headed(column, version) if version else _filled(column) & ~_begins(column)
    return found


def _headed(column: Any, version: int) -> Q:
    head = START + version.to_bytes(4)
    if isinstance(column, EncryptedTextField):
        fixed, open_bits = _text_head(head)
        given = Substr(column.attname, 1, len(fixed) + 1, output_field=models.CharField())
        return Q(models.lookups.In(given, [fixed + BASE64[open_bits + salt] for salt in range(STEP)]))
    given = Substr(column.attname, 1, len(head), output_field=models.BinaryField())  # type: ignore[arg-type]
    return Q(models.lookups.Exact(given, models.Value(head, output_field=models.BinaryField())))


def _begins(column: Any) -> Q:
    """An envelope, under whatever version."""
    if isinstance(column, EncryptedTextField):
        given = Substr(column.attname, 1, len(TEXT), output_field=models.CharField())
        return Q(models.lookups.Exact(given, models.Value(TEXT)))
    given = Substr(column.attname, 1, 4, output_field=models.BinaryField())  # type: ignore[arg-type]
    return Q(models.lookups.Exact(given, models.Value(START[:4], output_field=models.BinaryField())))


def _text_head(head: bytes) -> tuple[str, int]:
    """How a text begins whose envelope begins with ``head`` (10 bytes); of the next character, its upper bits."""
    fixed = TEXT + base64.urlsafe_b64encode(head[:9]).decode() + BASE64[head[9] >> 2]
    return fixed, (head[9] & 3) * STEP


def _is_under(stored: Stored, version: int) -> bool:
    return stored.envelope.startswith(START + version.to_bytes(4))
