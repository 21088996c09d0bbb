"""What was shared with one person, and with whom one row is: ready to be drawn."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse

from ndsadmin.tables.addresses import row_address
from ndsadmin.tables.names import singular
from ndsadmin.trail.speaking import kinds
from security.contract import ContractTable, allowed
from security.roles import Verb
from security.scope import current_scope
from security.services.rows import kind_of
from tenants.enums import AccountStatus
from tenants.models import BrandProfile, User
from tenants.queries.grants import Access, access_to, live_grants
from tenants.services.grants import VERBS, may_share

WORDS = {Verb.CHANGE: "change", Verb.PUBLISH: "put into use"}


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A row that was shared with somebody."""

    title: str
    kind: str
    address: str
    what: str
    until: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who may do what with a row, and with whom it can be shared."""

    kind: str
    key: str
    verbs: list[tuple[str, str]]
    access: list[tuple[Access, str]]
    people: list[User]


def sharing_of(row: ContractTable) -> Sharing | None:
    """The sharing of ``row``; None where who acts may not share it. Three queries."""
    if not may_share(row):
        return None
    kind = kind_of(type(row))
    verbs = VERBS[kind]
    access = access_to(row, verbs)
    everything = {one.person.pk for one in access if one.grant is None and len(one.verbs) == len(verbs)}
    people = User.objects.filter(tenant=current_scope().tenant_id, status=AccountStatus.ACTIVE).order_by("email")
    return Sharing(
        kind,
        str(row.pk),
        [(verb.value, WORDS[verb]) for verb in verbs],
        [(one, " and ".join(WORDS[verb] for verb in one.verbs)) for one in access],
        [person for person in people if person.pk not in everything],
    )


def shared_with(person: User) -> list[SharedRow]:
    """The rows that were shared with ``person``, as far as who acts sees their tables. A query, and one a kind."""
    grants = list(live_grants().filter(user=person).order_by("kind", "granted_at"))
    keys = defaultdict(set)
    for grant in grants:
        if allowed(Verb.VIEW, shareable(grant.kind)):
            keys[grant.kind].add(grant.object_pk)
    titles = {
        (kind, str(row.pk)): str(row)
        for kind, wanted in keys.items()
        for row in shareable(kind)._default_manager.filter(pk__in=wanted)
    }
    return [
        SharedRow(
            titles[grant.kind, grant.object_pk], singular(shareable(grant.kind)),
            address_of(grant.kind, grant.object_pk), WORDS[grant.verb], grant.expires_at, grant.reason,
        )
        for grant in grants
        if (grant.kind, grant.object_pk) in titles
    ]  # fmt: skip


def shareable(kind: str) -> type[ContractTable]:
    """The table whose rows are of the kind ``kind``."""
    return kinds()[kind]


def address_of(kind: str, key: str) -> str:
    """Where a row that can be shared is looked at."""
    model = shareable(kind)
    return reverse("brand") if model is BrandProfile else row_address(model, key)
