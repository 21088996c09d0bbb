"""A key management service that is as strict as AWS KMS: what moto lets pass, this refuses.

Real KMS: a disabled key and one that waits for its deletion do nothing; a wrong encryption context, a changed blob and
a foreign key are refused; a deletion waits 7 to 30 days (https://docs.aws.amazon.com/kms/latest/APIReference/).
"""

import datetime as dt
import json
import os
import uuid

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class StrictKms:
    """The calls that we make, with boto3's arguments and answers; ``calls`` remembers them."""

    def __init__(self) -> None:
        self.keys: dict[str, dict] = {}
        self.aliases: dict[str, str] = {}
        self.calls: list[tuple[str, dict]] = []

    def create_key(self, **given):
        self._called("create_key", given)
        name = str(uuid.uuid4())
        self.keys[name] = {"secret": os.urandom(32), "KeyState": "Enabled"}
        return {"KeyMetadata": {"KeyId": name, "KeyState": "Enabled"}}

    def create_alias(self, *, AliasName, TargetKeyId):
        self._called("create_alias", {"AliasName": AliasName})
        if AliasName in self.aliases:
            self._refuse("AlreadyExistsException", "CreateAlias")
        self.aliases[AliasName] = TargetKeyId

    def describe_key(self, *, KeyId):
        name, key = self._found(KeyId, "DescribeKey")
        shown = {k: v for k, v in key.items() if k != "secret"}
        return {"KeyMetadata": {"KeyId": name, **shown}}

    def generate_data_key(self, *, KeyId, NumberOfBytes, EncryptionContext):
        self._called("generate_data_key", EncryptionContext)
        plain = os.urandom(NumberOfBytes)
        blob = self._sealed(KeyId, plain, EncryptionContext, "GenerateDataKey")
        return {"Plaintext": plain, "CiphertextBlob": blob}

    def encrypt(self, *, KeyId, Plaintext, EncryptionContext):
        self._called("encrypt", EncryptionContext)
        return {"CiphertextBlob": self._sealed(KeyId, Plaintext, EncryptionContext, "Encrypt")}

    def decrypt(self, *, KeyId, CiphertextBlob, EncryptionContext):
        self._called("decrypt", EncryptionContext)
        name, key = self._usable(KeyId, "Decrypt")
        if CiphertextBlob[:36].decode(errors="replace") != name:
            self._refuse("IncorrectKeyException", "Decrypt")
        body = CiphertextBlob[36:]
        try:
            plain = AESGCM(key["secret"]).decrypt(body[:12], body[12:], _context(EncryptionContext))
        except InvalidTag:
            self._refuse("InvalidCiphertextException", "Decrypt")
        return {"Plaintext": plain}

    def schedule_key_deletion(self, *, KeyId, PendingWindowInDays):
        name, key = self._found(KeyId, "ScheduleKeyDeletion")
        if not 7 <= PendingWindowInDays <= 30:
            self._refuse("ValidationException", "ScheduleKeyDeletion")
        if key["KeyState"] == "PendingDeletion":
            self._refuse("KMSInvalidStateException", "ScheduleKeyDeletion")
        date = dt.datetime.now(dt.UTC) + dt.timedelta(days=PendingWindowInDays)
        key.update(KeyState="PendingDeletion", DeletionDate=date)
        return {"KeyId": name, "DeletionDate": date}

    def disable(self, alias: str) -> None:
        self.keys[self.aliases[alias]]["KeyState"] = "Disabled"

    def _sealed(self, key_id, plain, context, what):
        name, key = self._usable(key_id, what)
        iv = os.urandom(12)
        return name.encode() + iv + AESGCM(key["secret"]).encrypt(iv, plain, _context(context))

    def _usable(self, key_id, what):
        name, key = self._found(key_id, what)
        if key["KeyState"] == "Disabled":
            self._refuse("DisabledException", what)
        if key["KeyState"] != "Enabled":
            self._refuse("KMSInvalidStateException", what)
        return name, key

    def _found(self, key_id, what):
        name = self.aliases.get(key_id, key_id)
        if name not in self.keys:
            self._refuse("NotFoundException", what)
        return name, self.keys[name]

    def _called(self, name, given):
        self.calls.append((name, given))

    def _refuse(self, code, what):
        raise ClientError({"Error": {"Code": code, "Message": "what was sent"}}, what)


def _context(given: dict[str, str]) -> bytes:
    return json.dumps(given, sort_keys=True).encode()
