"""Running `manage.py` as a process of its own, on a database of its own."""

import os
import subprocess
import sys
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
