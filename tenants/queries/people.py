"""The people of a tenant, as its admins look after them."""

from dataclasses import dataclass
from itertools import islice

from security.columns import now
from security.roles import PLATFORM_TENANT, Verb, managers, may
from security.services.sessions import session_counts
from tenants.enums import AccountStatus, InvitationState
from tenants.models import Invitation, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A person, and the number of his open sessions."""

    person: User
    sessions: int


@dataclass(frozen=True, slots=True)
class People:
    lines: list[Line]
    invitations: list[Invitation]
    after: str  # where the next page begins, where there is one


def people_of_tenant(tenant_id: str, after: str = "", *, removed: bool = False, by: str = "email") -> People:
    """`PAGE` people behind ``after``, in the order of a column, and whom is waited for. Three queries, however many.

    Who does not see addresses reads by another column (``pk``): an order tells of what it is made of.
    """
    rows = User.objects.select_related("tenant").filter(tenant=tenant_id, **{f"{by}__gt": after})
    rows = rows.filter(status=AccountStatus.DELETED) if removed else rows.exclude(status=AccountStatus.DELETED)
    found = list(rows.order_by(by)[: PAGE + 1])
    counts = session_counts([person.pk for person in found])
    waiting = Invitation.objects.filter(tenant=tenant_id, state=InvitationState.OPEN).order_by("email")
    return People(
        [Line(person, counts[person.pk]) for person in islice(found, PAGE)],
        list(waiting[:PAGE]) if not after else [],
        str(getattr(found[PAGE - 1], by)) if len(found) > PAGE else "",
    )


def is_waiting(invitation: Invitation) -> bool:
    return bool(invitation.expires_at > now())


def may_manage(person: User, tenant_id: str) -> bool:
    """Whether ``person`` manages people of the tenant at all. No query; the statement asks again."""
    if not may(person.security_role, Verb.CHANGE, "people"):
        return False
    own = person.tenant_id == tenant_id and person.role in managers(tenant_id)
    return own or (person.tenant_id == PLATFORM_TENANT != tenant_id)
