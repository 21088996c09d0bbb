"""Rows that tests arrange need no entry in the audit log; what they test does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from django.db import models, transaction

from security.scope import Scope, acting, scope_or_none

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def arranging() -> Iterator[Scope]:
    """Inside, rows change without an entry."""
    scope = scope_or_none() or replace(Scope.of_command("test"), maintains=True)
    with acting(replace(scope, arranges=True)) as opened:
        yield opened


@contextmanager
def watched() -> Iterator[None]:
    """Inside, what changes needs an entry, as in production."""
    scope = scope_or_none()
    if scope is None:
        yield
        return
    with acting(replace(scope, arranges=False)):
        yield


@contextmanager
def without_triggers(database) -> Iterator[None]:
    """Inside, nothing keeps the audit log: ``database``, a connection of SQLite's driver, can rewrite it."""
    found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        database.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        database.execute(sql)


def made(model: type[Row], **values) -> Row:
    """A stored row."""
    with arranging():
        return model._default_manager.create(**values)


class WatchedTransactions:
    """``django.db.transaction`` for services: they are watched, whatever arranges around them."""

    @staticmethod
    @contextmanager
    def atomic() -> Iterator[None]:
        with watched(), transaction.atomic():
            yield
