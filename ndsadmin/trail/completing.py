"""What can follow while a query is being typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from ndsadmin.tables.search import keys_of, searched
from ndsadmin.trail.asking import asked_trail
from ndsadmin.trail.language import FIELDS, Query
from ndsadmin.trail.speaking import kinds, label_of
from security.models import AuditLog
from security.queries.audit import known_actions
from security.roles import Verb, may, reads_own_entries
from security.scope import Reach, current_scope
from tenants.models import Tenant, User

SHOWN = 8
OWN_LOOKED_AT = 2_000  # newest entries of who reads his own alone
TIMES = (("today", "today"), ("yesterday", "yesterday"), ("24h", "the last 24 hours"), ("7d", "the last 7 days"))


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` takes the place of the term that is being typed; ``label`` says what it means."""

    text: str
    label: str


def completions(term: str) -> list[Completion]:
    """What the term ``term``, the last one of a query so far, can become. At most two queries."""
    minus = "-" if term.startswith("-") else ""
    field, colon, value = term.removeprefix("-").partition(":")
    if not colon:
        names = _fields()
        return [Completion(f"{minus}{name}:", FIELDS[name]) for name in names if name.startswith(field.lower())]
    found = list(_values(field.lower(), value.strip('"')))
    return [Completion(f"{minus}{field.lower()}:{_quoted(text)}", label) for text, label in found[:SHOWN]]


def _fields() -> list[str]:
    is_one = current_scope().reach is Reach.TENANT
    return [name for name in FIELDS if not (is_one and name == "tenant")]


def _values(field: str, value: str) -> Iterator[tuple[str, str]]:
    if field == "action":
        yield from ((action, label_of(action)) for action in _actions() if action.startswith(value))
    elif field == "actor":
        yield from (pair for pair in (("me", "yourself"), ("nobody", "no person")) if pair[0].startswith(value))
        yield from _people(value)
    elif field == "tenant" and current_scope().reach is Reach.PLATFORM:
        yield from _tenants(value)
    elif field == "resource":
        names = sorted(name for name in kinds() if name.startswith(value))
        yield from ((name, name.replace("_", " ")) for name in names)
    elif field == "ok":
        yield from (pair for pair in (("true", "done"), ("false", "refused or failed")) if pair[0].startswith(value))
    elif field in {"after", "before"}:
        yield from (pair for pair in TIMES if pair[0].startswith(value))


def _actions() -> list[str]:
    """Those of the entries that who acts may read: who reads his own alone has done few things."""
    if not reads_own_entries(current_scope().role):
        return known_actions()
    own = asked_trail(Query()).reading.rows(AuditLog.objects.all()).order_by("-place")
    return sorted(set(own.values_list("action", flat=True)[:OWN_LOOKED_AT]))


def _people(value: str) -> Iterator[tuple[str, str]]:
    if not value or not may(current_scope().role, Verb.VIEW, User._meta.db_table):
        return
    keys = keys_of(User.objects.all(), searched(User, list(User._meta.concrete_fields)), value, SHOWN)
    for email, name in User.objects.filter(pk__in=keys).order_by("email").values_list("email", "full_name"):
        yield email, name or email


def _tenants(value: str) -> Iterator[tuple[str, str]]:
    yield from [("platform", "the platform itself")] * "platform".startswith(value)
    keys = keys_of(Tenant.objects.all(), searched(Tenant, list(Tenant._meta.concrete_fields)), value, SHOWN)
    yield from Tenant.objects.filter(pk__in=keys).order_by("name").values_list("tenant_id", "name")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
