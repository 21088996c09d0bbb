"""The six scripts for ``wrangler d1 execute``, written from the models.

Scripts 001 to 005 make the 24 tables that the pipeline came with and their 68 indexes, exactly as the contract
states them. Script 006 makes what the dashboard adds: six tables, its bookkeeping, indexes and triggers named
``nds_*``.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.models import Model, UniqueConstraint

from ndsadmin.contract.shape import TableShape, shape_of
from security.contract import OWN_PREFIX, Stage, bookkeeping_tables, contract_tables
from security.triggers import KEPT_UP

FILES = {
    Stage.CORE: "001_create_core_tables.sql",
    Stage.CONTENT: "002_create_content_generation_tables.sql",
    Stage.PUBLISHING: "003_create_publishing_tables.sql",
    Stage.ANALYTICS: "004_create_analytics_tables.sql",
    Stage.SECURITY: "005_create_security_tables.sql",
    Stage.DASHBOARD: "006_create_dashboard_tables.sql",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A CREATE statement and the name of what it makes."""

    name: str
    sql: str


def statements(stage: Stage) -> Iterator[Statement]:
    """What the script of ``stage`` makes, parents before children."""
    tables = contract_tables()
    made = [model for model in tables if model.stage is stage]
    own = bookkeeping_tables() if stage is Stage.DASHBOARD else []
    for table in (*made, *own):
        yield Statement(table._meta.db_table, _table_sql(table))
    for model in (*tables, *bookkeeping_tables()):
        for statement in _index_statements(model):
            is_ours = statement.name.startswith(OWN_PREFIX) or getattr(model, "stage", None) is Stage.DASHBOARD
            if (stage is Stage.DASHBOARD) if is_ours else (model in made):
                yield statement
    if stage is Stage.DASHBOARD:
        for name, sql in KEPT_UP.items():
            yield Statement(name, sql)


def declared_names() -> list[str]:
    """Every table, index and trigger that the scripts make."""
    return [statement.name for stage in Stage for statement in statements(stage)]


def script(stage: Stage) -> str:
    """The text of the script of ``stage``."""
    head = f"-- {FILES[stage]}\n-- Written by `manage.py stage_sql` from the models; apply the scripts in order.\n"
    return head + "".join(f"\n{statement.sql};\n" for statement in statements(stage))


def write_scripts(directory: Path) -> list[Path]:
    """Write the six scripts into ``directory``; their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = [directory / name for name in FILES.values()]
    for stage, path in zip(FILES, paths, strict=True):
        path.write_text(script(stage), encoding="utf-8")
    return paths


@cache
def contract_shapes() -> dict[str, TableShape]:
    """The shape of each of the thirty tables, as the scripts make it."""
    with sqlite3.connect(":memory:") as memory:
        for stage in Stage:
            memory.executescript(script(stage))
        query = lambda sql: memory.execute(sql).fetchall()  # noqa: E731
        return {model._meta.db_table: shape_of(query, model._meta.db_table) for model in contract_tables()}


def _table_sql(model: type[Model]) -> str:
    # Not create_model(): it would make the join tables of many-to-many fields too, which are the framework's.
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []  # what hangs on no table: constraints with a condition, which are indexes (below)
    sql, params = editor.table_sql(model)
    return _one_column_a_line(sql % tuple(editor.quote_value(param) for param in params or ()))


def _index_statements(model: type[Model]) -> Iterator[Statement]:
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    for index in model._meta.indexes:
        yield Statement(index.name, str(index.create_sql(model, editor)))
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and rule.condition is not None:
            yield Statement(rule.name, str(rule.create_sql(model, editor)))


def _one_column_a_line(sql: str) -> str:
    """``CREATE TABLE "t" (a, b)`` with each column on a line of its own."""
    head, body = sql[: sql.index("(")].rstrip(), sql[sql.index("(") + 1 : sql.rindex(")")]
    columns, depth = [""], 0
    for piece in re.findall(r"'[^']*'|.", body, re.DOTALL):  # a comma of a text is none
        depth += (piece == "(") - (piece == ")")
        if piece == "," and not depth:
            columns.append("")
        else:
            columns[-1] += piece
    return f"{head} (\n" + ",\n".join(f"  {column.strip()}" for column in columns) + "\n)"
