"""How many rows there are, as far as it is worth counting."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, IntegerField, QuerySet

from ndsadmin.contract.names import quoted
from security.contract import ContractTable

COUNTED = 10_000  # rows that a list counts; beyond it says "10,000+" (design, Decisions)


def at_most(number: int, limit: int = COUNTED) -> str:
    """``number`` as it is shown where nothing was counted beyond ``limit``."""
    return f"{limit:,}+" if number > limit else f"{number:,}"


def counted(rows: QuerySet[Any], column: str) -> str:
    """How many ``rows`` there are. Reads at most `COUNTED` + 1 of them, and of these ``column`` alone: where the index
    that gives the rows holds it, only the index."""
    return at_most(rows.order_by().values(column)[: COUNTED + 1].count())


def counted_in_index(rows: QuerySet[Any]) -> str:
    """As `counted`, of a table whose rows have numbers: of them alone is read, so SQLite looks into no row."""
    numbers = rows.order_by().annotate(number=RowNumber()).values_list("number")[: COUNTED + 1]
    try:
        sql, params = numbers.query.sql_with_params()
    except EmptyResultSet:
        return "0"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql})", params)
        return at_most((cursor.fetchone() or (0,))[0])


class RowNumber(Func):
    """The number under which SQLite stores a row."""

    template = "rowid"
    output_field = IntegerField()


def row_counts(models: Sequence[type[ContractTable]]) -> dict[str, str]:
    """By table: "434", or "10,000+". One query, which reads at most `COUNTED` + 1 index entries a table."""
    if not models:
        return {}
    tables = [model._meta.db_table for model in models]
    counts = (f"(SELECT COUNT(*) FROM (SELECT 1 FROM {quoted(table)} LIMIT {COUNTED + 1}))" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")  # names of our own models, quoted
        return dict(zip(tables, (at_most(number) for number in cursor.fetchone()), strict=True))
