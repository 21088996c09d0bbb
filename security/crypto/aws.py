"""AWS KMS as a provider of keys: one customer managed key a tenant, ``alias/nds-{tenant_id}``.

The calls, their errors and limits: https://docs.aws.amazon.com/kms/latest/APIReference/. The data key is bound to its
tenant, purpose and version by the encryption context, which CloudTrail shows with every call.
"""

import datetime as dt
from typing import Any

from security.crypto.envelope import KEY
from security.crypto.providers import DataKey, Destruction, KeyCondition, KeyContext
from security.exceptions import ProviderFailed

CONDITIONS = {
    "Enabled": KeyCondition.USABLE,
    "Disabled": KeyCondition.DISABLED,
    "PendingDeletion": KeyCondition.LEAVING,
    "PendingReplicaDeletion": KeyCondition.LEAVING,
}
MISSING = "NotFoundException"


class AwsKms:
    """Wrapping keys in AWS KMS. Credentials and region are found as boto3 finds them."""

    name = "aws"

    def __init__(self, window: int, client: Any = None) -> None:
        """``window``: days that a key waits for its deletion, 7 to 30."""
        self._window, self._made = window, client

    def reference(self, tenant_id: str, kms_key_id: str) -> str:
        return f"alias/nds-{tenant_id}"

    def prepare(self, reference: str) -> None:
        if self.condition(reference) is KeyCondition.MISSING:
            made = self._call("create_key", KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")
            key_id = made["KeyMetadata"]["KeyId"]
            self._call("create_alias", AliasName=reference, TargetKeyId=key_id)

    def generate(self, reference: str, context: KeyContext) -> DataKey:
        given = self._call(
            "generate_data_key", KeyId=reference, NumberOfBytes=KEY, EncryptionContext=_encryption_context(context)
        )
        return DataKey(given["Plaintext"], given["CiphertextBlob"])

    def wrap(self, reference: str, plain: bytes, context: KeyContext) -> bytes:
        given = self._call("encrypt", KeyId=reference, Plaintext=plain, EncryptionContext=_encryption_context(context))
        wrapped: bytes = given["CiphertextBlob"]
        return wrapped

    def unwrap(self, reference: str, wrapped: bytes, context: KeyContext) -> bytes:
        given = self._call(
            "decrypt", KeyId=reference, CiphertextBlob=wrapped, EncryptionContext=_encryption_context(context)
        )
        plain: bytes = given["Plaintext"]
        return plain

    def destroy(self, reference: str, now: dt.datetime) -> Destruction:
        if self.condition(reference) is KeyCondition.MISSING:
            return Destruction(now, revocable=False)
        found = self._call("describe_key", KeyId=reference)["KeyMetadata"]
        if CONDITIONS.get(found["KeyState"]) is not KeyCondition.LEAVING:
            found = self._call("schedule_key_deletion", KeyId=found["KeyId"], PendingWindowInDays=self._window)
        return Destruction(found["DeletionDate"], revocable=True)

    def condition(self, reference: str) -> KeyCondition:
        try:
            found = self._call("describe_key", KeyId=reference)
        except ProviderFailed as error:
            if MISSING in str(error):
                return KeyCondition.MISSING
            raise
        return CONDITIONS.get(found["KeyMetadata"]["KeyState"], KeyCondition.DISABLED)

    def _call(self, name: str, **given: Any) -> Any:
        """Call KMS. Its errors are named by their code: the message could hold what was sent."""
        import botocore.exceptions  # noqa: PLC0415  # an extra

        try:
            return getattr(self._client(), name)(**given)
        except botocore.exceptions.ClientError as error:
            raise ProviderFailed(f"AWS KMS refused {name}: {error.response['Error']['Code']}.") from None
        except botocore.exceptions.BotoCoreError as error:
            raise ProviderFailed(f"AWS KMS did not answer {name}: {type(error).__name__}.") from None

    def _client(self) -> Any:
        if self._made is None:
            import boto3  # noqa: PLC0415

            self._made = boto3.client("kms")
        return self._made


def _encryption_context(context: KeyContext) -> dict[str, str]:
    return {name: str(value) for name, value in context._asdict().items()}
