"""Remembering how a person likes a page."""

from typing import Any

from django.db import transaction

from security.audit import Action, record
from security.columns import now
from tenants.models import Preference, User


@transaction.atomic
def set_preference(person: User, name: str, value: Any) -> None:
    """Remember ``value`` as what ``person`` prefers for ``name``; None forgets it."""
    own = Preference.objects.filter(user=person, name=name)
    if value is None:
        own.delete()
    elif not own.update(value=value, updated_at=now()):
        Preference.objects.create(user=person, name=name, value=value)
    record(
        Action.UPDATE_PREFERENCE,
        resource_type="user",
        resource_id=person.pk,
        tenant_id=person.tenant_id,
        details={"name": name, "value": value},
    )
