"""How many rows tables have, as far as it is worth counting."""

from collections.abc import Sequence

from django.db import connection

from ndsadmin.tables.listing import COUNTED, at_most
from security.contract import ContractTable


def row_counts(models: Sequence[type[ContractTable]]) -> dict[str, str]:
    """By table: "434", or "10,000+". One query, which reads at most `COUNTED` + 1 index entries a table."""
    if not models:
        return {}
    tables = [model._meta.db_table for model in models]
    quoted = (connection.ops.quote_name(table) for table in tables)
    counts = (f"(SELECT COUNT(*) FROM (SELECT 1 FROM {table} LIMIT {COUNTED + 1}))" for table in quoted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")  # names of our own models, quoted
        return dict(zip(tables, (at_most(number, COUNTED) for number in cursor.fetchone()), strict=True))
