"""Columns whose values are encrypted in the database and plain in Python.

    account.access_token_encrypted = b"token"     # plain
    account.save()                                # sealed for this cell, under the tenant's active key
    account.access_token_encrypted                # opened when it is asked for, not when the row is read

A row that was read holds ciphertexts; reading the attribute opens one, and saving the row writes it back as it is.
What does not open raises `Unreadable`: it never becomes something else. ``values()``, exports, forms and the audit log
see the ciphertext (`Ciphertext`, `CiphertextString`), never the value. ``update()`` and ``bulk_update()`` take
ciphertexts alone, since only a row says for which cell to seal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from security.columns.binary import Sealed
from security.columns.texts import SealedText
from security.crypto.envelope import Place, as_text, from_text
from security.exceptions import Unreadable
from security.roles import PLATFORM_TENANT

_opens: ContextVar[bool] = ContextVar("opens", default=True)


@contextmanager
def unopened() -> Iterator[None]:
    """Inside, attributes give what is stored: for what copies rows."""
    token = _opens.set(False)
    try:
        yield
    finally:
        _opens.reset(token)


class Vault(Protocol):
    """What seals and opens: `security.services.vault`, once security is ready."""

    def seal(self, plain: bytes, place: Place) -> bytes: ...

    def unseal(self, blob: bytes, place: Place) -> bytes: ...


_vault: list[Vault] = []


def use_vault(vault: Vault) -> None:
    _vault[:] = [vault]


class Ciphertext(bytes):
    """A sealed value as it is stored in a column of bytes; zero bytes for one that was wiped."""

    is_given = False  # it comes from a fixture, and goes into the database as it is

    @property
    def envelope(self) -> bytes:
        return bytes(self)

    def __repr__(self) -> str:
        return f"<ciphertext of {len(self)} bytes>"

    __str__ = __repr__


class CiphertextString(str):
    """A sealed value as it is stored in a column of text."""

    is_given = False

    @property
    def envelope(self) -> bytes:
        return from_text(str.__str__(self)) if self else b""

    def __repr__(self) -> str:
        return f"<ciphertext of {len(self)} characters>"


Stored = Ciphertext | CiphertextString


class _Opening(DeferredAttribute):
    """The attribute of a model: opens what is stored, each time it is asked for."""

    field: "Encrypted"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        is_sealed = isinstance(value, Stored) and _opens.get() and not value.is_given
        return self.field.opened(instance, value) if is_sealed else value

    def __set__(self, instance: Any, value: Any) -> None:  # with it, Python asks __get__ before the instance
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    Base = models.Field[Any, Any]
else:
    Base = object  # it stands before a column


class Encrypted(Base):
    """Mixin before a column: what the three fields have in common.

    In migrations it is the column of ciphertexts beneath: no schema and no migration depends on keys.
    """

    descriptor_class = _Opening
    stored_as: type[Stored] = Ciphertext

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        beneath = next(kind for kind in type(self).__mro__ if kind in {Sealed, SealedText})
        return name, f"{beneath.__module__}.{beneath.__name__}", args, kwargs

    # ---- Values and bytes ----------------------------------------------------------------------------------
    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, plain: bytes) -> Any:
        raise NotImplementedError

    # ---- Rows ----------------------------------------------------------------------------------------------
    def place(self, row: Any) -> Place:
        """The cell of ``row``; the platform's key seals rows that belong to no tenant."""
        return Place(str(row.tenant_id or PLATFORM_TENANT), self.model._meta.db_table, str(self.column), str(row.pk))

    def opened(self, row: Any, stored: Stored) -> Any:
        """What ``stored`` says.

        Raises:
            Unreadable: it does not open; the message says why.
        """
        plain = _vault[0].unseal(stored.envelope, self.place(row)) if stored else b""
        return self.from_bytes(plain)

    def stored(self, row: Any) -> Any:
        """What ``row`` holds, not opened."""
        return row.__dict__.get(self.attname)

    def pre_save(self, row: Any, add: bool) -> Any:
        """Seal what is plain. Behind it the row holds the ciphertext, as if it had been read."""
        value = self.stored(row)
        if value is not None and not isinstance(value, Stored):
            row.__dict__[self.attname] = value = self.sealed(row, value)
        return value

    def sealed(self, row: Any, value: Any) -> Stored:
        """``value`` as it is stored in ``row``. What is empty stays empty: a token that was revoked."""
        plain = self.to_bytes(value)
        blob = _vault[0].seal(plain, self.place(row)) if plain else b""
        return self.storable(blob)

    def storable(self, blob: bytes) -> Stored:
        return Ciphertext(blob)

    def value_from_object(self, row: Any) -> Any:
        """For forms, exports and the audit log: the ciphertext, or what was just given."""
        return self.stored(row)

    def clean(self, value: Any, row: Any) -> Any:
        return value

    # ---- The database --------------------------------------------------------------------------------------
    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else self.stored_as(_of_kind(self.stored_as, value))

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Stored):
            raise TypeError(f"{self.name}: expected a ciphertext; a plain value is set on a row and saved with it.")
        return value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        if value is None:
            return None
        return bytes(value) if isinstance(value, Ciphertext) else str.__str__(value)


class EncryptedBinaryField(Encrypted, Sealed[Any, Any]):
    """Bytes, encrypted."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"{self.name}: expected bytes, got {type(value).__name__}.")
        return bytes(value)

    def from_bytes(self, plain: bytes) -> bytes:
        return plain

    def to_python(self, value: Any) -> Any:
        """What a fixture holds is the ciphertext."""
        return _given(Ciphertext(super().to_python(value))) if isinstance(value, str) else value

    def value_to_string(self, row: Any) -> str:
        return super().value_to_string(row) if self.stored(row) is not None else ""


class EncryptedVectorField(EncryptedBinaryField):
    """``dimensions`` float32 values as a numpy array, encrypted; little-endian in the database."""

    def __init__(self, *args: Any, dimensions: int = 0, **kwargs: Any) -> None:
        self.dimensions = dimensions
        super().__init__(*args, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        array = np.asarray(value)
        if array.shape != (self.dimensions,) or array.dtype.kind not in "fiu":
            raise TypeError(
                f"{self.name}: expected {self.dimensions} numbers, got {array.dtype} of the shape {array.shape}."
            )
        plain: bytes = array.astype("<f4").tobytes()
        return plain

    def from_bytes(self, plain: bytes) -> Any:
        if len(plain) not in {0, 4 * self.dimensions}:
            raise Unreadable(f"It holds {len(plain)} bytes, {4 * self.dimensions} were expected.")
        return np.frombuffer(plain, dtype="<f4")


class EncryptedTextField(Encrypted, SealedText[Any, Any]):
    """Text, encrypted: ``tse1:`` and base64url in the database."""

    stored_as = CiphertextString

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name}: expected text, got {type(value).__name__}.")
        return value.encode()

    def from_bytes(self, plain: bytes) -> str:
        try:
            return plain.decode()
        except UnicodeDecodeError:
            raise Unreadable("It holds no text.") from None

    def storable(self, blob: bytes) -> Stored:
        return CiphertextString(as_text(blob) if blob else "")

    def to_python(self, value: Any) -> Any:
        return _given(CiphertextString(value)) if isinstance(value, str) else value


def _of_kind(kind: type[Stored], value: Any) -> Any:
    """What a row holds against its column's promise, as bytes or text: it opens as little as it should."""
    if kind is CiphertextString:
        return value if isinstance(value, str) else str(value)
    return value if isinstance(value, bytes | memoryview) else str(value).encode()


def _given(stored: Stored) -> Stored:
    stored.is_given = True
    return stored


def encrypted_fields(model: type[models.Model]) -> list[Any]:
    """The encrypted columns of ``model``."""
    return [field for field in model._meta.concrete_fields if isinstance(field, Encrypted)]


def check_readable(row: models.Model) -> None:
    """Ask before a row is saved: what cannot be read must not be covered up by a newer row.

    Raises:
        Unreadable: a cell does not open; names it.
    """
    for field in encrypted_fields(type(row)):
        value = field.stored(row)
        if isinstance(value, Stored):
            try:
                field.opened(row, value)
            except Unreadable as error:
                raise type(error)(f"{field.verbose_name} cannot be read, so the row is not saved. {error}") from None


def encrypted_models() -> list[type[models.Model]]:
    """Models with encrypted columns, in a fixed order."""
    found = [model for model in apps.get_models() if encrypted_fields(model)]
    return sorted(found, key=lambda model: model._meta.db_table)
