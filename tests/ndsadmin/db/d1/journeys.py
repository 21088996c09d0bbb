"""Counting the round trips of pages on D1, in a process whose database is D1.

manage.py d1 gateway --port 0 -- python -m tests.ndsadmin.db.d1.journeys
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT

MARK = "journeys: "
PASSWORD = "nds-admin-demo"


def counted(folder: Path) -> dict[str, int]:
    """Round trips by address: the dashboard, every list, a page of a row, and a form."""
    done = subprocess.run(
        [sys.executable, "manage.py", "d1", "gateway", "--port", "0", "--", sys.executable, "-m", __name__],
        cwd=ROOT, capture_output=True, text=True, timeout=170,
        env={**os.environ, "NDS_DEBUG": "true", "NDS_HTTPS": "false", "NDS_DATA_DIR": str(folder / "journeys"),
             "NDS_LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith(MARK))
    found: dict[str, int] = json.loads(line.removeprefix(MARK))
    return found


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ndsadmin.settings"
    import django  # noqa: PLC0415  # the environment says which database

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from ndsadmin.tables.addresses import list_address  # noqa: PLC0415
    from security.contract import contract_tables  # noqa: PLC0415
    from security.models import AuditLog  # noqa: PLC0415
    from security.scope import Scope, acting  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo", tenants=4, days=14, verbosity=0)
    client = Client(SERVER_NAME="localhost")
    client.post("/login/", {"email": "operator@platform.example", "password": PASSWORD})
    addresses = ["/", *(list_address(model) for model in contract_tables()), "/operations/sql/"]
    addresses += ["/data/tenants/tenant/tenant_001/", "/data/tenants/tenant/tenant_001/change/"]
    with acting(Scope.of_command("journeys")):
        entry = AuditLog.objects.filter(action="create_post").values_list("pk", flat=True).first()
    addresses += ["/audit/", "/audit/?q=ok:false", "/audit/?q=post", f"/audit/{entry}/", "/audit/review/"]

    addresses += ["/skills/", "/skills/skill_linkedin_3col_product/", "/skills/review/", "/guards/"]
    addresses += ["/skills/review/skill_delivery_timeline_01/"]

    def journeys(address: str) -> int:
        before = connection.road.requests
        assert client.get(address).status_code == 200, address
        return int(connection.road.requests - before)

    for address in addresses:  # templates, twins and whether messages come whole are known afterwards
        journeys(address)
    print(f"{MARK}{json.dumps({address: journeys(address) for address in addresses})}")  # noqa: T201  # for the process that asked


if __name__ == "__main__":
    main()
