"""Which column points at which table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import ForeignKey

from security.contract import ContractTable, is_declared, referred


@dataclass(frozen=True, slots=True)
class Reference:
    child: type[ContractTable]
    column: str
    parent: type[ContractTable]
    parent_column: str
    is_declared: bool  # a foreign key of the contract; others are kept even where nothing stands behind them
    is_nullable: bool

    @property
    def dangling(self) -> str:
        """The condition of child rows whose parent is not there."""
        child, parent = self.child._meta.db_table, self.parent._meta.db_table
        return (
            f'"{child}"."{self.column}" IS NOT NULL AND NOT EXISTS '
            f'(SELECT 1 FROM "{parent}" AS parent WHERE parent."{self.parent_column}" = "{child}"."{self.column}")'
        )


def references(models: Iterable[type[ContractTable]]) -> list[Reference]:
    """All columns of ``models`` that point at a row of the contract."""
    return [
        Reference(
            child=model,
            column=str(field.column),
            parent=referred(field),
            parent_column=str(field.target_field.column),
            is_declared=is_declared(field),
            is_nullable=field.null,
        )
        for model in models
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
    ]
