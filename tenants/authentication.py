"""Who is behind a session, and what he may do with a row. Signing in itself is `tenants.services.sign_in`.

What somebody may do follows from his role (`security.roles`), where the row belongs to his own tenant, or from a single
grant on that row that has not run out. A permission without a row is never held: no role reaches over all tenants' rows
of a table (``has_perm("content.change_contenttemplate", None)`` is False).
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from security.contract import ContractTable
from security.roles import PLATFORM_TENANT, RANK, Verb, is_platform, managers, may
from security.scope import framework_scope
from security.services.rows import kind_of, tenant_of
from security.triggers import GRANTABLE
from tenants.models import User
from tenants.queries.grants import granted
from tenants.queries.preferences import with_preferences


class PeopleBackend(BaseBackend):
    """Sessions of people; who was suspended, or whose tenant was, is out at the next request."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody: only the sign-in service decides, and it records what it decided."""
        return

    def get_user(self, user_id: str) -> User | None:
        with framework_scope("person"):
            person = with_preferences(User.objects.select_related("tenant")).filter(pk=user_id).first()
        return person if person is not None and person.is_active and person.security_role else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether ``user_obj`` may do ``app.verb_model`` with the row ``obj``.

        No query where the role says so; one where a single grant may.
        """
        app, _, codename = perm.partition(".")
        word, _, model = codename.partition("_")
        if not (isinstance(user_obj, User) and isinstance(obj, ContractTable) and word in set(Verb)):
            return False
        if apps.all_models.get(app, {}).get(model) is not type(obj) or not user_obj.is_active:
            return False
        return by_role(user_obj, Verb(word), obj) or by_grant(user_obj, Verb(word), obj)


def by_role(person: User, verb: Verb, row: ContractTable) -> bool:
    """Whether the role of ``person`` lets him do ``verb`` with ``row``: in a tenant nothing with what is another's, and
    no more than reading with what is everybody's or above him."""
    role, table = person.security_role, row._meta.db_table
    if not may(role, verb, table):
        return False
    if is_platform(role):
        return verb is Verb.VIEW or not _is_of_platform(row) or _manages_platform(person, verb)
    if verb is Verb.VIEW:
        return tenant_of(row) in (None, person.tenant_id)
    reaches = not isinstance(row, User) or RANK[person.role] >= RANK.get(str(row.role), 0)
    return reaches and tenant_of(row) == person.tenant_id


def _is_of_platform(row: ContractTable) -> bool:
    return isinstance(row, User) and row.tenant_id == PLATFORM_TENANT


def _manages_platform(person: User, verb: Verb) -> bool:
    """Whether ``person`` may do ``verb`` with the platform's own people; nobody looks at the dashboard as one."""
    return verb is not Verb.IMPERSONATE and person.role in managers(PLATFORM_TENANT)


def by_grant(person: User, verb: Verb, row: ContractTable) -> bool:
    """Whether a single grant does. One query, where rows of this kind can be shared."""
    kind = kind_of(type(row))
    if kind not in GRANTABLE or tenant_of(row) != person.tenant_id:
        return False
    return verb in granted(person, type(row), [str(row.pk)]).get(str(row.pk), frozenset())
