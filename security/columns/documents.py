"""JSON columns.

The contract's ``JSON`` has NUMERIC affinity: a document that is a bare number comes back from SQLite as a
number, everything else as text. Broken text is delivered as `BrokenJson` and written back as it was.
"""

import json
import math
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


def printable(text: str) -> str:
    """``text`` as a page can hold it. A worker that cut an emoji in two left half a character, which no encoding
    has; it is shown as its code."""
    return text.encode("utf-8", "backslashreplace").decode()


class DocumentField(forms.JSONField):
    """A document as people edit it: indented, and empty where there is none."""

    empty_values = NOTHING

    def prepare_value(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, InvalidJSONInput):
            return value
        return printable(json.dumps(value, ensure_ascii=False, indent=2))

    def to_python(self, value: Any) -> Any:
        if value in NOTHING or not isinstance(value, str):
            return super().to_python(value)
        try:
            return _typed(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, to be shown again."""
        try:
            return None if data is None else _typed(data)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


def _typed(text: str) -> Any:
    """What people type is held to JSON itself: no NaN, no number that no reader can hold."""
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number


class Json(Column, models.JSONField):
    """A JSON document, written compactly as the workers' ``JSON.stringify`` does."""

    sql_type = "JSON"
    empty_values = NOTHING

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, bytes):
            return BrokenJson(value.decode("utf-8", "backslashreplace"))
        return parse_document(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if isinstance(value, BrokenJson):
            return str(value)
        if value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, cls=self.encoder)
        if text.isascii() or printable(text) == text:
            return text
        # Half a character: SQLite could not store it, its escape is the same document.
        return json.dumps(value, separators=(",", ":"), allow_nan=False, cls=self.encoder)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": DocumentField, **kwargs})

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return value if value is None else self.get_db_prep_value(value, connection)


class Member(models.Func):
    """The member ``key`` of a document; NULL where there is none, or no document."""

    template = "CASE WHEN JSON_VALID(%(expressions)s) THEN JSON_EXTRACT(%(expressions)s, '$.%(key)s') END"
    output_field: models.Field[Any, Any] = models.TextField()

    def __init__(self, expression: str, key: str) -> None:
        assert key.isidentifier()  # a name of the contract, never of a request
        super().__init__(expression, key=key)


class IsTrue(Member):
    """Whether the member ``key`` of a document is ``true``, and not merely 1 or a text; 1 or 0."""

    template = "(JSON_VALID(%(expressions)s) AND JSON_TYPE(%(expressions)s, '$.%(key)s') IS 'true')"
    output_field = models.BooleanField()
