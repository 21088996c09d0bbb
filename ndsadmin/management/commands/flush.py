"""Django's command, in a scope of its own: it works on the database as a whole."""

from typing import Any

from django.core.management.commands import flush

from security.scope import maintenance_scope


class Command(flush.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        with maintenance_scope("flush"):
            return super().execute(*args, **options)
