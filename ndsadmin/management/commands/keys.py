import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.management.progress import ProgressBar
from security.columns import now
from security.exceptions import SecurityError
from security.models import KeyDestruction
from security.queries.keys import KeyLine, key_lines
from security.roles import PLATFORM_TENANT, Verb, may
from security.scope import platform_scope
from security.services.destruction import ALL, Copy, destroy_keys, foreseen, propose_destruction, withdraw_destruction
from security.services.keys import create_missing_keys, due_tenants, rotate_key
from security.services.reencryption import remaining, reseal, sealed_rows
from tenants.models import Tenant, User
from tenants.services.proving import prove

CHUNK = 200  # tenants that are looked at together
COLUMNS = "{:<24} {:>7} {:>6}  {:<10} {:>14}  {}"


class Command(BaseCommand):
    help = "Data keys: status, rotate what is due (or --now), reencrypt rows under older versions, destroy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", choices=["status", "rotate", "reencrypt", "destroy"])
        parser.add_argument("tenants", nargs="*", metavar="TENANT", help="tenants' ids; without, all")
        parser.add_argument("--now", action="store_true", help="rotate: also what is not due")
        parser.add_argument("--reason", default="", help="rotate, destroy: why; kept in the audit trail")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="destroy: the operator who does it")
        parser.add_argument("--version", dest="key_version", type=int, help="destroy: one version alone")
        parser.add_argument("--approve", action="store_true", help="destroy: what another operator has proposed")
        parser.add_argument("--withdraw", action="store_true", help="destroy: call the proposal off")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)  # Django's --version

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_scope(reason=f"keys {options['do']}", command="keys"):
            named = self._tenants(options["tenants"])
            try:
                getattr(self, f"_{options['do']}")(named, options)
            except SecurityError as refusal:
                raise CommandError(str(refusal)) from None

    def _tenants(self, wanted: list[str]) -> dict[str, str]:
        """Ids and KMS keys of the tenants named, or of all."""
        tenants = Tenant.objects.filter(pk__in=wanted) if wanted else Tenant.objects.all()
        found = dict(tenants.order_by("pk").values_list("pk", "kms_key_id"))
        if missing := [name for name in wanted if name not in found]:
            raise CommandError(f"There is no tenant {missing[0]}.")
        return found

    def _status(self, tenants: dict[str, str], options: dict[str, Any]) -> None:
        self.stdout.write(COLUMNS.format("tenant", "version", "days", "rotates", "rows left", ""))
        for chunk in _chunks(list(tenants)):
            left, total = remaining(chunk), sealed_rows(chunk)
            for line in key_lines(chunk):
                self.stdout.write(_told(line, left[line.tenant_id], total[line.tenant_id]))

    def _rotate(self, tenants: dict[str, str], options: dict[str, Any]) -> None:
        if options["now"] and not options["tenants"]:
            raise CommandError("--now: name the tenants whose keys are not due.")
        made = create_missing_keys(tenants, leaves_first=False)
        due = set(due_tenants(now()))
        chosen = [name for name in tenants if name not in made and (options["now"] or name in due)]
        refused = 0
        for name in chosen:
            try:
                version = rotate_key(name, reason=options["reason"]).version
            except SecurityError as refusal:  # the others are not to wait for this one
                refused += 1
                self.stderr.write(f"{name}: not rotated. {refusal}")
            else:
                self.stdout.write(f"{name}: version {version} seals from now on.")
        rotated = len(chosen) - refused
        self.stdout.write(f"Rotated {rotated}, made {len(made)}. `keys reencrypt` seals older rows anew.")
        if refused:
            raise CommandError(f"{refused} keys were not rotated.")

    def _reencrypt(self, tenants: dict[str, str], options: dict[str, Any]) -> None:
        bar, rows = ProgressBar(), 0
        unreadable: dict[str, str] = {}
        refused = 0
        for chunk in _chunks(list(tenants)):
            left = remaining(chunk)
            for name in (line.tenant_id for line in key_lines(chunk) if line.active and left[line.tenant_id]):
                try:
                    done = reseal(name, progress=partial(_show, bar, left[name]))
                except SecurityError as refusal:
                    refused += 1
                    self.stderr.write(f"{name}: not sealed anew. {refusal}")
                else:
                    rows, unreadable = rows + done.rows, unreadable | done.unreadable
        for row, why in unreadable.items():
            self.stderr.write(f"{row}: left as it is. {why}")
        self.stdout.write(f"Sealed {rows:,} rows anew; {len(unreadable):,} cannot be read.")
        if refused:
            raise CommandError(f"The rows of {refused} tenants were not sealed anew.")

    def _destroy(self, tenants: dict[str, str], options: dict[str, Any]) -> None:
        if len(options["tenants"]) != 1:
            raise CommandError("destroy: name one tenant.")
        tenant_id, version = options["tenants"][0], options["key_version"]
        if version is not None and version < 1:
            raise CommandError(f"--version: expected 1 or more, got {version}.")
        version = ALL if version is None else version
        with _operator(options["email"]):
            waiting = KeyDestruction.objects.filter(tenant_id=tenant_id, version=version, state="proposed").first()
            if options["withdraw"] or options["approve"]:
                if waiting is None:
                    raise CommandError("Nothing of that kind is proposed.")
                if options["withdraw"]:
                    withdraw_destruction(waiting.pk)
                    self.stdout.write("Called off.")
                    return
                done = destroy_keys(waiting.pk)
                self.stdout.write(f"Destroyed. Gone for good on {done.gone_at:%Y-%m-%d}.")
                return
            propose_destruction(tenant_id, version, options["reason"])
        self.stdout.write("Proposed. Another operator destroys it with --approve. If that were now, it would be gone:")
        for copy in foreseen(tenant_id, version):
            self.stdout.write(f"  {_day(copy)}")


def _show(bar: ProgressBar, total: int, rows: int) -> None:
    bar("Sealing", min(rows, total), total)


def _day(copy: Copy) -> str:
    return f"{copy.until:%Y-%m-%d}  {copy.what}"


@contextmanager
def _operator(email: str | None) -> Iterator[User]:
    """The operator with that address, who proves it."""
    people = User.objects.select_related("tenant").filter(tenant=PLATFORM_TENANT, email=email or "")
    person = next((one for one in people if one.is_active and may(one.security_role, Verb.CHANGE, "tenant_keys")), None)
    if person is None:
        raise CommandError(f"--as: expected the address of an operator, got {email!r}.")
    with platform_scope(reason="keys destroy", actor=person, command="keys"):
        prove(person, settings.NDS.admin_password or getpass.getpass(f"Password of {email}: "))
        yield person


def _chunks(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), CHUNK):
        yield names[start : start + CHUNK]


def _told(line: KeyLine, left: int, total: int) -> str:
    active = line.active
    if active is None:
        what = "destroyed" if line.versions else "none: `keys rotate` makes one"
        return COLUMNS.format(line.tenant_id, "-", "-", "-", f"{total:,}", what)
    due = "due" if line.is_due else f"{active.rotates_at:%Y-%m-%d}" if active.rotates_at else "-"
    age = "-" if line.age is None else line.age
    return COLUMNS.format(line.tenant_id, active.version, age, due, f"{left:,} of {total:,}", active.provider)
