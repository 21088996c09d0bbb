"""What a person prefers, loaded with the person: no page asks for it by itself."""

import json
from typing import Any

from django.db.models import Aggregate, F, Func, OuterRef, Subquery, TextField
from django.db.models.query import QuerySet

from tenants.models import Preference, User

ATTRIBUTE = "stored_preferences"


class _Document(Func):
    function = "JSON"
    output_field = TextField()


class _Object(Aggregate):
    function = "JSON_GROUP_OBJECT"
    output_field = TextField()
    allow_distinct = False


def with_preferences(people: QuerySet[User]) -> QuerySet[User]:
    """``people`` with all they prefer, in the same query."""
    own = Preference.objects.filter(user=OuterRef("pk")).order_by().values("user")
    documents = own.annotate(document=_Object(F("name"), _Document(F("value")))).values("document")
    return people.annotate(**{ATTRIBUTE: Subquery(documents)})


def preferences_of(person: object) -> dict[str, Any]:
    """By name, of a person loaded by `with_preferences`; nothing of anybody else."""
    stored = getattr(person, ATTRIBUTE, None)
    found: dict[str, Any] = json.loads(stored) if stored else {}
    return found
