import base64
import json
import stat

import pytest

from security.crypto.keyring import open_keyring, pipeline_keys
from security.exceptions import KeyringInvalid

KEY = bytes(range(32))
OTHER = bytes(32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "keyring.json"


def test_a_keyring_comes_back_as_it_was_saved(path):
    keyring = open_keyring(path)
    keyring.add_pipeline_keys({"kms://t1/key": KEY})
    keyring.save()

    assert open_keyring(path).keys == {"kms://t1/key": {"1": KEY}}


def test_only_its_owner_may_read_it(path):
    open_keyring(path).save()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_key_twice_is_fine_and_another_is_refused(path):
    keyring = open_keyring(path)
    keyring.add_pipeline_keys({"k": KEY})
    keyring.add_pipeline_keys({"k": KEY})

    with pytest.raises(KeyringInvalid, match="k: the keyring holds another"):
        keyring.add_pipeline_keys({"k": OTHER})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no json", "expected a JSON object"),
        ("[]", "got list"),
        ('{"k": "%%%"}', "k: expected base64"),
        ('{"k": 7}', "k: expected base64"),
        ('{"k": "AAAA"}', "k: expected 32 bytes, got 3"),
    ],
)
def test_a_pipelines_key_file_that_is_none_is_refused_by_name(tmp_path, text, told):
    path = tmp_path / "keys.json"
    path.write_text(text)

    with pytest.raises(KeyringInvalid, match=told):
        pipeline_keys(path)


def test_a_refusal_never_tells_the_key(tmp_path):
    path = tmp_path / "keys.json"
    secret = base64.b64encode(b"only 30 bytes of a secret key.").decode()
    path.write_text(json.dumps({"k": secret}))

    with pytest.raises(KeyringInvalid) as refusal:
        pipeline_keys(path)

    assert secret not in str(refusal.value)


@pytest.mark.parametrize("text", ['{"format": "other", "keys": {}}', '{"format": "nds-keyring/1", "keys": []}'])
def test_a_file_of_another_format_is_no_keyring(path, text):
    path.parent.mkdir()
    path.write_text(text)

    with pytest.raises(KeyringInvalid, match="expected a file of format"):
        open_keyring(path)


def test_a_failed_save_leaves_the_old_file(path, monkeypatch):
    keyring = open_keyring(path)
    keyring.add_pipeline_keys({"k": KEY})
    keyring.save()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    keyring.add_pipeline_keys({"k2": OTHER})

    with pytest.raises(OSError, match="disk full"):
        keyring.save()

    assert open_keyring(path).keys == {"k": {"1": KEY}}
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]
