"""What the documents promise is there."""

import re

import pytest

from ndsadmin.conf import VARIABLES
from tests.ndsadmin.management.test_commands import OURS
from tests.processes import ROOT

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_the_readme_names_the_two_commands_and_the_sign_ins():
    for words in ("make run", "make test", "operator@platform.example", "auditor@platform.example"):
        assert words in README


@pytest.mark.parametrize("command", sorted(OURS))
def test_every_command_is_in_the_readme(command):
    assert f"`{command}" in README


@pytest.mark.parametrize("target", re.findall(r"^(\w+):.*##", MAKEFILE, re.MULTILINE))
def test_every_target_is_in_the_readme(target):
    assert f"make {target}" in README


def test_every_link_leads_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_variable_is_explained():
    example = (ROOT / ".env.example").read_text()

    assert [variable.name for variable in VARIABLES if f"{variable.name}=" not in example] == []


def test_the_changelog_starts_with_the_present_version():
    assert re.search(r"^## \[?\d+\.\d+\.\d+", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
