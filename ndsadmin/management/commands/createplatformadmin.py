import getpass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from security.scope import platform_scope
from tenants.enums import UserRole
from tenants.exceptions import TenantsError
from tenants.services.platform import create_platform_person


class Command(BaseCommand):
    help = "Create a person who runs the platform. Asks, or takes --email and the password from NDS_ADMIN_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--name")
        parser.add_argument(
            "--role",
            choices=UserRole.values,
            default=UserRole.OWNER.value,
            help="owner and admin are operators, viewer is auditor, member is support",
        )

    @platform_scope(reason="The first operator", command="createplatformadmin")
    def handle(self, *args: Any, **options: Any) -> None:
        email = (options["email"] or input("E-mail: ")).strip()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"e-mail: expected an address such as ada@example.com, got {email!r}.") from None
        try:
            person = create_platform_person(
                email,
                password=self._password(is_asked=options["email"] is None),
                role=UserRole(options["role"]),
                full_name=options["name"],
            )
        except TenantsError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.email} is {person.security_role} of the platform.")

    def _password(self, *, is_asked: bool) -> str:
        if settings.NDS.admin_password and not is_asked:
            return str(settings.NDS.admin_password)
        if not is_asked:
            raise CommandError("NDS_ADMIN_PASSWORD is not set: expected a password beside --email.")
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise CommandError("The passwords differ.")
        return password
