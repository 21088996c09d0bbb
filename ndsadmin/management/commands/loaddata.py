"""Django's command, in a scope of its own: it works on the database as a whole."""

from typing import Any

from django.core.management.commands import loaddata
from django.db import transaction

from security.scope import maintenance_scope
from security.services.work import record_loading


class Command(loaddata.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        with maintenance_scope("loaddata"), transaction.atomic():
            told = super().execute(*args, **options)
            record_loading([str(name) for name in args])
            return told
