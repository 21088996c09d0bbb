"""Values that depend on who reads them: masked ones, and references by the name of what they point at."""

from typing import Any

from django.db.models import Field, ForeignKey
from django.utils.safestring import SafeString

from ndsadmin.tables.addresses import row_address
from ndsadmin.tables.cells import CUT, WEB, cell_of, cut, markup
from ndsadmin.tables.labels import Labels, mask
from security.contract import allowed, referred
from security.roles import Verb
from security.scope import Reach, current_scope
from tenants.models import User


def value_cell(field: Field[Any, Any], value: Any, labels: Labels, masked: frozenset[str]) -> SafeString:
    """``value`` of ``field``; a reference by the name of what it points at, linked where its reader may follow."""
    if value is not None and field.column in masked:
        return markup('<span class="text">{}</span>', mask(str(value)))
    if isinstance(field, ForeignKey) and value is not None:
        return reference(field, value, labels)
    return cell_of(field, value)


def unlinked_cell(field: Field[Any, Any], value: Any, labels: Labels, masked: frozenset[str]) -> SafeString:
    """As `value_cell`, for a place that is a link itself: one in another would be none."""
    if value is not None and field.column not in masked:
        if isinstance(field, ForeignKey):
            return markup(
                '<span class="text">{}</span>', (labels.get(referred(field), {}).get(value) or str(value))[:CUT]
            )
        if isinstance(value, str) and value.startswith(WEB):
            return markup('<span class="text">{}</span>', cut(value))
    return value_cell(field, value, labels, masked)


def reference(field: ForeignKey[Any, Any], key: Any, labels: Labels) -> SafeString:
    target = referred(field)
    name = labels.get(target, {}).get(key)
    text = name or str(key)
    if not allowed(Verb.VIEW, target):
        return markup('<span class="key">{}</span>', text)
    if target is User and name is None and current_scope().reach is Reach.TENANT:
        return markup('<span class="key" title="{}">outside this workspace</span>', key)
    kind = "name" if name else "key"
    return markup('<a class="{}" href="{}" title="{}">{}</a>', kind, row_address(target, key), key, text[:CUT])
