"""Doing a service's work again where another was faster.

On D1 a transaction that rests on what somebody else has just changed is undone as a whole, with an `OperationalError`
that says so (`docs/d1.md`). A service that reads what it needs itself, and does nothing but write rows, can be begun
anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

TRIES = 3
CONFLICT = "could not serialize access"  # in the words of SQL's other databases

P = ParamSpec("P")
R = TypeVar("R")


def repeatable(service: Callable[P, R]) -> Callable[P, R]:
    """``service`` in a transaction; up to three times, where it is not part of a larger one."""

    @wraps(service)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        left = 1 if connection.in_atomic_block else TRIES
        while True:
            left -= 1
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                if not left or CONFLICT not in str(error):
                    raise

    return tried
