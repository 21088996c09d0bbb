import base64
import json
import stat
import subprocess
import sys

import pytest

from security.crypto.keyring import changing, master_key, open_keyring, pipeline_keys, versions_of
from security.exceptions import KeyringInvalid
from tests.processes import ROOT

KEY = bytes(range(32))
OTHER = bytes(32)
MASTER = bytes(range(32, 64))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "keyring.json"


def test_a_keyring_comes_back_as_it_was_saved(path):
    keyring = open_keyring(path, MASTER)
    keyring.add_pipeline_keys({"kms://t1/key": KEY})
    keyring.save()

    assert open_keyring(path, MASTER).keys == {"kms://t1/key": {"1": KEY}}


def test_only_its_owner_may_read_it(path):
    open_keyring(path, MASTER).save()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_key_twice_is_fine_and_another_is_refused(path):
    keyring = open_keyring(path, MASTER)
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
        open_keyring(path, MASTER)


def test_a_failed_save_leaves_the_old_file(path, monkeypatch):
    keyring = open_keyring(path, MASTER)
    keyring.add_pipeline_keys({"k": KEY})
    keyring.save()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    keyring.add_pipeline_keys({"k2": OTHER})

    with pytest.raises(OSError, match="disk full"):
        keyring.save()

    assert open_keyring(path, MASTER).keys == {"k": {"1": KEY}}
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_a_copy_of_the_file_opens_nothing(path):
    """Dies where keys lie in the file as they are."""
    keyring = open_keyring(path, MASTER)
    keyring.add_pipeline_keys({"k": KEY})
    keyring.save()

    assert base64.b64encode(KEY).decode() not in path.read_text()
    with pytest.raises(KeyringInvalid, match="another master key"):
        open_keyring(path, OTHER)


def test_a_key_that_was_put_under_another_name_does_not_open(path):
    keyring = open_keyring(path, MASTER)
    keyring.add_pipeline_keys({"k": KEY})
    keyring.save()
    path.write_text(path.read_text().replace('"k"', '"j"'))

    with pytest.raises(KeyringInvalid, match="j version 1"):
        open_keyring(path, MASTER)


def test_a_file_of_before_is_read_and_written_anew(path):
    path.parent.mkdir()
    path.write_text(json.dumps({"format": "nds-keyring/1", "keys": {"k": {"1": base64.b64encode(KEY).decode()}}}))
    assert versions_of(path, "k", MASTER) == {1: KEY}

    with changing(path.parent, MASTER) as keyring:
        keyring.keys["other"] = {"1": OTHER}

    assert "nds-keyring/2" in path.read_text()
    assert base64.b64encode(KEY).decode() not in path.read_text()
    assert versions_of(path, "k", MASTER) == {1: KEY}


def test_several_processes_lose_no_key(tmp_path):
    """Dies without the lock: who writes last would take the others' keys away."""
    work = (
        "import sys; from pathlib import Path; from security.crypto.local import LocalKeyring\n"
        "for n in range(12): LocalKeyring(Path(sys.argv[1])).prepare(f'kms://{sys.argv[2]}-{n}/key')"
    )
    running = [subprocess.Popen([sys.executable, "-c", work, str(tmp_path), name], cwd=ROOT) for name in "abcd"]
    assert [process.wait(60) for process in running] == [0] * 4

    keys = open_keyring(tmp_path / "keyring.json", master_key(tmp_path)).keys
    assert len(keys) == 48


class TestMasterKey:
    def test_it_is_made_once_and_told_where(self, tmp_path, caplog):
        with caplog.at_level("WARNING"):
            first = master_key(tmp_path)

        assert master_key(tmp_path) == first
        assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
        assert str(tmp_path / "master.key") in caplog.text
        assert base64.b64encode(first).decode() not in caplog.text

    def test_one_that_is_given_needs_no_file(self, tmp_path):
        assert master_key(tmp_path, base64.b64encode(KEY).decode()) == KEY
        assert list(tmp_path.iterdir()) == []

    def test_a_lost_one_is_not_made_anew(self, path):
        """Dies where another master key would hide that the keyring cannot be opened any more."""
        keyring = open_keyring(path, MASTER)
        keyring.add_pipeline_keys({"k": KEY})
        keyring.save()

        with pytest.raises(KeyringInvalid, match="is missing, and the keyring beside it"):
            master_key(path.parent)

    @pytest.mark.parametrize("text", ["", "short", "AAAA", "%%%"])
    def test_a_file_that_holds_none_is_refused(self, tmp_path, text):
        (tmp_path / "master.key").write_text(text)

        with pytest.raises(KeyringInvalid):
            master_key(tmp_path)
