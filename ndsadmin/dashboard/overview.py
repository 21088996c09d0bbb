"""What is in this cell, at a glance."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from ndsadmin.dashboard.menu import Item, Section, table_sections
from ndsadmin.tables.addresses import list_address, row_address
from ndsadmin.tables.counts import row_counts
from ndsadmin.tables.labels import labels_for
from ndsadmin.tables.references import value_cell
from security.contract import column_of, contract_tables
from security.models import AuditLog
from security.queries.audit import newest_entries
from security.roles import Verb, may
from security.scope import current_scope
from tenants.enums import AccountStatus
from tenants.models import Tenant
from tenants.queries.tenants import tenants_by_status

NEWEST = 8  # audit entries: what fits beside the tables without scrolling
LABELS = dict(AccountStatus.choices)


@dataclass(frozen=True, slots=True)
class Card:
    """A number with what it counts, and the rows behind it."""

    label: str
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    cells: dict[str, SafeString]


@dataclass(frozen=True, slots=True)
class Overview:
    tenants: list[Card]
    sections: list[tuple[Section, list[tuple[Item, str]]]]
    newest: list[Entry]


def overview() -> Overview:
    """Five queries: tenants by status, all tables counted, the newest audit entries, their tenants and people."""
    role = current_scope().role
    models = [model for model in contract_tables() if may(role, Verb.VIEW, model._meta.db_table)]
    counts = row_counts(models)
    return Overview(
        tenants=_tenant_cards(),
        sections=[
            (section, [(item, counts[item.table]) for item in section.items]) for section in table_sections(role)
        ],
        newest=_newest() if may(role, Verb.VIEW, AuditLog._meta.db_table) else [],
    )


def _tenant_cards() -> list[Card]:
    address = list_address(Tenant)
    return [
        Card(LABELS.get(status, status), number, f"{address}?{urlencode({'status': status})}")
        for status, number in tenants_by_status().items()
    ]


def _newest() -> list[Entry]:
    fields = [column_of(AuditLog, name) for name in ("timestamp", "action", "tenant", "user", "success")]
    rows = list(newest_entries(NEWEST))
    labels = labels_for([[f.value_from_object(row) for f in fields] for row in rows], fields, current_scope().role)
    return [
        Entry(
            row_address(AuditLog, row.pk),
            {field.name: value_cell(field, field.value_from_object(row), labels, frozenset()) for field in fields},
        )
        for row in rows
    ]
