from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from security.rls.explaining import explain


class Command(BaseCommand):
    help = "Row-level security: `rls explain SQL --tenant ID` shows what is sent of a statement, and its plan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["explain"])
        parser.add_argument("sql", help="a statement without parameters; it is explained, not run")
        parser.add_argument("--tenant", required=True, metavar="ID")
        parser.add_argument("--barrier", action="store_true", help="as SQL that nobody trusts")

    def handle(self, *args: Any, **options: Any) -> None:
        found = explain(options["sql"], options["tenant"], barrier=options["barrier"])
        if found.refusal:
            raise CommandError(f"Not sent. {found.refusal}", returncode=1)
        self.stdout.write(f"{found.sql}\n\nParameters: {', '.join(map(repr, found.parameters)) or 'none'}\n\nPlan:\n")
        self.stdout.write("\n".join(f"  {step}" for step in found.plan))
