"""Django's command, in a scope of its own: it works on the database as a whole."""

from typing import Any

from django.core.management.commands import migrate

from security.scope import maintenance_scope


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        with maintenance_scope("migrate"):
            return super().execute(*args, **options)
