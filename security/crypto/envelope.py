"""TSE1: a value sealed for its exact cell of a table (docs/ciphertext.md gives the format for other programs).

    offset  bytes  what
         0      4  "TSE1"
         4      1  suite, 0x01: HKDF-SHA256 and AES-256-GCM
         5      1  flags, 0x00
         6      4  version of the tenant's data key, big-endian
        10     24  salt, random
        34     32  commitment to the key
        66      n  ciphertext
      66+n     16  tag

From data key and salt HKDF derives a key for this one value (so the GCM nonce is 12 zero bytes) and the commitment,
which a second key cannot meet. Header and cell are authenticated: moved into another row, column, table or tenant, or
under another version, an envelope does not open.

Values of before are ``iv(12) | ciphertext | tag(16)`` under version 1, bound to no cell.
"""

import base64
import binascii
import hmac
import os
import struct
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from security.exceptions import Unreadable

MAGIC = b"TSE1"
START = MAGIC + b"\x01\x00"  # with suite and flags
SALT, COMMITMENT, TAG = 24, 32, 16  # bytes
HEADER = len(START) + 4 + SALT + COMMITMENT
OVERHEAD = HEADER + TAG
KEY = 32  # bytes
TEXT = "tse1:"
"""What an envelope in a text column starts with; base64url without padding follows."""
LEGACY_VERSION = 1
_INFO = b"TSE1/01 key+commit"
_NONCE = bytes(12)
_SHA256 = hashes.SHA256()
LONGEST = 0xFFFF  # bytes of a part of a place

KeyOf = Callable[[int], bytes]


class Place(NamedTuple):
    """The cell that a value is sealed for; ``row`` is its primary key, known before the row is stored."""

    tenant: str
    table: str
    column: str
    row: str


def seal(key: bytes, version: int, plain: bytes, place: Place, *, salt: bytes | None = None) -> bytes:
    """``plain`` as an envelope under ``version`` of a data key (32 bytes). ``salt`` is for known answers alone.

    Raises:
        ValueError: a part of the place is longer than 65,535 bytes.
    """
    salt = os.urandom(SALT) if salt is None else salt
    stamp = struct.pack(">I", version)
    derived = _derive(key, salt, stamp)
    header = START + stamp + salt + derived[KEY:]
    return header + AESGCM(derived[:KEY]).encrypt(_NONCE, plain, header + _context(place))


def unseal(key_of: KeyOf, blob: bytes, place: Place) -> bytes:
    """The value in ``blob``, an envelope or a value of before.

    ``key_of`` gives the tenant's data key by its version.

    Raises:
        Unreadable: it was sealed for another cell, or changed, or is none; the message says which as far as it can be
            known. Whatever ``key_of`` raises.
    """
    if blob[: len(MAGIC)] != MAGIC:
        return _unseal_legacy(key_of, blob)
    if blob[: len(START)] != START:
        raise Unreadable("It is sealed in a way that this version does not know.")
    if len(blob) < OVERHEAD:
        raise Unreadable(f"It is cut off: {len(blob)} bytes, at least {OVERHEAD} were expected.")
    stamp, salt, commitment = blob[6:10], blob[10:34], blob[34:HEADER]
    derived = _derive(key_of(int.from_bytes(stamp)), salt, stamp)
    if not hmac.compare_digest(derived[KEY:], commitment):
        raise Unreadable("It was sealed with another key, or changed.")
    try:
        return AESGCM(derived[:KEY]).decrypt(_NONCE, blob[HEADER:], blob[:HEADER] + _context(place))
    except InvalidTag:
        raise Unreadable("It was sealed for another cell, or changed.") from None


def seal_legacy(key: bytes, plain: bytes) -> bytes:
    """``plain`` as workers read it that know no envelopes yet (``NDS_ENVELOPE=legacy``)."""
    iv = os.urandom(12)
    return iv + AESGCM(key).encrypt(iv, plain, None)


def version_of(blob: bytes) -> int:
    """The version of the data key that ``blob`` is sealed under; 0 for a value of before."""
    return int.from_bytes(blob[6:10]) if blob[: len(MAGIC)] == MAGIC else 0


def as_text(blob: bytes) -> str:
    """``blob`` for a text column."""
    return TEXT + base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """What `as_text` was given; base64 of a value of before.

    Raises:
        Unreadable: it is neither.
    """
    is_envelope = text.startswith(TEXT)
    body = text.removeprefix(TEXT)
    try:
        found = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_" if is_envelope else None, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("It is no ciphertext.") from None
    if is_envelope != (found[: len(MAGIC)] == MAGIC) or (is_envelope and as_text(found) != text):
        raise Unreadable("It is no ciphertext.")  # one value, one text: padding bits could hide a message
    return found


def _unseal_legacy(key_of: KeyOf, blob: bytes) -> bytes:
    if len(blob) < len(_NONCE) + TAG:
        raise Unreadable(f"It is no ciphertext: {len(blob)} bytes.")
    try:
        return AESGCM(key_of(LEGACY_VERSION)).decrypt(blob[:12], blob[12:], None)
    except InvalidTag:
        raise Unreadable("It was sealed with another key, or changed.") from None


def _derive(key: bytes, salt: bytes, stamp: bytes) -> bytes:
    """The key of one value, and the commitment to it."""
    return HKDF(_SHA256, KEY + COMMITMENT, salt, _INFO + stamp).derive(key)


def _context(place: Place) -> bytes:
    """The cell as bytes: each part with its length in front, so that no two cells give the same."""
    parts = [part.encode() for part in place]
    if any(len(part) > LONGEST for part in parts):
        raise ValueError(f"A cell's address has a part of more than {LONGEST:,} bytes.")
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)
