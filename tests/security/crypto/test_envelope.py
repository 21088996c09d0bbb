"""The envelope: known answers, whatever was changed is refused, and whatever is moved."""

import base64
import json
import os
import random
import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from security.crypto.envelope import (
    HEADER,
    OVERHEAD,
    Place,
    as_text,
    from_text,
    seal,
    seal_legacy,
    unseal,
    version_of,
)
from security.exceptions import Unreadable
from tests.conftest import DATA
from tests.processes import ROOT

KNOWN = json.loads((DATA / "tse1.json").read_text())
KEYS = {int(version): bytes.fromhex(key) for version, key in KNOWN["keys"].items()}
KEY = bytes(range(32))
CELL = Place("t1", "social_accounts", "access_token_encrypted", "a1")
PLAIN = b"a token that nobody may see"


def opened(blob: bytes, place: Place = CELL, keys=None) -> bytes:
    keys = keys or {1: KEY}
    return unseal(lambda version: keys[version], blob, place)


def test_what_was_sealed_opens_in_its_cell():
    assert opened(seal(KEY, 1, PLAIN, CELL)) == PLAIN


@pytest.mark.parametrize("one", KNOWN["good"], ids=lambda one: f"{len(one['plain']) // 2} bytes")
def test_known_answers(one):
    """Dies where a byte of the format changes: rows that were sealed before would not open any more."""
    blob, place = bytes.fromhex(one["envelope"]), Place(*one["place"])
    version = version_of(blob)
    plain = bytes.fromhex(one["plain"])

    assert opened(blob, place, KEYS) == plain
    assert seal(KEYS[version], version, plain, place, salt=blob[10:34]) == blob
    assert len(blob) == len(plain) + OVERHEAD


@pytest.mark.parametrize("one", KNOWN["bad"], ids=lambda one: one["why"])
def test_known_refusals(one):
    with pytest.raises(Unreadable):
        opened(bytes.fromhex(one["envelope"]), Place(*one["place"]), KEYS)


def test_every_byte_counts():
    blob = seal(KEY, 1, PLAIN, CELL)
    for at in range(len(blob)):
        for bit in (1, 0x80):
            changed = bytearray(blob)
            changed[at] ^= bit
            with pytest.raises((Unreadable, KeyError)):
                opened(bytes(changed))


@pytest.mark.parametrize(
    "place",
    [
        CELL._replace(tenant="t2"), CELL._replace(row="a2"), CELL._replace(column="refresh_token_encrypted"),
        CELL._replace(table="brand_profiles"), Place("t1social_accounts", "", "access_token_encrypted", "a1"),
        Place("t1", "social_accountsaccess_token_encrypted", "", "a1"), CELL._replace(row="a1\0"),
        CELL._replace(row=""),
    ],
)  # fmt: skip
def test_it_opens_in_no_other_cell(place):
    with pytest.raises(Unreadable, match="another cell"):
        opened(seal(KEY, 1, PLAIN, CELL), place)


def test_it_opens_under_no_other_key_and_no_other_version():
    blob = seal(KEY, 1, PLAIN, CELL)
    with pytest.raises(Unreadable, match="another key"):
        opened(blob, keys={1: bytes(32)})
    moved = blob[:6] + (2).to_bytes(4) + blob[10:]
    with pytest.raises(Unreadable, match="another key"):
        opened(moved, keys={2: KEY})


def test_two_seals_of_the_same_are_different():
    assert seal(KEY, 1, PLAIN, CELL) != seal(KEY, 1, PLAIN, CELL)


def test_values_of_before_open_under_version_one():
    iv = os.urandom(12)
    assert opened(iv + AESGCM(KEY).encrypt(iv, PLAIN, None)) == PLAIN
    assert opened(seal_legacy(KEY, PLAIN)) == PLAIN
    assert version_of(seal_legacy(KEY, PLAIN)) == 0


def test_the_pipelines_own_rows_open(export_text):
    """A row of the real export, with its real key."""
    key = base64.b64decode(json.loads((DATA / "pipeline-keys.json").read_text())["kms://tenant_001/key"])
    token = next(
        line for line in export_text.split("\n") if 'INSERT INTO "social_accounts"' in line and "tenant_001" in line
    )
    blob = bytes.fromhex(token.split("X'", 1)[1].split("'", 1)[0])

    assert opened(blob, keys={1: key}).startswith(b"tok-tenant_001-")


def test_an_unknown_suite_is_said_to_be_one():
    blob = seal(KEY, 1, PLAIN, CELL)
    with pytest.raises(Unreadable, match="does not know"):
        opened(blob[:4] + b"\x02" + blob[5:])


@pytest.mark.parametrize("length", [0, 1, 27, 28, 65, HEADER, OVERHEAD - 1])
def test_what_is_cut_off_is_refused(length):
    with pytest.raises(Unreadable):
        opened(seal(KEY, 1, PLAIN, CELL)[:length])


def test_text_goes_both_ways_and_one_value_has_one_text():
    blob = seal(KEY, 1, PLAIN, CELL)
    assert from_text(as_text(blob)) == blob
    text = as_text(blob + b"x")
    with pytest.raises(Unreadable):
        from_text(text[:-1] + chr(ord(text[-1]) + 1))


@pytest.mark.parametrize("text", ["tse1:", "tse1:%%%", "no ciphertext", "tse1:AAAA", "tse1:VFNFMQ=="])
def test_other_texts_are_no_ciphertext(text):
    with pytest.raises(Unreadable):
        from_text(text)


def test_a_part_of_a_cell_has_an_end():
    with pytest.raises(ValueError, match="65,535"):
        seal(KEY, 1, PLAIN, CELL._replace(row="x" * 70_000))


def fuzz(number: int, seed: int) -> None:
    """Nothing that was not sealed opens, and nothing crashes. Each envelope is one that was, changed at random."""
    chance = random.Random(seed)
    blobs = [seal(KEY, 1, chance.randbytes(chance.randrange(80)), CELL) for _ in range(50)]
    for _ in range(number):
        blob = bytearray(chance.choice(blobs))
        for _ in range(chance.randrange(1, 4)):
            way = chance.randrange(4)
            if way == 0 and blob:
                blob[chance.randrange(len(blob))] ^= 1 << chance.randrange(8)
            elif way == 1:
                blob[:] = blob[: chance.randrange(len(blob) + 1)]
            elif way == 2:
                at = chance.randrange(len(blob) + 1)
                blob[at:at] = chance.randbytes(chance.randrange(1, 9))
            else:
                other = chance.choice(blobs)
                at = chance.randrange(len(other))
                blob[:] = bytes(blob[:at]) + other[at:]
        if bytes(blob) in blobs:
            continue
        with pytest.raises((Unreadable, KeyError)):
            opened(bytes(blob))


def test_changed_at_random_nothing_opens():
    fuzz(3_000, 7)


@pytest.mark.nightly
def test_changed_a_million_times_nothing_opens():
    fuzz(1_000_000, 8)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_open(blob):
    with pytest.raises((Unreadable, KeyError)):
        opened(blob)


@pytest.mark.node
def test_webcrypto_reads_and_writes_the_same(tmp_path):
    """The workers' side: docs/tse1.mjs under Node, in both directions."""
    (tmp_path / "given.json").write_text(json.dumps(KNOWN))
    subprocess.run(
        ["node", ROOT / "tests/node/tse1.mjs", tmp_path / "given.json", tmp_path / "told.json"],
        check=True, timeout=120,
    )  # fmt: skip
    told = json.loads((tmp_path / "told.json").read_text())

    assert told["opened"] == [one["plain"] for one in KNOWN["good"]]
    assert told["refused"] == [True] * len(KNOWN["bad"])
    for one in told["sealed"]:
        assert opened(bytes.fromhex(one["envelope"]), Place(*one["place"]), KEYS).hex() == one["plain"]
        assert from_text(one["text"]).hex() == one["envelope"]
