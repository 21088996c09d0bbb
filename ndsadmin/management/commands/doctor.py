from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.doctor.checks import CHECKS, Finding, pending_migrations
from ndsadmin.doctor.times import normalise
from security.scope import platform_scope


class Command(BaseCommand):
    help = "Say what is odd in this installation and its data, each with what to do. Ends with 1 where something is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--normalise-times", action="store_true", help="write times of the second form in the first, then check"
        )

    @platform_scope(reason="Look for what is odd in all tenants", command="doctor")
    def handle(self, *args: Any, **options: Any) -> None:
        if options["normalise_times"]:
            if any(pending_migrations()):
                raise CommandError("Migrations are pending: run `manage.py migrate` first.")
            done = normalise()
            self.stdout.write(f"Wrote {sum(done.values()):,} times anew in {len(done)} columns.\n")
        found = [finding for check in CHECKS for finding in check()]
        for finding in found:
            self._tell(finding)
        problems = [finding for finding in found if not finding.is_note]
        if problems:
            raise CommandError(f"{len(problems)} findings.", returncode=1)
        self.stdout.write("Nothing is odd." if not found else "Nothing has to be done.")

    def _tell(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.check}: {finding.where}: {finding.what}\n    {finding.advice}")
