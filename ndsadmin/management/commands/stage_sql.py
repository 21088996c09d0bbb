from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ndsadmin.contract.stages import write_scripts


class Command(BaseCommand):
    help = "Write the six stage scripts for `wrangler d1 execute` into DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in write_scripts(options["dir"]):
            self.stdout.write(str(path))
