"""Names of tables and columns in SQL."""

from django.db import connection


def quoted(name: str | None) -> str:
    """A name of the contract, as a statement holds it."""
    return connection.ops.quote_name(name or "")
