"""The local keyring: keys that lie beside the database, never in it.

A JSON file, readable by its owner alone::

    {"format": "nds-keyring/2", "keys": {"kms://tenant_001/key": {"1": "<an envelope, base64>"}}}

A key id maps versions to keys; a pipeline's own key is version 1. Each key is sealed (`security.crypto.envelope`) under
the master key, which comes from ``NDS_MASTER_KEY`` or lies in a file of its own: a copy of the keyring alone opens
nothing. A file of before (``nds-keyring/1``) holds the keys themselves; it is read, and written anew with the next key.

Several processes may add keys: a lock file makes each see what the others wrote.
"""

import base64
import binascii
import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import local
from typing import Any

from security.crypto.envelope import KEY, Place, seal, unseal
from security.exceptions import KeyringInvalid, Unreadable

FORMAT, OLD_FORMAT = "nds-keyring/2", "nds-keyring/1"
FILE_NAME = "keyring.json"
MASTER_FILE = "master.key"
MASTER_VERSION = 1

_held = local()
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Keyring:
    """Keys by id and version, and the file they are kept in."""

    path: Path
    keys: dict[str, dict[str, bytes]] = field(repr=False)
    master: bytes = field(repr=False)

    def add_pipeline_keys(self, keys: Mapping[str, bytes]) -> None:
        """Take a pipeline's keys in as version 1.

        Raises:
            KeyringInvalid: another key is kept as that version already.
        """
        for key_id, key in keys.items():
            versions = self.keys.setdefault(key_id, {})
            if versions.setdefault("1", key) != key:
                raise KeyringInvalid(f"{key_id}: the keyring holds another version 1 of this key.")

    def text(self) -> str:
        """What its file holds."""
        encoded = {
            key_id: {version: self._sealed(key_id, version, key) for version, key in sorted(versions.items())}
            for key_id, versions in sorted(self.keys.items())
        }
        return json.dumps({"format": FORMAT, "keys": encoded}, indent=1) + "\n"

    def save(self) -> None:
        """Write the file anew, or leave the old one as it was."""
        write_private(self.path, self.text())

    def _sealed(self, key_id: str, version: str, key: bytes) -> str:
        return base64.b64encode(seal(self.master, MASTER_VERSION, key, _place(key_id, version))).decode()


def open_keyring(path: Path, master: bytes) -> Keyring:
    """The keyring in ``path``; an empty one where there is no file yet.

    Raises:
        KeyringInvalid: the file is none, or was made with another master key.
    """
    texts, is_sealed = _texts(path)
    found = {
        key_id: {version: _read(key_id, version, text, master if is_sealed else None) for version, text in kept.items()}
        for key_id, kept in texts.items()
    }
    return Keyring(path, found, master)


def versions_of(path: Path, key_id: str, master: bytes) -> dict[int, bytes]:
    """The versions of one key; empty where the keyring in ``path`` does not hold it.

    Raises:
        KeyringInvalid: see `open_keyring`.
    """
    texts, is_sealed = _texts(path)
    kept = texts.get(key_id, {})
    return {int(version): _read(key_id, version, text, master if is_sealed else None) for version, text in kept.items()}


def _texts(path: Path) -> tuple[dict[str, dict[str, Any]], bool]:
    """What the file holds, and whether its keys are sealed."""
    if not path.exists():
        return {}, True
    document = _document(path)
    keys, form = document.get("keys"), document.get("format")
    if form not in {FORMAT, OLD_FORMAT} or not isinstance(keys, dict) or not _are_versions(keys):
        raise KeyringInvalid(f"{path.name}: expected a file of format {FORMAT}.")
    return keys, form == FORMAT


def _read(key_id: str, version: str, text: Any, master: bytes | None) -> bytes:
    name = f"{key_id} version {version}"
    return _key(name, text) if master is None else _unsealed(name, text, master, _place(key_id, version))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other process changes the keyring in ``folder`` inside of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    depth: int = getattr(_held, "depth", 0)
    with (folder / f".{FILE_NAME}.lock").open("a") as lock:
        if not depth:  # else this thread holds it
            fcntl.flock(lock, fcntl.LOCK_EX)
        _held.depth = depth + 1
        try:
            yield
        finally:
            _held.depth = depth


@contextmanager
def changing(folder: Path, master: bytes) -> Iterator[Keyring]:
    """The keyring in ``folder``, saved when the block ends well and changed it."""
    with locked(folder):
        keyring = open_keyring(folder / FILE_NAME, master)
        before = {key_id: dict(versions) for key_id, versions in keyring.keys.items()}
        yield keyring
        if keyring.keys != before:
            keyring.save()


def master_key(folder: Path, given: str = "") -> bytes:
    """The key that the keyring is sealed under: ``given`` (base64), or the one in ``folder``, made where there is none.

    Raises:
        KeyringInvalid: it is no key; or the file is missing beside a keyring that was sealed with it.
    """
    if given:
        return _key("NDS_MASTER_KEY", given)
    path = folder / MASTER_FILE
    if not path.exists():
        if (folder / FILE_NAME).exists() and _document(folder / FILE_NAME).get("format") == FORMAT:
            raise KeyringInvalid(
                f"{path} is missing, and the keyring beside it was sealed with it: put it back, or set NDS_MASTER_KEY."
            )
        _make_master(path)
    return _key(str(path), path.read_text(encoding="ascii", errors="replace").strip())


def _make_master(path: Path) -> None:
    """Whole or not at all, and the first of several processes wins."""
    with _beside(path, base64.b64encode(os.urandom(KEY)).decode() + "\n") as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    log.warning(
        "A master key was made: %s. Whatever is encrypted is lost without it: keep a copy apart from the database's "
        "backups, or hand it over as NDS_MASTER_KEY.",
        path,
    )


def pipeline_keys(path: Path) -> dict[str, bytes]:
    """The keys in a pipeline's key file: a JSON object of key id and base64.

    Raises:
        KeyringInvalid: the file is none, or an entry is no key; the message names it.
    """
    return {key_id: _key(key_id, text) for key_id, text in _document(path).items()}


def write_private(path: Path, text: str) -> None:
    """Write ``text`` into a file that its owner alone may read; the file is whole or as it was."""
    with _beside(path, text) as temporary:
        temporary.replace(path)


@contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    """A file of its owner alone, beside ``path``, that holds ``text`` on the disk; what is left of it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise KeyringInvalid(f"{path.name}: expected a JSON object of keys.") from error
    if not isinstance(document, dict):
        raise KeyringInvalid(f"{path.name}: expected a JSON object of keys, got {type(document).__name__}.")
    return document


def _are_versions(keys: dict[str, Any]) -> bool:
    return all(isinstance(versions, dict) and all(map(str.isdecimal, versions)) for versions in keys.values())


def _place(key_id: str, version: str) -> Place:
    return Place("", "keyring", key_id, version)


def _unsealed(name: str, text: Any, master: bytes, place: Place) -> bytes:
    try:
        key = unseal(lambda _: master, base64.b64decode(text, validate=True), place)
    except (TypeError, ValueError, binascii.Error):
        raise KeyringInvalid(f"{name}: expected base64, got something else.") from None
    except Unreadable:
        raise KeyringInvalid(f"{name}: it was sealed with another master key, or changed.") from None
    if len(key) != KEY:
        raise KeyringInvalid(f"{name}: expected {KEY} bytes, got {len(key)}.")
    return key


def _key(name: str, text: Any) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise KeyringInvalid(f"{name}: expected base64, got something else.") from error
    if len(key) != KEY:
        raise KeyringInvalid(f"{name}: expected {KEY} bytes, got {len(key)}.")
    return key
