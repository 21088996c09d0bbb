"""One suite for all who hold wrapping keys: the local keyring, AWS KMS as strict as it is, and AWS's calls as moto
knows them (which takes keys that are disabled for usable: those tests are not for it)."""

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from security.crypto.aws import AwsKms
from security.crypto.local import LocalKeyring
from security.crypto.providers import KeyCondition, KeyContext
from security.exceptions import ProviderFailed, Unreadable
from tests.security.crypto.kms import StrictKms

ONE = KeyContext("t1", "data", 1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture(params=["local", "strict", "moto"])
def provider(request, tmp_path, monkeypatch):
    if request.param == "local":
        yield LocalKeyring(tmp_path)
    elif request.param == "strict":
        yield AwsKms(30, StrictKms())
    else:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_aws():
            yield AwsKms(30, boto3.client("kms"))


@pytest.fixture
def reference(provider):
    made = provider.reference("t1", "kms://t1/key")
    provider.prepare(made)
    return made


def test_the_wrapping_key_is_made_once(provider):
    reference = provider.reference("t1", "kms://t1/key")
    assert provider.condition(reference) is KeyCondition.MISSING
    provider.prepare(reference)
    wrapped = provider.generate(reference, ONE).wrapped
    provider.prepare(reference)

    assert provider.condition(reference) is KeyCondition.USABLE
    assert provider.unwrap(reference, wrapped, ONE)


def test_a_data_key_comes_back(provider, reference):
    made = provider.generate(reference, ONE)

    assert len(made.plain) == 32
    assert made.plain not in made.wrapped
    assert provider.unwrap(reference, made.wrapped, ONE) == made.plain
    assert provider.generate(reference, ONE).plain != made.plain
    assert made.plain.hex() not in repr(made)


def test_a_pipelines_key_can_be_wrapped(provider, reference):
    key = bytes(range(32))

    assert provider.unwrap(reference, provider.wrap(reference, key, ONE), ONE) == key


@pytest.mark.parametrize("other", [ONE._replace(tenant="t2"), ONE._replace(purpose="index"), ONE._replace(version=2)])
def test_it_is_bound_to_whose_it_is(provider, reference, other):
    """Dies without context: a wrapped key put into another tenant's row would unwrap there."""
    with pytest.raises(Unreadable):
        provider.unwrap(reference, provider.generate(reference, ONE).wrapped, other)


def test_a_changed_one_does_not_unwrap(provider, reference):
    wrapped = bytearray(provider.generate(reference, ONE).wrapped)
    wrapped[-1] ^= 1

    with pytest.raises(ProviderFailed):
        provider.unwrap(reference, bytes(wrapped), ONE)


def test_another_tenants_key_does_not_unwrap_it(provider, reference):
    other = provider.reference("t2", "kms://t2/key")
    provider.prepare(other)

    with pytest.raises(Unreadable):
        provider.unwrap(other, provider.generate(reference, ONE).wrapped, ONE)


def test_without_wrapping_key_nothing_works(provider):
    missing = provider.reference("t9", "kms://t9/key")
    with pytest.raises(Unreadable):
        provider.generate(missing, ONE)
    with pytest.raises(Unreadable):
        provider.unwrap(missing, b"x" * 80, ONE)


def test_what_was_destroyed_is_no_use_and_may_be_destroyed_again(provider, reference, request):
    wrapped = provider.generate(reference, ONE).wrapped
    first = provider.destroy(reference, now())
    again = provider.destroy(reference, now())

    assert abs(again.gone_at - first.gone_at) < dt.timedelta(seconds=5)
    assert provider.condition(reference) is not KeyCondition.USABLE
    if "moto" not in request.node.callspec.id:
        with pytest.raises(Unreadable):
            provider.unwrap(reference, wrapped, ONE)
        with pytest.raises(Unreadable):
            provider.generate(reference, ONE)


class TestAws:
    @pytest.fixture
    def kms(self):
        return StrictKms()

    def test_a_disabled_key_and_one_that_leaves_do_nothing(self, kms):
        aws = AwsKms(7, kms)
        aws.prepare("alias/nds-t1")
        wrapped = aws.generate("alias/nds-t1", ONE).wrapped
        kms.disable("alias/nds-t1")

        assert aws.condition("alias/nds-t1") is KeyCondition.DISABLED
        with pytest.raises(ProviderFailed, match="DisabledException"):
            aws.unwrap("alias/nds-t1", wrapped, ONE)

    def test_a_deletion_waits_as_long_as_it_was_told(self, kms):
        aws = AwsKms(12, kms)
        aws.prepare("alias/nds-t1")
        gone = aws.destroy("alias/nds-t1", now())

        assert gone.revocable
        assert abs(gone.gone_at - now() - dt.timedelta(days=12)) < dt.timedelta(minutes=1)
        assert aws.condition("alias/nds-t1") is KeyCondition.LEAVING

    def test_the_trail_of_aws_says_whose_key(self, kms):
        aws = AwsKms(30, kms)
        aws.prepare("alias/nds-t1")
        aws.generate("alias/nds-t1", ONE)

        assert kms.calls[-1] == ("generate_data_key", {"tenant": "t1", "purpose": "data", "version": "1"})

    def test_an_error_is_named_and_tells_nothing_else(self, kms):
        with pytest.raises(ProviderFailed) as failed:
            AwsKms(30, kms).generate("alias/nds-nobody", ONE)

        assert str(failed.value) == "AWS KMS refused generate_data_key: NotFoundException."

    def test_a_silent_service_is_an_error_of_ours(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        client = boto3.client("kms", region_name="eu-west-1", endpoint_url="http://127.0.0.1:9")

        with pytest.raises(ProviderFailed, match="did not answer"):
            AwsKms(30, client).condition("alias/nds-t1")
