"""The oldest entries of each trail, sealed: RFC 6962 trees over salted commitments, a checkpoint with a signed note.

    leaf = SHA-256(0x00 ‖ "SAL1" ‖ c0 … c12), ck = SHA-256(saltk ‖ k ‖ value); node = SHA-256(0x01 ‖ left ‖ right)

The note is a C2SP signed note (https://c2sp.org/tlog-checkpoint) under a key of the demo's own.
"""

import base64
import hashlib
from collections import defaultdict
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ndsadmin.demo.world import World
from security.columns.times import format_time
from security.models import AuditCheckpoint, AuditLog, AuditSeal

SEALED = 40  # entries a trail: enough to look at


def seal(world: World) -> None:
    trails: dict[str, list[AuditLog]] = defaultdict(list)
    for entry in sorted(world.of(AuditLog), key=lambda entry: (entry.timestamp, entry.log_id)):
        trails[entry.tenant_id or "system"].append(entry)
    signer = Ed25519PrivateKey.from_private_bytes(world.chance.randbytes(32))
    for trail, entries in sorted(trails.items()):
        origin = f"nds-demo.example/audit/{trail}"
        leaves = []
        for number, entry in enumerate(entries[:SEALED]):
            salt = world.chance.randbytes(16)
            leaves.append(leaf(entry, salt))
            world.add(AuditSeal(origin=origin, seq=number, log=entry, leaf=text(leaves[-1]), salt=text(salt)))
        world.add(
            AuditCheckpoint(
                origin=origin,
                tree_size=len(leaves),
                prev_size=0,
                root=text(root(leaves)),
                frontier=[text(node) for node in frontier(leaves)],
                note=note(origin, len(leaves), root(leaves), signer),
                created_at=world.ago(hours=2),
            )
        )


def leaf(entry: AuditLog, salt: bytes) -> bytes:
    """The leaf of ``entry``: 32 bytes over one salted commitment a column."""
    commitments = b""
    for number, field in enumerate(entry._meta.concrete_fields):
        column_salt = hashlib.sha256(b"colsalt" + salt + bytes([number])).digest()[:16]
        value = encoded(field.value_from_object(entry))
        commitments += hashlib.sha256(column_salt + bytes([number]) + value).digest()
    return hashlib.sha256(b"\x00SAL1" + commitments).digest()


def encoded(value: Any) -> bytes:
    """A value by its type and length, so that no two are written alike."""
    if value is None:
        return b"N"
    if isinstance(value, bool):
        return b"I" + str(int(value)).encode()
    plain = format_time(value) if hasattr(value, "tzinfo") else str(value)
    return b"T" + str(len(plain)).encode() + b":" + plain.encode()


def root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


def frontier(leaves: list[bytes]) -> list[bytes]:
    """The roots of the perfect subtrees that ``leaves`` end with, the largest first."""
    found, at = [], 0
    for bit in reversed(range(len(leaves).bit_length())):
        size = 1 << bit
        if len(leaves) & size:
            found.append(root(leaves[at : at + size]))
            at += size
    return found


def note(origin: str, size: int, tree: bytes, signer: Ed25519PrivateKey) -> str:
    body = f"{origin}\n{size}\n{text(tree)}\n"
    public = signer.public_key().public_bytes_raw()
    key_id = hashlib.sha256(f"{origin}\n".encode() + b"\x01" + public).digest()[:4]
    return f"{body}\n— {origin} {text(key_id + signer.sign(body.encode()))}\n"


def text(value: bytes) -> str:
    return base64.b64encode(value).decode()
