"""Django's command, in a scope of its own: it works on the database as a whole."""

from typing import Any

from django.core.management.commands import dumpdata

from security.scope import maintenance_scope


class Command(dumpdata.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        with maintenance_scope("dumpdata"):
            return super().execute(*args, **options)
