"""D1 on this machine."""

import signal
import subprocess
from argparse import REMAINDER
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.db.d1.local import GatewayFailed, LocalGateway

PORT = 8799


class Command(BaseCommand):
    help = "`d1 gateway` serves real D1 databases on 127.0.0.1, by the Worker that is deployed beside D1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        gateway = actions.add_parser("gateway", help="serve until interrupted, or while a command runs")
        gateway.add_argument("--port", type=int, default=PORT, help=f"0 takes any that is free (default: {PORT})")
        gateway.add_argument("--folder", type=Path, help="where the databases lie; without it, in memory")
        gateway.add_argument("--databases", default="DB", help="their names, separated by commas (default: DB)")
        gateway.add_argument("run", nargs=REMAINDER, help="a command to run meanwhile, with DATABASE_URL and D1_TOKEN")

    def handle(self, *args: Any, **options: Any) -> None:
        given = LocalGateway(
            options["databases"].split(","),
            port=options["port"],
            folder=options["folder"],
            secret=settings.NDS.d1_token,
        )
        try:
            with given as gateway:
                self._serve(gateway, options["run"])
        except GatewayFailed as error:
            raise CommandError(str(error)) from error

    def _serve(self, gateway: LocalGateway, command: list[str]) -> None:
        if command:
            words = command[1:] if command[0] == "--" else command
            told = [f"{name}={value}" for name, value in gateway.variables.items()]
            # The command has settings of its own.
            around = ["/usr/bin/env", "-u", "DJANGO_SETTINGS_MODULE", *told]
            done = subprocess.run([*around, *words], check=False)  # noqa: S603
            if done.returncode:
                raise SystemExit(done.returncode)
            return
        for name, value in gateway.variables.items():
            self.stdout.write(f"{name}={value}")
        self.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
