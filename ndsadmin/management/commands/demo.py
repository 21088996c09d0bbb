import argparse
import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.services.roll_up import roll_up
from ndsadmin.demo.making import make
from ndsadmin.demo.people import PASSWORD, PLATFORM_PEOPLE
from ndsadmin.demo.scaling import SCALABLE, plan, scale
from ndsadmin.management.progress import ProgressBar
from security.columns import now
from security.models import AuditLog
from security.roles import PLATFORM_TENANT
from security.scope import maintenance_scope
from tenants.models import Tenant

SHOWN = 180  # days that the dashboard looks back, to compare
SIZES = {"": 1, "k": 1_000, "m": 1_000_000}


class Command(BaseCommand):
    help = "Fill an empty database with believable data and people to sign in as. Only with NDS_DEBUG on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenants", type=_at_least(1), default=12, help="companies (default 12)")
        parser.add_argument("--days", type=_at_least(7), default=90, help="days of content (default 90, at least 7)")
        parser.add_argument(
            "--rows",
            type=_table_and_number,
            action="append",
            default=[],
            metavar="TABLE=N",
            help=f"fill a table up to N rows, as in audit_logs=10M; one of {', '.join(sorted(SCALABLE))}",
        )
        parser.add_argument("--unless-filled", action="store_true", help="leave a database that has tenants alone")

    @maintenance_scope("demo")
    def handle(self, *args: Any, **options: Any) -> None:
        tables = [table for table, _ in options["rows"]]
        if len(tables) > len(set(tables)):
            raise CommandError("--rows: each table once.")
        if not settings.DEBUG:
            raise CommandError("The demo has known passwords: it is only made with NDS_DEBUG on.")
        if Tenant.objects.exclude(pk=PLATFORM_TENANT).exists():
            if not options["unless_filled"]:
                raise CommandError("This database has tenants. Demo data only goes into an empty one.")
        else:
            self._make(options)
        self._scale(options["rows"])
        self._tell_sign_ins()

    def _make(self, options: dict[str, Any]) -> None:
        if Tenant.objects.exists():
            raise CommandError("This database has the tenant platform. Demo data only goes into an empty one.")
        folder = settings.NDS.data_dir
        rows = make(now(), tenants=options["tenants"], days=options["days"], folder=folder, progress=ProgressBar())
        self.stdout.write(f"Made {sum(rows.values()):,} rows in {len(rows)} tables.")

    def _scale(self, wanted: list[tuple[str, int]]) -> None:
        """Fill tables up, the rows of a filled demo too; and sum up anew what the dashboard shows."""
        for table, number in wanted:
            work = plan(table, number)
            self.stdout.write(f"{table}: {work.rows:,} rows more, about {work.bytes / 1e9:.1f} GB on disk.")
            self.stdout.flush()
            scale(work, ProgressBar())
        if {table for table, _ in wanted} - {AuditLog._meta.db_table}:
            today = now().date()
            roll_up(today - dt.timedelta(days=SHOWN), today)

    def _tell_sign_ins(self) -> None:
        self.stdout.write("\nSign in at http://127.0.0.1:8000/login/")
        for email, _, _, what in PLATFORM_PEOPLE:
            self.stdout.write(f"  {email:<34} {PASSWORD}   {what}")
        self.stdout.write(
            "People of tenants have the same password, and read their own workspace. Of Next Day Steel:\n"
            "  owner@, admin@, member@, second@ and viewer@nextdaysteel.example; of the others owner@.\n"
        )


def _at_least(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number, {least} or more, got {text!r}.")
        return int(text)

    return number


def _table_and_number(text: str) -> tuple[str, int]:
    table, _, number = text.partition("=")
    found = re.fullmatch(r"(\d+)([kKmM]?)", number)
    if table not in SCALABLE or found is None:
        raise argparse.ArgumentTypeError(
            f"expected a table and a number such as audit_logs=10M, got {text!r}; "
            f"tables that grow: {', '.join(sorted(SCALABLE))}."
        )
    return table, int(found[1]) * SIZES[found[2].lower()]
