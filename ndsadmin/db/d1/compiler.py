"""Compiling for D1: functions that it lacks in other words, many rows as one list."""

from typing import Any

from django.db.models.sql import compiler

from ndsadmin.db.d1.bulk import listed
from ndsadmin.db.d1.functions import reworded
from ndsadmin.db.d1.values import adapted
from ndsadmin.db.shaping import LIMITS

MOST_LISTS = LIMITS["SQLITE_LIMIT_COMPOUND_SELECT"]


class Unlistable(Exception):
    """A row cannot travel as JSON."""


class Listed(str):
    """What stands for VALUES in an INSERT."""


class Compiling:
    """What all compilers share."""

    def compile(self, node: Any) -> Any:
        write = reworded(type(node))  # type: ignore[arg-type]  # a class can be hashed
        return super().compile(node) if write is None else write(node, self)  # type: ignore[misc]  # a mixin


class SQLCompiler(Compiling, compiler.SQLCompiler):
    pass


class SQLDeleteCompiler(Compiling, compiler.SQLDeleteCompiler):
    pass


class SQLUpdateCompiler(Compiling, compiler.SQLUpdateCompiler):
    pass


class SQLAggregateCompiler(Compiling, compiler.SQLAggregateCompiler):
    pass


class SQLInsertCompiler(Compiling, compiler.SQLInsertCompiler):
    def as_sql(self) -> Any:  # type: ignore[override]  # as Django has it
        """One statement for all rows, or one for each where they cannot travel together."""
        try:
            return super().as_sql()
        except Unlistable:
            return self._one_by_one()

    def _one_by_one(self) -> Any:
        rows, found = self.query.objs, []
        try:
            for row in rows:
                self.query.objs = [row]
                found += super().as_sql()
        finally:
            self.query.objs = rows
        return found

    def assemble_as_sql(self, fields: Any, value_rows: Any) -> Any:
        placeholders, params = super().assemble_as_sql(fields, value_rows)
        if len(params) < 2:
            return placeholders, params
        if any(mark != "%s" for marks in placeholders for mark in marks):
            raise Unlistable
        found = listed([[adapted(value) for value in row] for row in params])
        if found is None or len(found[1]) > MOST_LISTS:
            raise Unlistable
        columns, texts = found
        lists = " UNION ALL ".join(["SELECT value FROM json_each(%s)"] * len(texts))
        # WHERE tells the ON of an ON CONFLICT that follows from that of a join.
        return [Listed(f"SELECT {columns} FROM ({lists}) WHERE true")], [texts]
