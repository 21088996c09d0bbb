"""Entries as lines of a list: the trail itself, and the histories on other pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from typing import Any
from urllib.parse import quote_plus

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe

from ndsadmin.tables.addresses import quote_key, row_address
from ndsadmin.tables.cells import EMPTY, cell_of, cut, markup
from ndsadmin.tables.labels import Labels, labels_for
from ndsadmin.trail.language import Term
from ndsadmin.trail.speaking import label_of, table_of, tone_of
from security.contract import allowed, column_of
from security.models import AuditLog
from security.roles import Verb
from security.scope import current_scope
from tenants.models import Tenant, User

COLUMNS = (
    "timestamp", "action", "user_id", "resource_type", "resource_id", "tenant_id", "ip_address", "success",
    "error_message", "log_id",
)  # fmt: skip
_TIME, _USER, _TENANT = (column_of(AuditLog, name) for name in ("timestamp", "user", "tenant"))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its address and what is shown of it, as HTML."""

    key: str
    address: str
    time: SafeString
    action: SafeString
    actor: SafeString
    object: SafeString
    tenant: SafeString
    place: SafeString
    note: str


def entry_address(key: str) -> str:
    return f"{_trail(get_script_prefix())}{quote_key(key)}/"


def trail_address(query: str) -> str:
    """The trail, asked ``query``."""
    return f"{_trail(get_script_prefix())}?q={quote_plus(query)}"


@cache
def _trail(prefix: str) -> str:
    """Found once for each place that the dashboard is served under: a page has a hundred addresses."""
    return reverse("audit")


def lines_of(rows: Iterable[Sequence[Any]], labels: Labels | None = None) -> list[Line]:
    """Entries, each a row of `COLUMNS`. At most two queries, where ``labels`` are not known yet."""
    found = [tuple(map(readable, row)) for row in rows]
    known = names_in(found) if labels is None else labels
    # Most columns of a page say a few things many times.
    actor, action = cache(partial(actor_cell, labels=known)), cache(action_badge)
    return [_line(row, known, actor(row[2]), action(row[1], row[7])) for row in found]


def names_in(rows: Iterable[Sequence[Any]]) -> Labels:
    """Names of the people and tenants of ``rows`` of `COLUMNS`. At most two queries; on D1 one round trip."""
    return labels_for([(row[2], row[5]) for row in rows], [_USER, _TENANT], current_scope().role)


def readable(value: Any) -> Any:
    """A value that a worker stored as bytes where a text belongs, as a text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def action_badge(action: str, success: Any) -> SafeString:
    form = '<span class="badge {}" title="{}">{}</span>'
    return markup(form, tone_of(action, success), action, label_of(action, is_done=success is not False))


def actor_cell(key: str | None, labels: Labels) -> SafeString:
    if key is None:
        return markup('<span class="note">{}</span>', "nobody")
    name = labels.get(User, {}).get(key) or ("you" if key == current_scope().actor_id else None)
    asked = trail_address(str(Term("actor", key)))
    return markup('<a class="{}" href="{}" title="{}">{}</a>', "name" if name else "key", asked, key, name or key)


def object_cell(kind: str, key: str | None) -> SafeString:
    """An entry's object, linked where its reader may open it."""
    spoken = kind.replace("_", " ")
    if not key:
        return markup('<span class="text">{}</span>', spoken)
    model = table_of(kind)
    if model is not None and not model._meta.is_composite_pk and allowed(Verb.VIEW, model):
        form = '<span class="kind">{}</span> <a class="key" href="{}" title="{}">{}</a>'
        return markup(form, spoken, row_address(model, key), key, cut(key))
    return markup('<span class="kind">{}</span> <span class="key" title="{}">{}</span>', spoken, key, cut(key))


def body_of(lines: Sequence[Line], *, with_tenant: bool) -> SafeString:
    """The rows of a table. Here and not in the template, which takes twenty times as long."""
    heads = ["Time", "What", "Who", "Object", *["Tenant"] * with_tenant, "From"]
    parts = []
    for line in lines:
        note = f'<div class="entry-note">{escape(line.note)}</div>' if line.note else ""
        values = [
            f"{line.action}{note}",
            line.actor,
            line.object,
            *[line.tenant] * with_tenant,
            line.place,
        ]
        first = f'<td data-label="Time"><a class="row-link" href="{escape(line.address)}">{line.time}</a></td>'
        others = "".join(
            f'<td data-label="{head}"><div>{value}</div></td>' for head, value in zip(heads[1:], values, strict=True)
        )
        parts.append(f"<tr>{first}{others}</tr>")
    return mark_safe("".join(parts))  # noqa: S308  # escaped bit by bit


def _line(row: Sequence[Any], labels: Labels, actor: SafeString, action: SafeString) -> Line:
    time, _, _, kind, key, tenant, address, _, error, log_id = row[:10]
    name = labels.get(Tenant, {}).get(tenant)
    return Line(
        key=str(log_id),
        address=entry_address(str(log_id)),
        time=cell_of(_TIME, time),
        action=action,
        actor=actor,
        object=object_cell(kind, key),
        tenant=markup('<span class="text">{}</span>', name or tenant or "platform"),
        place=markup('<span class="key">{}</span>', address) if address else EMPTY,
        note=cut(str(error)) if error else "",
    )
