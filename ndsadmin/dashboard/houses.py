"""Tenants as people of the platform look after them, ready to be drawn."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from analytics.models import AnalyticsSyncError, GuardMetricsDaily, TenantMetricsDaily
from ndsadmin.dashboard.use import Use, use_of
from ndsadmin.tables.labels import mask
from ndsadmin.trail.lines import COLUMNS, Line, lines_of
from publishing.enums import AccountState
from publishing.models import SocialAccount
from security.columns import now
from security.columns.sums import Number
from security.models import AuditLog
from security.queries.audit import newest_of_tenant
from security.queries.keys import KeyLine, key_lines
from security.roles import PLATFORM_TENANT, Verb, masked_columns, may
from security.scope import current_scope
from tenants.enums import AccountStatus, UserRole
from tenants.models import Tenant, User
from tenants.queries.people import people_of_tenant

PAGE = 50
DAYS = 30
NEWEST = 8
BETWEEN = "\x1f"  # a name and a key, in the address of a page


@dataclass(frozen=True, slots=True)
class House:
    """A tenant in a line: posts of the last `DAYS` days."""

    tenant: Tenant
    people: int
    posts: int
    failed: int
    troubles: int  # accounts in error, and sync errors that nobody resolved


@dataclass(frozen=True, slots=True)
class HousesPage:
    houses: list[House]
    after: str


@dataclass(frozen=True, slots=True)
class HousePage:
    tenant: Tenant
    people: list[tuple[User, str]]
    people_by_role: list[tuple[str, int]]
    waiting: list[str]
    use: Use | None
    accounts: list[tuple[str, int]]
    sync_errors: int
    passed: str
    keys: KeyLine | None
    activity: list[Line]


def houses_page(words: str, after: str) -> HousesPage:
    """`PAGE` tenants behind ``after`` (name and key), whose name holds ``words``. Five queries, however many."""
    name, _, key = after.partition(BETWEEN)
    behind = Q(name__gt=name) | Q(name=name, pk__gt=key)
    rows = Tenant.objects.exclude(pk=PLATFORM_TENANT).filter(behind)
    if words:
        rows = rows.filter(name__icontains=words)
    found = list(rows.order_by("name", "pk")[: PAGE + 1])
    keys = [tenant.pk for tenant in found]
    people = _counted(User.objects.filter(tenant__in=keys).exclude(status=AccountStatus.DELETED))
    accounts = _counted(SocialAccount.objects.filter(tenant__in=keys, status=AccountState.ERROR))
    errors = AnalyticsSyncError.objects.filter(resolved_at=None, post__tenant__in=keys).order_by()
    failing = Counter(dict(errors.values_list("post__tenant").annotate(number=Count("pk"))))
    since = now().date() - dt.timedelta(days=DAYS)
    days = TenantMetricsDaily.objects.filter(tenant__in=keys, date__gt=since).order_by().values_list("tenant")
    sums = {
        key: (int(posts), int(failed))
        for key, posts, failed in days.annotate(a=Sum(Number("posts")), b=Sum(Number("failed_posts")))
    }
    houses = [
        House(tenant, people[tenant.pk], *sums.get(tenant.pk, (0, 0)), accounts[tenant.pk] + failing[tenant.pk])
        for tenant in found[:PAGE]
    ]
    return HousesPage(houses, f"{found[PAGE - 1].name}{BETWEEN}{found[PAGE - 1].pk}" if len(found) > PAGE else "")


def house_page(tenant: Tenant) -> HousePage:
    """Everything about one tenant that who acts may see; about ten queries."""
    role = current_scope().role
    masked = "email" in masked_columns(role, User._meta.db_table)
    people = people_of_tenant(tenant.pk)
    by_role = Counter(line.person.role for line in people.lines if line.person.status == AccountStatus.ACTIVE)
    states = SocialAccount.objects.filter(tenant=tenant).order_by().values_list("status").annotate(number=Count("pk"))
    errors = AnalyticsSyncError.objects.filter(resolved_at=None, post__tenant=tenant)
    return HousePage(
        tenant=tenant,
        people=[(line.person, mask(line.person.email) if masked else line.person.email) for line in people.lines],
        people_by_role=[
            (UserRole(name).label, number) for name, number in by_role.items() if name in set(UserRole.values)
        ],
        waiting=[mask(one.email) if masked else one.email for one in people.invitations],
        use=use_of(tenant) if may(role, Verb.VIEW, TenantMetricsDaily._meta.db_table) else None,
        accounts=[(str(state or "no state"), number) for state, number in states],
        sync_errors=errors.count(),
        passed=_passed(tenant) if may(role, Verb.VIEW, "guard_metrics_daily") else "",
        keys=key_lines([tenant.pk])[0] if may(role, Verb.VIEW, "tenant_keys") else None,
        activity=_activity(tenant) if may(role, Verb.VIEW, AuditLog._meta.db_table) else [],
    )


def _counted(rows: QuerySet[Any]) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list("tenant").annotate(number=Count("pk"))))


def _passed(tenant: Tenant) -> str:
    """How often guards passed in the last `DAYS` days."""
    since = now().date() - dt.timedelta(days=DAYS)
    days = GuardMetricsDaily.objects.filter(tenant=tenant, date__gt=since).order_by()
    sums = days.aggregate(runs=Sum(Number("runs")), passes=Sum(Number("passes")))
    return f"{100 * sums['passes'] / sums['runs']:.0f} %" if sums["runs"] else ""


def _activity(tenant: Tenant) -> list[Line]:
    return lines_of(list(newest_of_tenant(tenant.pk, NEWEST).values_list(*COLUMNS)))
