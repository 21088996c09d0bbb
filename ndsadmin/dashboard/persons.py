"""One person, ready to be drawn: what he is, what he may, what may be done."""

from dataclasses import dataclass

from ndsadmin.dashboard.sharing import SharedRow, shared_with
from ndsadmin.trail.histories import newest_of
from ndsadmin.trail.language import Term
from ndsadmin.trail.lines import Line, lines_of, trail_address
from security.roles import PLATFORM_TENANT, RANK, Verb, may
from security.scope import current_scope
from security.services.sessions import session_counts
from tenants.enums import AccountStatus, UserRole
from tenants.models import User
from tenants.queries.people import may_manage
from tenants.services.people import roles_reaching


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: User
    name: str
    address: str
    sessions: int
    shared: list[SharedRow]
    may_manage: bool
    roles: list[tuple[str, str]]
    may_hand_over: bool
    may_look: bool
    needs_reason: bool
    history: list[Line]
    history_address: str


def person_page(person: User, who: User, *, address: str) -> PersonPage:
    """``person`` as ``who`` looks after him."""
    role = current_scope().role
    is_active = person.status == AccountStatus.ACTIVE
    manages = may_manage(who, person.tenant_id) and who.pk != person.pk
    history = newest_of("user", person.pk) if may(role, Verb.VIEW, "audit_logs") else []
    return PersonPage(
        person=person,
        name=person.full_name or address,
        address=address,
        sessions=session_counts([person.pk])[person.pk],
        shared=shared_with(person) if person.tenant_id != PLATFORM_TENANT else [],
        may_manage=manages and who_reaches(who, person),
        roles=roles_offered(who, person.tenant_id),
        may_hand_over=manages and is_active and who.role == UserRole.OWNER and who.tenant_id == person.tenant_id,
        may_look=may(role, Verb.IMPERSONATE, User._meta.db_table) and is_active and person.tenant_id != PLATFORM_TENANT,
        needs_reason=who.tenant_id == PLATFORM_TENANT != person.tenant_id,
        history=lines_of(history),
        history_address=trail_address(str(Term("resource", f"user/{person.pk}"))),
    )


def roles_offered(who: User, tenant_id: str) -> list[tuple[str, str]]:
    """The roles that ``who`` may give there, the lowest first."""
    choices = sorted(UserRole.choices, key=lambda choice: RANK[choice[0]])
    is_operator = who.tenant_id == PLATFORM_TENANT != tenant_id
    return [choice for choice in choices if is_operator or who.role in roles_reaching(tenant_id, choice[0])]


def who_reaches(who: User, person: User) -> bool:
    """Whether ``who`` stands high enough for ``person``. No query; the statement asks again."""
    return who.tenant_id != person.tenant_id or who.role in roles_reaching(person.tenant_id, person.role)
