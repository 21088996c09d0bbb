"""What tables and columns are called on pages."""

from typing import Any

from django.db.models import Field, Model


def plural(model: type[Model]) -> str:
    """A table by the name of its rows: "Audit entries"."""
    return _capital(str(model._meta.verbose_name_plural))


def singular(model: type[Model]) -> str:
    """A row by its kind: "Knowledge entry"."""
    return _capital(str(model._meta.verbose_name))


def about(model: type[Model]) -> str:
    """A table in a line: the first of its model's docstring."""
    return (model.__doc__ or "").split("\n")[0]


def heading(field: Field[Any, Any], more: str = "") -> str:
    """A column's name over its values, with a word more where there is one: "Published from"."""
    return _capital(f"{field.verbose_name} {more}".rstrip())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
