"""Django's own ModelAdmin on the same table: the same columns, 50 rows a page, references joined, by its key (which an
index has), nothing of ours around it. Run as a process of its own, since its settings differ."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.bench.clock import Result, median, result

SHOWN = ("action", "tenant", "user", "resource_type", "resource_id", "ip_address", "success", "timestamp")
urlpatterns: list[Any] = []


def compare(rows: str, ours: list[Result]) -> Iterator[Result]:
    done = subprocess.run([sys.executable, "-m", "tests.bench.stock"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, last = json.loads(done.stdout)
    own = {found["what"]: found["value"] for found in ours}
    yield result(f"{rows} audit rows, stock ModelAdmin: first page", first, "ms")
    yield result(f"{rows} audit rows, stock ModelAdmin: last page", last, "ms")
    own_first, own_last = own[f"{rows} audit rows: first page"], own[f"{rows} audit rows: last page"]
    yield result("first page: stock / ours", round(first / own_first, 1), "x", ">= 1.3")
    yield result("last page: stock / ours", round(last / own_last, 1), "x", ">= 20")


def main() -> None:
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "ndsadmin.settings"
    settings.ROOT_URLCONF = "tests.bench.stock_urls"
    settings.INSTALLED_APPS = [
        # Without discovery: our tables are registered with our site alone.
        "django.contrib.admin.apps.SimpleAdminConfig" if app == "ndsadmin.apps.SiteConfig" else app
        for app in settings.INSTALLED_APPS
    ]
    settings.TEMPLATES[0]["DIRS"] = []
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"].remove("ndsadmin.dashboard.frame.frame")
    import django

    django.setup()
    from security.scope import Scope, acting

    with acting(Scope.of_command("bench")):
        measure()


def measure() -> None:
    from tests.bench.installation import signed_in

    client: Any = signed_in()
    address = "/admin/security/auditlog/"
    from security.models import AuditLog

    last = (AuditLog.objects.count() - 1) // 50 + 1
    pages = [address, f"{address}?p={last}"]
    for page in pages:
        assert b"result_list" in client.get(page, headers={"accept-encoding": "identity"}).content
    print(json.dumps([median(lambda page=page: client.get(page)) for page in pages]))


if __name__ == "__main__":
    main()
