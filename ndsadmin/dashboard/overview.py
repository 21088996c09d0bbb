"""What the people who run the platform see first: how it goes, and what waits for them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from analytics.enums import SyncErrorType
from analytics.models import AnalyticsSyncError, TenantMetricsDaily
from analytics.queries.sync_errors import open_errors
from content.models import Skill
from content.queries.numbers import Best, best_skills
from content.queries.skills import Candidate, awaiting_review
from ndsadmin.charts import Chart, HeatMap
from ndsadmin.dashboard import figures
from ndsadmin.dashboard.figures import RANGES, Card
from ndsadmin.dashboard.library import told_of
from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.addresses import list_address, row_address
from ndsadmin.tables.cells import moment
from ndsadmin.tables.counts import at_most
from ndsadmin.tables.labels import labels_for, names_of
from ndsadmin.tables.references import value_cell
from publishing.models import SocialAccount
from publishing.queries.accounts import MANY, ExpiringToken, expiring_tokens
from security.columns import now
from security.contract import ContractTable, column_of, is_there
from security.models import AuditLog
from security.queries.audit import newest_entries
from security.roles import Role, Verb, may
from security.scope import current_scope
from tenants.enums import AccountStatus, Region
from tenants.models import Tenant
from tenants.queries.tenants import TenantCount, tenant_counts

NEWEST = 8  # audit entries: what fits beside the charts without scrolling
FIRST = 5  # lines of a panel; its heading leads to all
SOON = 7  # days in which an expiring token is somebody's business
USUAL = RANGES[1]
ENTRY = ("timestamp", "action", "tenant", "user", "success")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what it is, what is said of it, where it leads."""

    label: str
    address: str
    detail: Any


@dataclass(frozen=True, slots=True)
class Panel:
    """Things that wait; ``nothing`` is what is said where none does."""

    title: str
    number: str
    address: str
    lines: list[Line]
    nothing: str
    is_card: bool = True  # its number says something by itself


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    cells: dict[str, SafeString]
    person: str | None
    tenant: str | None


@dataclass(slots=True)
class Overview:
    days: int
    cards: list[Card] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    map: HeatMap | None = None
    regions: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    newest: list[Entry] = field(default_factory=list)


def overview(days: int) -> Overview:
    """Nine queries at most: tenants, their days, candidates and the best of skills, tokens, errors, audit entries, the
    names of tenants and of people. What the reader may not see is not asked for."""
    with reading_ahead(*_reads(days)):
        return _drawn_up(days)


def _reads(days: int) -> list[Callable[[], Any]]:
    """What the page asks whatever the answers are: one round trip on D1."""
    today, role, is_whole = now().date(), current_scope().role, current_scope().tenant_id is None
    reads: list[tuple[bool, Callable[[], Any]]] = [
        (sees(role, SocialAccount), lambda: expiring_tokens(today + dt.timedelta(days=SOON))),
        (sees(role, TenantMetricsDaily), lambda: figures.figures(_range(days), today)),
        (sees(role, AuditLog), lambda: list(newest_entries(NEWEST))),
        (is_whole, tenant_counts),
        (may(role, Verb.VIEW, "skill review") and is_whole, lambda: awaiting_review(today)),
        (sees(role, AnalyticsSyncError), open_errors),
        (sees(role, Skill), lambda: best_skills(today)),
    ]
    return [read for is_wanted, read in reads if is_wanted]


def _range(days: int) -> int:
    return days if days in RANGES else USUAL


def _drawn_up(days: int) -> Overview:
    today, role, pinned = now().date(), current_scope().role, current_scope().tenant_id
    page = Overview(_range(days))
    tokens = expiring_tokens(today + dt.timedelta(days=SOON)) if sees(role, SocialAccount) else []
    found = figures.figures(page.days, today) if sees(role, TenantMetricsDaily) else None
    wanted = {token.tenant_id for token in tokens[:FIRST]} | set(found.busiest if found else ())
    entries = list(newest_entries(NEWEST)) if sees(role, AuditLog) else []
    wanted |= {entry.tenant_id for entry in entries if entry.tenant_id}
    names = names_of(Tenant, wanted, role) if wanted else {}

    if pinned is None:
        counts = tenant_counts()
        page.cards.append(tenant_card(counts))
        page.statuses, page.regions = tenants_table(counts)
    if found:
        page.cards += figures.cards(found)
        page.charts = figures.charts(found)
        page.map = figures.heat_map(found, names) if pinned is None else None
    if may(role, Verb.VIEW, "skill review") and pinned is None:
        page.panels.append(skills_panel(awaiting_review(today)))
    if sees(role, SocialAccount):
        page.panels.append(tokens_panel(tokens, names, today))
    if sees(role, AnalyticsSyncError):
        page.panels.append(errors_panel(open_errors()))
    if sees(role, Skill):
        page.panels.append(best_panel(best_skills(today)))
    page.newest = _newest(entries, names)
    return page


def sees(role: Role | None, model: type[ContractTable]) -> bool:
    return is_there(model) and may(role, Verb.VIEW, model._meta.db_table)


def tenant_card(counts: Iterable[TenantCount]) -> Card:
    active = [count.number for count in counts if count.status == AccountStatus.ACTIVE]
    rest = sum(count.number for count in counts) - sum(active)
    return Card(
        "Active tenants",
        f"{sum(active):,}",
        f"{list_address(Tenant)}?{urlencode({'status': AccountStatus.ACTIVE.value})}",
        f"{rest:,} more not active" if rest else "and no other",
    )


def tenants_table(counts: list[TenantCount]) -> tuple[list[str], list[tuple[str, list[tuple[str, str]]]]]:
    """Headings, and a row a region: how many tenants in each status, with the address of those."""
    labels, regions = dict(AccountStatus.choices), dict(Region.choices)
    statuses = [*AccountStatus.values, *sorted({count.status for count in counts} - set(AccountStatus.values))]
    numbers = {(count.region, count.status): count.number for count in counts}
    rows = []
    for region in sorted({count.region for count in counts}):
        cells = [
            (
                f"{numbers.get((region, status), 0):,}",
                f"{list_address(Tenant)}?{urlencode({'region': region, 'status': status or '-'})}",
            )
            for status in statuses
        ]
        rows.append((regions.get(region, region), cells))
    return [labels.get(status, status or "No status") for status in statuses], rows


def skills_panel(candidates: list[Candidate]) -> Panel:
    return Panel(
        "Skills awaiting review",
        f"{len(candidates):,}",
        reverse("skill-reviews"),
        [
            Line(c.name, reverse("skill-review", args=[c.skill_id]), f"{c.uses:,} uses, {c.defect_rate:.1%} defects")
            for c in candidates[:FIRST]
        ],
        "No private skill meets the rules of promotion now.",
    )


def best_panel(best: list[Best]) -> Panel:
    month = next((one.first for one in best if one.first), None)
    return Panel(
        f"Top skills, as of {month:%B %Y}" if month else "Top skills",
        f"{len(best):,}",
        reverse("skills"),
        [Line(one.name, reverse("skill", args=[one.skill_id]), told_of(one)) for one in best],
        "No skill in use was used ten times.",
        is_card=False,
    )


def tokens_panel(tokens: list[ExpiringToken], names: Mapping[str, str], today: dt.date) -> Panel:
    last = today + dt.timedelta(days=SOON)
    query = urlencode({"status": "active", "expires_at__to": last.isoformat(), "sort": "expires_at"})
    return Panel(
        f"Tokens that expire in {SOON} days",
        at_most(len(tokens), MANY),
        f"{list_address(SocialAccount)}?{query}",
        [
            Line(
                f"{names.get(token.tenant_id, token.tenant_id)}, {token.platform.title()}",
                row_address(SocialAccount, token.account_id),
                moment(token.expires_at),
            )
            for token in tokens[:FIRST]
        ],
        "No access token expires soon.",
    )


def errors_panel(errors: Mapping[str, int]) -> Panel:
    address, labels = list_address(AnalyticsSyncError), dict(SyncErrorType.choices)
    return Panel(
        "Open sync errors",
        f"{sum(errors.values()):,}",
        f"{address}?{urlencode({'resolved_at': '-'})}",
        [
            Line(
                labels.get(kind, kind or "No kind"),
                f"{address}?{urlencode({'resolved_at': '-', 'error_type': kind or '-'})}",
                f"{number:,}",
            )
            for kind, number in list(errors.items())[:FIRST]
        ],
        "Every failed attempt to fetch numbers is resolved.",
    )


def _newest(entries: list[AuditLog], names: Mapping[str, str]) -> list[Entry]:
    fields = [column_of(AuditLog, name) for name in ENTRY]
    values = [[column.value_from_object(entry) for column in fields] for entry in entries]
    labels = labels_for(values, fields, current_scope().role, {Tenant: names})
    return [
        Entry(
            row_address(AuditLog, entry.pk),
            {
                column.name: value_cell(column, value, labels, frozenset())
                for column, value in zip(fields, row, strict=True)
            },
            entry.user_id,
            entry.tenant_id,
        )
        for entry, row in zip(entries, values, strict=True)
    ]
