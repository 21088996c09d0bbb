"""What every table of the contract declares about itself beside its columns.

Thirty tables are shared with the pipeline's workers: names, types, keys and defaults are fixed
(``tests/data/schema.yaml``). Each model says which stage script makes it, whose rows it holds, who writes it
and which column names a row to people; pages, scripts, documents and protections are derived from that.
"""

from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

from security.crypto.fields import unopened
from security.rls.policies import Closed, Declaration
from security.roles import Verb, may
from security.scope import Reach, current_scope

OWN_PREFIX = "nds_"
"""What the dashboard makes beside the contract's tables is named so: bookkeeping, indexes, triggers (domain.md)."""


class Stage(IntEnum):
    """The script that creates a table; 6 is the dashboard's own."""

    CORE = 1
    CONTENT = 2
    PUBLISHING = 3
    ANALYTICS = 4
    SECURITY = 5
    DASHBOARD = 6


class Privacy(StrEnum):
    """Whose rows a table holds."""

    TENANT = "tenant"  # rows of one tenant
    PARENT = "parent"  # the tenant of the row it hangs on
    SKILL = "skill"  # global skills and the tenant's own
    KANON = "kanon"  # rows of own private skills; numbers over several tenants only as published periods
    NULLABLE = "nullable"  # own rows; rows without a tenant belong to the platform
    PLATFORM = "platform"  # the platform's alone
    PERSON = "person"  # rows of one person (bookkeeping alone)


class Writer(StrEnum):
    """Who writes a table: rows that the workers write are read-only here (domain.md, Who writes what)."""

    DASHBOARD = "dashboard"
    WORKERS = "workers"
    LOG = "log"  # both append, nobody edits


class Reads(StrEnum):
    """Who leaves an entry in the audit log by opening a row."""

    FREE = "nobody"
    BY_PLATFORM = "people of the platform"
    BY_ALL = "everybody"


class Index(models.Index):
    """An index under the contract's name, which may be longer than Django's 30 characters."""

    max_name_length = 64


class Bookkeeping(models.Model):
    """Base of what the dashboard remembers for itself, in tables named ``nds_*`` (domain.md, The six tables)."""

    privacy: ClassVar[Privacy]
    rls: ClassVar[Declaration]
    retention: ClassVar[str]
    """How long a row is kept, as people read it."""

    class Meta:
        abstract = True


class ContractTable(models.Model):
    """Base of the thirty models."""

    stage: ClassVar[Stage]
    privacy: ClassVar[Privacy]
    rls: ClassVar[Declaration]
    writer: ClassVar[Writer]
    reads: ClassVar[Reads] = Reads.FREE
    guarded: ClassVar[frozenset[str]] = frozenset()
    """Fields that decide power: written by services of their own, never with the rest of a row."""

    named_by: ClassVar[str]
    # The field that names a row to people; "pk" for rows that are known by their key alone.

    class Meta:
        abstract = True

    def __str__(self) -> str:
        name = getattr(self, self.named_by) or self.pk
        return " · ".join(map(str, name)) if isinstance(name, tuple) else str(name)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        with unopened():
            super().refresh_from_db(*args, **kwargs)


def column_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The column of ``model`` called ``name``."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def referred(field: "models.ForeignKey[Any, Any]") -> type[ContractTable]:
    """The table that a reference of the contract points at."""
    table = field.related_model
    assert isinstance(table, type)
    assert issubclass(table, ContractTable)
    return table


def is_declared(field: "models.ForeignKey[Any, Any]") -> bool:
    """Whether the contract declares a foreign key behind a reference; else nothing may stand behind it."""
    return bool(field.db_constraint)  # type: ignore[attr-defined]  # not in the stubs


def allowed(verb: Verb, model: type[models.Model]) -> bool:
    """Whether who acts may do ``verb`` on ``model``, where he acts."""
    return is_there(model) and may(current_scope().role, verb, model._meta.db_table)


def is_there(model: type[models.Model]) -> bool:
    """Whether the scope in force holds the table: what is the platform's alone is in no tenant."""
    return current_scope().reach is Reach.PLATFORM or not isinstance(getattr(model, "rls", None), Closed)


def bookkeeping_tables() -> list[type[Bookkeeping]]:
    """The tables named ``nds_*``."""
    return [model for model in apps.get_models() if issubclass(model, Bookkeeping)]


def contract_tables() -> list[type[ContractTable]]:
    """The thirty models, in the order in which the scripts create their tables."""
    tables = [model for model in apps.get_models() if issubclass(model, ContractTable)]
    return sorted(tables, key=lambda model: model.stage)  # stable: within a stage as declared
