"""Exports: how fast, and in how much memory."""

import gc
import resource
from collections.abc import Iterator

from tests.bench.clock import Result, result, timed

KINDS = (
    # name, filters, format, rows a second at least
    ("in table order, NDJSON", "", "ndjson", 150_000),
    ("of one tenant in time order, NDJSON", "tenant=tenant_001", "ndjson", 50_000),
    ("in table order, CSV", "", "csv", 0),
)


def measure(rows: str) -> Iterator[Result]:
    from django.contrib import admin
    from django.http import QueryDict

    from ndsadmin.tables.asking import asked_of
    from ndsadmin.tables.export import Export
    from security.models import AuditLog
    from security.roles import Role
    from security.scope import Reach, Scope, acting

    with acting(Scope(request_id="bench", role=Role.OPERATOR, reach=Reach.PLATFORM)):
        for name, query, kind, least in KINDS:
            file = Export(asked_of(admin.site.tables()[AuditLog], QueryDict(query)), kind)
            gc.collect()
            before = peak()
            with timed() as taken:
                for _ in file.stream():
                    pass
            speed = round(file.rows / taken[0])
            yield result(f"{rows} audit rows: export {name}", speed, "rows/s", f">= {least:,}" if least else "")
            yield result(
                f"{rows} audit rows: export {name}, memory more", round((peak() - before) / 1024, 1), "MB", "flat"
            )


def peak() -> int:
    """Kilobytes of this process at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
