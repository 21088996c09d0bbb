"""Fetching what the local gateway runs on."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ndsadmin.db.d1 import local

SLOW = """#!/bin/sh
echo begun >> calls
mkdir -p node_modules/miniflare
sleep 0.3
echo whole > node_modules/miniflare/package.json
"""
BROKEN = """#!/bin/sh
mkdir -p node_modules/miniflare
echo no network >&2
exit 1
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(local, "FOLDER", tmp_path)
    monkeypatch.setattr(local, "INSTALLED", tmp_path / "node_modules" / ".installed")
    monkeypatch.setattr(local.shutil, "which", lambda name: str(tmp_path / name))
    return tmp_path


def npm(folder, script):
    (folder / "npm").write_text(script)
    (folder / "npm").chmod(0o755)


def test_one_of_several_fetches_and_the_others_wait(folder):
    """Dies without the lock, and where a folder that is half there counts as done."""
    npm(folder, SLOW)

    def whole(_: int) -> str:
        local.install()
        return (folder / "node_modules" / "miniflare" / "package.json").read_text()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(whole, range(3))) == ["whole\n"] * 3
    assert (folder / "calls").read_text() == "begun\n"


def test_what_was_broken_off_is_fetched_again(folder):
    npm(folder, BROKEN)
    with pytest.raises(local.GatewayFailed, match="no network"):
        local.install()
    npm(folder, SLOW)
    local.install()
    assert (folder / "node_modules" / "miniflare" / "package.json").exists()
