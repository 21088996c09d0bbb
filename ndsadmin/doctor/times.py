"""Writing times in the contract's first form.

Rules:

- Only what is a time in the second form is touched: ``2026-11-22T10:00:00.123Z`` becomes ``2026-11-22 10:00:00``;
  an offset other than ``Z`` is left alone.
- The audit log and other logs are never edited: their entries may be sealed byte for byte.
- A key column is not touched either: another row may hold the normalised key.
- A row that a worker changes meanwhile is left as the worker wrote it.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Field

from ndsadmin.contract.names import quoted
from ndsadmin.tables.addresses import key_fields
from security.columns import Time
from security.contract import ContractTable, Writer, contract_tables
from security.services.work import record_normalising

FORM = "????-??-??T??:??:??*"


def second_form(column: str) -> str:
    """The condition that ``column``, a quoted name, holds a time in the second form."""
    return (
        f"{column} GLOB '{FORM}' AND (LENGTH({column}) = 19 OR {column} GLOB '*Z') AND JULIANDAY({column}) IS NOT NULL"
    )


def is_normalised(field: "Field[Any, Any]") -> bool:
    """Whether the times of a column may be written anew."""
    model = field.model
    assert issubclass(model, ContractTable)
    return model.writer is not Writer.LOG and field not in key_fields(model)


@transaction.atomic
def normalise() -> dict[str, int]:
    """Rewrite them; how many by ``table.column``. One statement a column, in one transaction with its entry."""
    done: dict[str, int] = {}
    for model in contract_tables():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if isinstance(field, Time) and is_normalised(field):
                column = quoted(field.column)
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"UPDATE {quoted(table)} "
                        f"SET {column} = REPLACE(SUBSTR({column}, 1, 19), 'T', ' ') WHERE {second_form(column)}"
                    )
                    if cursor.rowcount > 0:
                        done[f"{table}.{field.column}"] = cursor.rowcount
    record_normalising(done)
    return done
