"""Who may do what with a row beyond his role, and who may altogether, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from security.columns import now
from security.contract import ContractTable
from security.roles import Verb, may
from security.services.rows import kind_of, tenant_of
from tenants.enums import AccountStatus
from tenants.models import Grant, User


@dataclass(frozen=True, slots=True)
class Access:
    """A person who may do something with a row. ``grant`` is None where it is by role."""

    person: User
    verbs: tuple[Verb, ...]
    grant: Grant | None = None


def live_grants() -> "QuerySet[Grant]":
    """Those that have not run out, with their permission: also where no policy says so, over all tenants."""
    live = Q(expires_at=None) | Q(expires_at__gt=now())
    return Grant.objects.select_related("permission").filter(live)


def granted(person: User, model: type[ContractTable], keys: Iterable[str]) -> Mapping[str, frozenset[Verb]]:
    """What ``person`` was granted on rows of ``model``, by key. One query, however many rows."""
    mine = live_grants().filter(user=person.pk, tenant=person.tenant_id, kind=kind_of(model))
    found: dict[str, set[Verb]] = defaultdict(set)
    for grant in mine.filter(object_pk__in=list(keys)):
        found[str(grant.object_pk)].add(grant.verb)
    return {key: frozenset(verbs) for key, verbs in found.items()}


def access_to(row: ContractTable, verbs: tuple[Verb, ...]) -> list[Access]:
    """Everybody of the tenant who may do one of ``verbs`` with ``row``: by role first. Two queries."""
    table, tenant_id = row._meta.db_table, tenant_of(row)
    people = User.objects.select_related("tenant").filter(tenant=tenant_id, status=AccountStatus.ACTIVE)
    by_role = []
    for person in people.order_by("email"):
        if mine := tuple(verb for verb in verbs if may(person.security_role, verb, table)):
            by_role.append(Access(person, mine))
    here = live_grants().filter(tenant=tenant_id, kind=kind_of(type(row)), object_pk=str(row.pk))
    grants = here.select_related("user", "permission").order_by("user__email", "pk")
    return [*by_role, *(Access(grant.user, (grant.verb,), grant) for grant in grants)]
