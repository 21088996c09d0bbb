"""Reading ahead: what a page is going to ask, fetched in one round trip.

    with reading_ahead(lambda: (Tenant.objects.count(), list(Skill.objects.all()))):
        ...  # asks just that, and is answered at once

On D1 each statement is a journey. What is given is *rehearsed*: run with every answer empty, to learn which statements
it sends. They are sent together, and whoever then asks the same is given the answer, once. On SQLite nothing happens.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def reading_ahead(*works: Callable[[], Any]) -> Iterator[None]:
    """Fetch what ``works`` read, for what is done inside.

    They must do nothing but read, bear empty answers, and build each queryset anew: one keeps the answer that it had.
    """
    rehearse = getattr(connection, "rehearse", None)
    if rehearse is None:
        yield
        return
    with rehearse(works):
        yield
