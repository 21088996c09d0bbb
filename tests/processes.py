"""Databases of their own, and `manage.py` as a process of its own on one."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(database: Path, **variables: str) -> dict[str, str]:
    """The environment of an installation whose database is a file."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ndsadmin.settings",
        "NDS_DEBUG": "true",
        "NDS_HTTPS": "false",
        "NDS_LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"sqlite:///{database}",
        "NDS_DATA_DIR": str(database.parent / "var"),
        **variables,
    }


def manage(database: Path, *arguments: str, limit: float = 180, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=limit,
        env=environment(database, **variables),
    )


def made_by(path: Path, *scripts: str) -> Path:
    """The file that ``scripts`` make at ``path``. Nothing waits for the disk: it need not survive a power cut."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")
        for script in scripts:
            database.executescript(script)
    return path
