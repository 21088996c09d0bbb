import subprocess
from pathlib import Path

import pytest
from django.contrib import admin

from security.audit import Action

ROOT = Path(__file__).parents[3]
SOURCES = "\n".join(
    (ROOT / name).read_text()
    for name in subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    if not name.startswith("tests/") and "actions.py" not in name
)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_written_somewhere(action):
    """Named in a service, or put together by the row service from a table that has a form."""
    kinds = {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_"): table
        for model, table in admin.site.tables().items()
        if table.is_editable
    }
    verb, _, kind = action.value.partition("_")
    by_form = kind in kinds and (verb == "update" or (verb == "create" and kinds[kind].add_fields))

    assert f"Action.{action.name}" in SOURCES or by_form
