"""The local keyring: keys that lie beside the database, never in it.

A JSON file, readable by its owner alone::

    {"format": "nds-keyring/1", "keys": {"kms://tenant_001/key": {"1": "<32 bytes, base64>"}}}

A key id maps versions to keys; a pipeline's own key is version 1.
"""

import base64
import binascii
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from security.exceptions import KeyringInvalid

FORMAT = "nds-keyring/1"
KEY_BYTES = 32  # AES-256
FILE_NAME = "keyring.json"


@dataclass(slots=True)
class Keyring:
    """Keys by id and version, and the file they are kept in."""

    path: Path
    keys: dict[str, dict[str, bytes]]

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
            key_id: {version: base64.b64encode(key).decode() for version, key in sorted(versions.items())}
            for key_id, versions in sorted(self.keys.items())
        }
        return json.dumps({"format": FORMAT, "keys": encoded}, indent=1) + "\n"

    def save(self) -> None:
        """Write the file anew, or leave the old one as it was."""
        write_private(self.path, self.text())


def open_keyring(path: Path) -> Keyring:
    """The keyring in ``path``; an empty one where there is no file yet.

    Raises:
        KeyringInvalid: the file is none.
    """
    if not path.exists():
        return Keyring(path, {})
    document = _document(path)
    keys = document.get("keys")
    if document.get("format") != FORMAT or not isinstance(keys, dict) or not _are_versions(keys):
        raise KeyringInvalid(f"{path.name}: expected a file of format {FORMAT}.")
    return Keyring(
        path,
        {
            key_id: {version: _key(f"{key_id} version {version}", text) for version, text in versions.items()}
            for key_id, versions in keys.items()
        },
    )


def pipeline_keys(path: Path) -> dict[str, bytes]:
    """The keys in a pipeline's key file: a JSON object of key id and base64.

    Raises:
        KeyringInvalid: the file is none, or an entry is no key; the message names it.
    """
    return {key_id: _key(key_id, text) for key_id, text in _document(path).items()}


def write_private(path: Path, text: str) -> None:
    """Write ``text`` into a file that its owner alone may read; the file is whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise KeyringInvalid(f"{path.name}: expected a JSON object of keys.") from error
    if not isinstance(document, dict):
        raise KeyringInvalid(f"{path.name}: expected a JSON object of keys, got {type(document).__name__}.")
    return document


def _are_versions(keys: dict[str, Any]) -> bool:
    return all(isinstance(versions, dict) for versions in keys.values())


def _key(name: str, text: Any) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise KeyringInvalid(f"{name}: expected base64, got something else.") from error
    if len(key) != KEY_BYTES:
        raise KeyringInvalid(f"{name}: expected {KEY_BYTES} bytes, got {len(key)}.")
    return key
