"""D1 on this machine."""

import signal
import subprocess
from argparse import REMAINDER
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.db.d1.local import GatewayFailed, LocalGateway
from security.scope import maintenance_scope
from security.services.upkeep import put_up_words, take_down_words

PORT = 8799


class Command(BaseCommand):
    help = "D1 on this machine, and what has to be done around an export of one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        gateway = actions.add_parser(
            "gateway", help="serve real D1 databases on 127.0.0.1, until interrupted or while a command runs"
        )
        gateway.add_argument("--port", type=int, default=PORT, help=f"0 takes any that is free (default: {PORT})")
        gateway.add_argument("--folder", type=Path, help="where the databases lie; without it, in memory")
        gateway.add_argument("--databases", default="DB", help="their names, separated by commas (default: DB)")
        gateway.add_argument("run", nargs=REMAINDER, help="a command to run meanwhile, with DATABASE_URL and D1_TOKEN")

        export = actions.add_parser("export", help="run a command that exports the database, without full-text table")
        export.add_argument("run", nargs=REMAINDER, help="such as: -- wrangler d1 export NAME --remote --output FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "export":
            self._export(options["run"])
        else:
            self._gateway(options)

    @maintenance_scope("d1 export")
    def _export(self, command: list[str]) -> None:
        """`wrangler d1 export` refuses a database with a virtual table: it is taken away, and made anew."""
        if not command:
            raise CommandError("Expected the command that exports, behind --.")
        was_there = take_down_words()
        try:
            done = subprocess.run(command[command[0] == "--" :], check=False)  # noqa: S603
        finally:
            if was_there:
                put_up_words()
        if done.returncode:
            raise SystemExit(done.returncode)

    def _gateway(self, options: dict[str, Any]) -> None:
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
