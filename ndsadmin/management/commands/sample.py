import io
import lzma
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from security.roles import PLATFORM_TENANT
from security.scope import Scope, acting
from tenants.enums import UserRole
from tenants.models import Tenant, User
from tenants.services.platform import create_platform_person

EXPORT = "pipeline-export.sql"
KEYS = "pipeline-keys.json"
PASSWORD = "nds-admin-sample"  # noqa: S105  # printed below; only ever with NDS_DEBUG on
PEOPLE = (
    ("operator@platform.example", UserRole.OWNER, "Olive Operator", "operator: runs the platform"),
    ("auditor@platform.example", UserRole.VIEWER, "Arthur Auditor", "auditor: reads everything, changes nothing"),
    ("support@platform.example", UserRole.MEMBER, "Sam Support", "support: sees how tenants fare, no contents"),
)


class Command(BaseCommand):
    help = "Fill an empty database with the sample pipeline export and people to sign in as. Only with NDS_DEBUG on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The sample has known passwords: it is only made with NDS_DEBUG on.")
        with acting(Scope.of_command("sample")):
            for email, role, name, _ in PEOPLE:
                if not User.objects.filter(tenant_id=PLATFORM_TENANT, email=email).exists():
                    create_platform_person(email, password=PASSWORD, role=role, full_name=name)
        if not Tenant.objects.exclude(pk=PLATFORM_TENANT).exists():
            self._import()
        self.stdout.write("\nSign in at http://127.0.0.1:8000/login/")
        for email, _, _, what in PEOPLE:
            self.stdout.write(f"  {email:<28} {PASSWORD}   {what}")
        self.stdout.write("")

    def _import(self) -> None:
        data = settings.BASE_DIR / "tests" / "data"
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder) / EXPORT
            export.write_bytes(lzma.decompress((data / f"{EXPORT}.xz").read_bytes()))
            call_command("import_d1", str(export), keys=data / KEYS, stdout=io.StringIO())
        self.stdout.write(f"Imported the sample export; the report is in {settings.NDS.data_dir / 'imports'}.")
