from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ndsadmin.contract.adoption import AdoptionRefused, adopt
from security.scope import maintenance_scope


class Command(BaseCommand):
    help = "Take over a database that already has the pipeline's 24 tables; changes no row."

    @maintenance_scope("adopt")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = adopt(verbosity=options["verbosity"])
        except AdoptionRefused as refusal:
            raise CommandError("\n".join([f"{refusal} Nothing was changed.", *refusal.differences])) from None
        self.stdout.write(f"Adopted. Added: {', '.join(added) or 'nothing, all of it was there'}.")
