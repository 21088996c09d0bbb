from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "security"

    def ready(self) -> None:
        # Models are there only now.
        from security import scope  # noqa: PLC0415
        from security.crypto.fields import use_vault  # noqa: PLC0415
        from security.rls import checks  # noqa: F401, PLC0415  # registers them
        from security.services.crossing import record_crossing  # noqa: PLC0415
        from security.services.vault import vault  # noqa: PLC0415

        scope.record_crossing = record_crossing
        use_vault(vault)
        post_migrate.connect(_look_at_schema, sender=self)


def _look_at_schema(using: str, **_: object) -> None:
    """The schema of a database has changed: row-level security looks again, and the audit log must still be kept."""
    from security.services.upkeep import check_upkeep  # noqa: PLC0415

    connections[using].engine.forget()  # type: ignore[attr-defined]  # our backends have one
    check_upkeep()
