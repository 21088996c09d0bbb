"""Bytes: vectors and ciphertexts."""

from typing import Any, TypeVar

from django.db import models

from security.columns.column import Column

S = TypeVar("S")
G = TypeVar("G")


class Blob(Column, models.BinaryField[S, G]):
    """Bytes of no particular kind."""

    sql_type = "BLOB"


class Vector(Blob[S, G]):
    """An embedding: ``dimensions`` little-endian float32 values, not encrypted."""

    def __init__(self, *args: Any, dimensions: int, **kwargs: Any) -> None:
        self.dimensions = dimensions
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "dimensions": self.dimensions}


class Sealed(Blob[S, G]):
    """A ciphertext under the tenant's key."""

    secret = True
