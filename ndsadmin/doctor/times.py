"""Writing times in the contract's first form.

Rules:

- Only what is a time in the second form is touched: ``2026-11-22T10:00:00.123Z`` becomes ``2026-11-22 10:00:00``;
  an offset other than ``Z`` is left alone.
- The audit log and other logs are never edited: their entries may be sealed byte for byte.
- A key column is not touched either: another row may hold the normalised key.
- A row that a worker changes meanwhile is left as the worker wrote it.
"""

from django.db import connection, transaction

from security.columns import Time
from security.contract import Writer, contract_tables
from security.services.work import record_normalising

FORM = "????-??-??T??:??:??*"


@transaction.atomic
def normalise() -> dict[str, int]:
    """Rewrite them; how many by ``table.column``. One statement a column, in one transaction with its entry."""
    done: dict[str, int] = {}
    for model in contract_tables():
        if model.writer is Writer.LOG:
            continue
        keys = getattr(model._meta, "pk_fields", None) or [model._meta.pk]
        for field in model._meta.concrete_fields:
            if isinstance(field, Time) and field not in keys:
                table, column = model._meta.db_table, connection.ops.quote_name(field.column or "")
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"UPDATE {connection.ops.quote_name(table)} SET {column} = REPLACE(SUBSTR({column}, 1, 19), "
                        f"'T', ' ') WHERE {column} GLOB '{FORM}' AND (LENGTH({column}) = 19 OR {column} GLOB '*Z') "
                        f"AND JULIANDAY({column}) IS NOT NULL"
                    )
                    if cursor.rowcount > 0:
                        done[f"{table}.{field.column}"] = cursor.rowcount
    record_normalising(done)
    return done
