"""Numbers and truth values. The unit is in the class, so that pages and exports agree on it."""

from typing import Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler

from security.columns.column import Column

S = TypeVar("S")
G = TypeVar("G")


class Int(Column, models.IntegerField[S, G]):
    """A whole number; a count unless its class says otherwise."""

    sql_type = "INTEGER"


class Tenants(Int[S, G]):
    """How many tenants a number is of: too few are marked, since people of tenants are not shown it."""

    def deconstruct(self) -> Any:
        """In migrations it is a whole number."""
        name, _, args, kwargs = super().deconstruct()
        return name, f"{Int.__module__}.{Int.__qualname__}", args, kwargs


class Millis(Int[S, G]):
    """Milliseconds."""


class Seconds(Int[S, G]):
    """Seconds."""


class Real(Column, models.FloatField[S, G]):
    """A number without a unit."""

    sql_type = "REAL"


class Rate(Real[S, G]):
    """A fraction from 0 to 1, shown as percent (domain.md, Content)."""


class Money(Real[S, G]):
    """US dollars."""


class Bool(Column, models.BooleanField[S, G]):
    """True, False or NULL; what else the pipeline stored is delivered as it is."""

    sql_type = "BOOLEAN"
    reads_raw = True

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        return bool(value) if value in (0, 1) else value


@Bool.register_lookup
class BoolExact(Exact[Any]):
    """``is_active = TRUE``, the words of the contract's partial indexes.

    SQLite uses a partial index only where the query repeats the index's WHERE clause, and Django would write
    the bare column (https://www.sqlite.org/partialindex.html#queries_using_partial_indexes).
    """

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        if not isinstance(self.rhs, bool):
            return super().as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = {'TRUE' if self.rhs else 'FALSE'}", params
