from typing import Any

from django.core.management.base import BaseCommand

from security.sessions import SessionStore


class Command(BaseCommand):
    help = "Delete sessions that have expired."

    def handle(self, *args: Any, **options: Any) -> None:
        SessionStore.clear_expired()
