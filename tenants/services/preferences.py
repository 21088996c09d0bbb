"""Remembering how a person likes a page."""

from typing import Any

from security.audit import Action, record
from security.columns import now
from security.services.repeating import repeatable
from tenants.models import Preference, User
from tenants.services.home import at_home


def set_preference(person: User, name: str, value: Any) -> None:
    """Remember ``value`` as what ``person`` prefers for ``name``; None forgets it."""
    with at_home(person, reason="Own preferences"):
        _store(person, name, value)


@repeatable
def _store(person: User, name: str, value: Any) -> None:
    own = Preference.objects.filter(user=person, name=name)
    before = own.values_list("value", flat=True).first()
    if value is None:
        own.delete()
    elif not own.update(value=value, updated_at=now()):
        Preference.objects.create(user=person, name=name, value=value)
    record(
        Action.UPDATE_PREFERENCE,
        resource_type="user",
        resource_id=person.pk,
        tenant_id=person.tenant_id,
        details={"name": name, "changes": {"value": [before, value]}},
    )
