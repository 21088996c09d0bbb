import re
import subprocess
from pathlib import Path

import pytest
from django.contrib import admin

from security.audit import Action
from security.contract import Reads
from security.services.rows import kind_of

ROOT = Path(__file__).parents[3]
SOURCES = "\n".join(
    (ROOT / name).read_text()
    for name in subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    if not name.startswith("tests/") and "actions.py" not in name
)


BY_SERVICE = {"brand_profile"}  # tenants/services/brand.py writes rows by the row service, and has no form of the admin


def test_every_action_is_explained():
    """docs/audit.md lists what an entry can say, and nothing else."""
    text = (ROOT / "docs" / "audit.md").read_text()
    table = text[text.index("## Actions") : text.index("The pipeline's workers")]

    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(Action)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_written_somewhere(action):
    """Named in a service, or put together by the row service from a table that has a form."""
    kinds = {kind_of(model): table for model, table in admin.site.tables().items() if table.is_editable}
    read = {kind_of(model) for model in admin.site.tables() if model.reads is not Reads.FREE}
    verb, _, kind = action.value.partition("_")
    by_form = kind in kinds and (verb == "update" or (verb == "create" and kinds[kind].add_fields))
    by_form = by_form or (kind in BY_SERVICE and verb in {"create", "update"})
    by_reading = verb == "read" and kind in read

    assert f"Action.{action.name}" in SOURCES or by_form or by_reading
