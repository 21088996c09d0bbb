from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ndsadmin.dashboard.roles import document
from ndsadmin.schemadocs.inventory import filled
from ndsadmin.schemadocs.page import page
from ndsadmin.schemadocs.picture import picture


class Command(BaseCommand):
    help = "Write docs/schema.md, schema.svg, roles.md and the inventory in docs/crypto.md from models and matrix."

    def handle(self, *args: Any, **options: Any) -> None:
        docs = settings.BASE_DIR / "docs"
        docs.mkdir(exist_ok=True)
        (docs / "schema.md").write_text(page(), encoding="utf-8")
        (docs / "schema.svg").write_text(picture(), encoding="utf-8")
        (docs / "roles.md").write_text(document(), encoding="utf-8")
        crypto = docs / "crypto.md"
        if crypto.exists():
            crypto.write_text(filled(crypto.read_text(encoding="utf-8")), encoding="utf-8")
