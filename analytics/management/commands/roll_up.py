import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.services.roll_up import LATE, roll_up
from security.columns import now
from security.scope import platform_scope

MOST = 3_660  # ten years: more than any cell has


class Command(BaseCommand):
    help = "Sum up the last days of tenants, guards and skills. Each day is written anew; run it as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=LATE, help=f"how many days, today the last (default {LATE})")

    @platform_scope(reason="Sum up the days of all tenants", command="roll_up")
    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= MOST:
            raise CommandError(f"--days: expected 1 to {MOST:,}, got {days}.")
        today = now().date()
        rows = roll_up(today - dt.timedelta(days=days - 1), today)
        for table, number in rows.items():
            self.stdout.write(f"{table}: {number:,} rows")
