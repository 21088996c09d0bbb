"""`make bench`: what was promised about speed, measured on this machine, as JSON lines and a table.

Times are medians of several runs; what has a budget says so. Absolute times differ between machines, ratios within
one run do not.
"""

import json
import lzma
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

RUNS = 15
DATA = Path(__file__).parents[1] / "data"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        results = [*measure_import(Path(folder)), *measure_lists()]
    for result in results:
        print(json.dumps(result))
    print()
    for result in results:
        print(f"{result['what']:<58} {result['value']:>10} {result['unit']:<6} {result.get('budget', '')}")


def prepare(folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ndsadmin.settings"
    os.environ.update(DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3", NDS_DATA_DIR=str(folder), NDS_LOG_LEVEL="ERROR")
    os.environ.update(NDS_DEBUG="false", NDS_HTTPS="false", NDS_SECRET_KEY="b" * 60)  # as in production
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def measure_import(folder: Path) -> Iterator[dict[str, object]]:
    from django.core.management import call_command

    export = folder / "export.sql"
    export.write_bytes(lzma.decompress((DATA / "pipeline-export.sql.xz").read_bytes()))
    with open(os.devnull, "w") as nowhere, timed() as seconds:
        call_command("import_d1", str(export), stdout=nowhere)
    yield {"what": "import of the sample, 7,662 rows", "value": round(seconds[0], 2), "unit": "s", "budget": "< 3 s"}


def measure_lists() -> Iterator[dict[str, object]]:
    from django.db import connection
    from django.test import Client

    from security.scope import Scope, acting
    from tenants.enums import UserRole
    from tenants.services.platform import create_platform_person

    with acting(Scope.of_command("bench")):
        person = create_platform_person("bench@platform.example", password="bench bench bench", role=UserRole.OWNER)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
            "INSERT INTO audit_logs (log_id, tenant_id, action, resource_type, timestamp) "
            "SELECT 'b' || i, 'tenant_001', 'login', 'user', datetime('2020-01-01', i || ' minutes') FROM n"
        )
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    client.raise_request_exception = True
    for name, path in (("posts", "/data/publishing/publishedpost/"), ("dashboard", "/"), ("a tenant", TENANT)):
        yield {"what": f"{name}: server time", "value": median(client, path), "unit": "ms"}
    audit = "/data/security/auditlog/"
    first, last = median(client, audit), median(client, audit + last_page())
    yield {"what": "200,000 audit rows, first page", "value": first, "unit": "ms"}
    yield {"what": "200,000 audit rows, last page", "value": last, "unit": "ms"}
    yield {"what": "last page / first page", "value": round(last / first, 2), "unit": "", "budget": "<= 1.3"}


TENANT = "/data/tenants/tenant/tenant_5F001/"


def last_page() -> str:
    """The address of the last full page: the cursor of the 51st row from the end."""
    from django.core import signing

    from ndsadmin.tables.paging import SALT
    from security.models import AuditLog

    row = AuditLog.objects.order_by("timestamp", "log_id").values_list("timestamp", "log_id")[51]
    return f"?after={signing.dumps([f'{row[0]:%Y-%m-%d %H:%M:%S}', row[1]], salt=SALT)}"


def median(client: "object", path: str) -> float:
    """Milliseconds of a page, the first view not counted."""
    assert client.get(path).status_code == 200
    return round(statistics.median(seconds(lambda: client.get(path)) for _ in range(RUNS)) * 1000, 1)


def seconds(work: Callable[[], object]) -> float:
    with timed() as taken:
        work()
    return taken[0]


@contextmanager
def timed() -> Iterator[list[float]]:
    taken: list[float] = []
    begin = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
