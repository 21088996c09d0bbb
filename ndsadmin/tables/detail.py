"""One row with all that its reader may see of it, and what hangs on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Field, ForeignKey, IntegerField, OuterRef, Subquery
from django.http import Http404
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ndsadmin.db.ahead import reading_ahead
from ndsadmin.tables.addresses import keyed, list_address
from ndsadmin.tables.counts import at_most
from ndsadmin.tables.documents import tree
from ndsadmin.tables.hiding import as_seen, hidden_changes
from ndsadmin.tables.labels import Labels, labels_for, mask
from ndsadmin.tables.names import heading, plural
from ndsadmin.tables.references import value_cell
from ndsadmin.trail.histories import newest_of
from ndsadmin.trail.language import Term
from ndsadmin.trail.lines import Line, lines_of, trail_address
from security.columns import Json, LongText
from security.columns.column import Column
from security.contract import ContractTable, allowed, column_of, contract_tables, referred
from security.modeladmin import TableAdmin
from security.models import AuditLog
from security.roles import Verb
from security.scope import current_scope, hidden_here
from security.services.access import record_read
from security.services.rows import kind_of

COUNTED = 100  # related rows that are counted; beyond it says "100+"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: SafeString
    column: str


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of another table that point at this one."""

    label: str
    count: str
    address: str


@dataclass(frozen=True, slots=True)
class Detail:
    row: ContractTable
    kind: str
    kinds: str
    title: str
    list_address: str
    place_address: str
    """The list, beginning with this row: it stays true whatever comes before it."""
    facts: list[Fact]
    documents: list[Fact]
    related: list[Related]
    change_address: str | None
    history: list[Line]
    history_address: str


class BoundedCount(Subquery):
    """How many rows a queryset has, as far as its slice lets it count."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s))"
    output_field = IntegerField()


def detail(table: TableAdmin, quoted: str, may_change: Callable[[ContractTable], bool]) -> Detail:
    """The row behind the last part of an address. Two queries, one a table it points at, one where it is recorded
    that somebody saw it, and at most three for what the trail knows of it; and those of ``may_change``, which says
    whether the reader may change the row.

    Raises:
        Http404: there is no such row.
    """
    model, role = table.model, current_scope().role
    row = model._default_manager.filter(keyed(model, quoted)).first()
    if row is None:
        raise Http404(f"No {model._meta.verbose_name} has this key.")
    record_read(row)
    if isinstance(row, AuditLog):
        row.metadata = as_seen(row.resource_type, row.metadata, hidden_changes())
    shown = table.shown_fields()
    values = [field.value_from_object(row) for field in shown]
    kind, key = kind_of(model), str(row.pk)
    with reading_ahead(
        partial(labels_for, [values], shown, role), partial(_related, row), partial(newest_of, kind, key)
    ):
        labels, related, entries = labels_for([values], shown, role), _related(row), newest_of(kind, key)
    facts = [
        Fact(heading(field), value_cell(field, field.value_from_object(row), labels, table.masked()), str(field.column))
        for field in shown
        if not _is_document(field)
    ]
    return Detail(
        row=row,
        kind=str(model._meta.verbose_name),
        kinds=plural(model),
        title=_title(table, row, labels),
        list_address=list_address(model),
        place_address=f"{list_address(model)}?{urlencode({'at': quoted})}",
        facts=facts,
        documents=[
            Fact(heading(f), _document(f, f.value_from_object(row)), str(f.column)) for f in shown if _is_document(f)
        ],
        related=related,
        change_address=f"{list_address(model)}{quoted}/change/" if may_change(row) else None,
        history=lines_of(entries),
        history_address=trail_address(str(Term("resource", f"{kind}/{key}"))),
    )


def _title(table: TableAdmin, row: ContractTable, labels: Labels) -> str:
    """The row's name, as far as its reader may see it; a row that is named by another by that one's name."""
    model = table.model
    if model.named_by == "pk":
        return str(row)
    field = column_of(model, model.named_by)
    if isinstance(field, ForeignKey):
        return labels.get(referred(field), {}).get(getattr(row, field.attname), str(row))
    if field.column in hidden_here(model._meta.db_table):
        return str(row.pk)
    return mask(str(row)) if field.column in table.masked() else str(row)


def _is_document(field: Field[Any, Any]) -> bool:
    secret = isinstance(field, Column) and field.secret
    return isinstance(field, Json | LongText) and not secret


def _document(field: Field[Any, Any], value: Any) -> SafeString:
    if value is None or value == "":
        return format_html('<p class="note">{}</p>', "No value")
    return tree(value) if isinstance(field, Json) else format_html('<div class="prose">{}</div>', value)


def _related(row: ContractTable) -> list[Related]:
    """What points at ``row``, counted in one query; tables that its reader may not see are left out."""
    references = [
        (model, field)
        for model in contract_tables()
        if allowed(Verb.VIEW, model)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and referred(field) is type(row)
    ]
    if not references:
        return []
    counts = {f"count_{i}": _count(model, field) for i, (model, field) in enumerate(references)}
    rows = type(row)._default_manager.order_by().filter(pk=row.pk).annotate(**counts).values_list(*counts)
    numbers = next(iter(rows), (0,) * len(references))  # gone by now: nothing points at it
    return [
        Related(
            _related_label(field),
            at_most(number, COUNTED),
            f"{list_address(model)}?{urlencode({field.name: row.pk})}",
        )
        for (model, field), number in zip(references, numbers, strict=True)
        if number
    ]


def _count(model: type[ContractTable], field: ForeignKey[Any, Any]) -> BoundedCount:
    pointing = model._default_manager.filter(**{field.attname: OuterRef("pk")}).order_by()
    return BoundedCount(pointing.values(field.attname)[: COUNTED + 1])


def _related_label(field: ForeignKey[Any, Any]) -> str:
    """ "Posts", or "A/B tests (variant B)" where the column's name says more than the table's."""
    rows = plural(field.model)
    plain = field.name in {field.related_model._meta.model_name, "post", "content", "account", "template"}
    return rows if plain else f"{rows} ({field.verbose_name})"
