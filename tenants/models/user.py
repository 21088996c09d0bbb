from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import Expression
from django.utils.crypto import salted_hmac

from security.columns import Bool, CurrentTimestamp, Hash, Text, Time, new_key, now
from security.columns.places import Folded, Moment, Place
from security.contract import ContractTable, Index, Privacy, Reads, Stage, Writer
from security.crypto.fields import EncryptedTextField
from security.orders import orders
from security.rls.policies import Direct
from security.roles import Role, role_of
from tenants.enums import AccountStatus, OAuthProvider, UserRole
from tenants.models.tenant import Tenant

BCRYPT = "bcrypt$"


class PasswordHash(Hash[Any, Any]):
    """A plain bcrypt string in the database (``$2b$…``, which the workers check too), Django's form in Python."""

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        return BCRYPT + value if isinstance(value, str) and value.startswith("$2") else value

    def get_prep_value(self, value: Any) -> Any:
        return value.removeprefix(BCRYPT) if isinstance(value, str) else value


class User(ContractTable, AbstractBaseUser):
    """A person of a tenant; people of the tenant platform run the platform.

    Django's permission tables are not used: what a person may do follows from the role (``security.roles``).
    """

    stage = Stage.CORE
    privacy = Privacy.TENANT
    reads = Reads.BY_ALL
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "email"
    guarded = frozenset({
        "user_id", "tenant", "email", "password", "role", "status", "oauth_provider", "oauth_sub", "mfa_enabled",
        "mfa_secret",
    })  # fmt: skip

    # Django's own last_login would be written at each sign-in outside any service; ours is last_login_at.
    last_login = None
    is_superuser = False

    user_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    email = Text("e-mail")
    password = PasswordHash(db_column="password_hash")
    full_name = Text("name", null=True, blank=True)
    role = Text(choices=UserRole.choices, default=UserRole.MEMBER, db_default=UserRole.MEMBER.value)
    oauth_provider = Text("signs in with", choices=OAuthProvider.choices, null=True, blank=True)
    oauth_sub = Text("subject at the provider", null=True, blank=True)
    mfa_enabled = Bool("second factor", default=False, db_default=False, null=True)
    mfa_secret = EncryptedTextField("second factor's secret", null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp(), null=True)
    last_login_at = Time("last sign-in", null=True, blank=True)
    status = Text(
        choices=AccountStatus.choices, default=AccountStatus.ACTIVE, db_default=AccountStatus.ACTIVE.value, null=True
    )
    groups = models.ManyToManyField(Group, db_table="user_groups", blank=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["tenant"]

    class Meta:
        db_table = "users"
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(fields=["tenant", "email"], name="users_tenant_email")]
        indexes = [
            Index(fields=["tenant"], name="idx_users_tenant"),
            Index(fields=["email"], name="idx_users_email"),
            Index(
                fields=["oauth_provider", "oauth_sub"],
                name="idx_users_oauth",
                condition=Q(oauth_provider__isnull=False),
            ),
            Index(fields=["tenant", "status"], name="idx_users_tenant_status"),
            *orders("users", Place(Moment("created_at"), "user_id"), ("tenant",)),
            *orders("users", Place(Folded("email"), "user_id"), ("tenant",)),
            *orders("users", Place(Folded("full_name"), "user_id"), ("tenant",)),
            *orders("users", Place(Moment("last_login_at"), "user_id"), ("tenant",)),
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's is a class attribute
        """Whether the person may sign in. Loads the tenant."""
        return self.status == AccountStatus.ACTIVE and self.tenant.status == AccountStatus.ACTIVE

    @property
    def security_role(self) -> Role | None:
        return role_of(self.tenant_id, self.role)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a backend lets the person do ``perm`` with the row ``obj`` (`tenants.authentication`)."""
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: another password, or another tenant, ends it."""
        return salted_hmac("tenants.User.session", f"{self.tenant_id}:{self.password}", algorithm="sha256").hexdigest()

    def check_password(self, raw_password: str) -> bool:  # type: ignore[override]
        # Without Django's setter: it would re-hash and save the row, unaudited, whenever the cost differs.
        return check_password(raw_password, self.password)
