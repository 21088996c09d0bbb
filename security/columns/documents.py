"""JSON columns.

The contract's ``JSON`` has NUMERIC affinity: a document that is a bare number comes back from SQLite as a
number, everything else as text. Broken text is delivered as `BrokenJson` and written back as it was.
"""

import json
from typing import Any

from django import forms
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.forms.fields import InvalidJSONInput

from security.columns.column import Column

NOTHING = [None, ""]  # what counts as no document; {} and [] are documents


class BrokenJson(InvalidJSONInput):
    """The text of a document that does not parse.

    Django's form field shows such a text unchanged and asks for it to be mended.
    """


def parse_document(text: str) -> Any:
    """What ``text`` holds, or `BrokenJson`. A document that Python finds too deep is broken too: nothing here
    could show it, and no form of the contract is deeper than a few levels."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return BrokenJson(text)


class DocumentField(forms.JSONField):
    """A document as people edit it: indented, and empty where there is none."""

    empty_values = NOTHING

    def prepare_value(self, value: Any) -> Any:
        if value is None:
            return ""
        return value if isinstance(value, InvalidJSONInput) else json.dumps(value, ensure_ascii=False, indent=2)


class Json(Column, models.JSONField):
    """A JSON document, written compactly as the workers' ``JSON.stringify`` does."""

    sql_type = "JSON"
    empty_values = NOTHING

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        return parse_document(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if isinstance(value, BrokenJson):
            return str(value)
        if value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, cls=self.encoder)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": DocumentField, **kwargs})

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return value if value is None else self.get_db_prep_value(value, connection)
