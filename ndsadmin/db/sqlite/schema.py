from functools import partial
from types import TracebackType
from typing import Any

from django.db import IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema
from django.db.models import Model


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Foreign keys as the contract writes them, and orphans of other tables left in peace.

    Django checks the foreign keys of the whole database after each migration. A database that was taken over
    may hold orphans, which no migration of ours made or can mend; so only the tables that this editor made or
    remade are checked.
    """

    sql_create_inline_fk = "REFERENCES %(to_table)s (%(to_column)s)"
    sql_create_column_inline_fk = sql_create_inline_fk

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: set[str] = set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        leave = partial(BaseDatabaseSchemaEditor.__exit__, self)
        try:
            if kind is None:
                # A remade table was made under another name first, which is gone.
                present = self.touched.intersection(self.connection.introspection.table_names())
                self.connection.check_constraints(table_names=sorted(present))
        except IntegrityError as violation:
            leave(type(violation), violation, violation.__traceback__)
            raise
        else:
            leave(kind, error, traceback)
        finally:
            self.connection.enable_constraint_checking()

    def create_model(self, model: type[Model]) -> None:
        super().create_model(model)
        self.touched.add(model._meta.db_table)

    def delete_model(self, model: type[Model], handle_autom2m: bool = True) -> None:
        super().delete_model(model, handle_autom2m)
        self.touched.discard(model._meta.db_table)

    def _remake_table(self, model: type[Model], *args: Any, **kwargs: Any) -> None:
        super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]  # not in the stubs
        self.touched.add(model._meta.db_table)
