"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.processes import ROOT

APPS = ("ndsadmin", "security", "tenants", "content", "publishing", "analytics")
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    if name and (ROOT / name).is_file()
]
SOURCES = [path for path in FILES if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in APPS]
CODE = [path for path in SOURCES if "migrations" not in path.parts]
MODULE, FUNCTION = 300, 40  # lines; most are half of that
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base_models", "tools", "stuff"}
IDS = {"ids": lambda path: str(path.relative_to(ROOT))}


def lines(node: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    docstring = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (len(docstring.splitlines()) if docstring else 0)


@pytest.mark.parametrize("path", CODE, **IDS)
def test_modules_and_functions_are_short(path):
    tree = ast.parse(path.read_text())

    assert len(path.read_text().splitlines()) <= MODULE
    assert [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and lines(n) > FUNCTION] == []


def test_what_is_imported_is_installed_without_the_test_tools():
    """`make run` on a fresh machine installs requirements.txt alone."""
    installed = {
        re.split(r"[=\[]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    } | {"boto3", "botocore"}  # where they are asked for: requirements-aws.txt
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    names = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    roots = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - set(APPS)
    known = packages_distributions()

    assert {
        root for root in roots if not installed & {d.lower().replace("_", "-") for d in known.get(root, ())}
    } == set()


def test_modules_are_named_for_what_they_know():
    assert [path for path in SOURCES if path.stem in VAGUE or path.parent.name in VAGUE] == []


@pytest.mark.parametrize("path", CODE, **IDS)
def test_every_error_is_met_by_name(path):
    """`except Exception` would hide what nobody thought of."""
    tree = ast.parse(path.read_text())
    caught = [ast.unparse(n.type) if n.type else "" for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler)]

    assert not {"", "Exception"}.intersection(caught)


@pytest.mark.parametrize(
    "path",
    [p for p in CODE if {"services", "queries", "pipeline", "contract", "tables", "audit", "columns"} & set(p.parts)
     and p.stem != "__init__"],
    **IDS,
)  # fmt: skip
def test_every_rule_has_its_tests_where_one_looks_for_them(path):
    """`content/services/skills.py` is tested by `tests/content/services/test_skills.py`, or by its folder's tests."""
    place = ROOT / "tests" / path.relative_to(ROOT).parent
    tests = "".join(test.read_text() for test in place.glob("*.py"))
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    assert (place / f"test_{path.stem}.py").exists() or module in tests or covered_by_neighbours(path, place)


def covered_by_neighbours(path: Path, place: Path) -> bool:
    """A part of a whole that is tested as one: what it defines is used by a module with tests of its own."""
    users = [other for other in path.parent.glob("*.py") if f".{path.stem} import" in other.read_text()]
    return any((place / f"test_{user.stem}.py").exists() for user in users)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".html"], **IDS)
def test_templates_have_no_inline_style_or_script(path):
    text = path.read_text()

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".css" and p.name != "tokens.css"], **IDS)
def test_colours_come_from_the_tokens(path):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", path.read_text().replace("#999", "")) == []


def test_light_and_dark_name_the_same_colours():
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", tokens)
    light, dark, system = (dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block)) for block in blocks)

    assert dark == system
    assert set(dark) <= set(light)
    assert {name for name in light if re.match(r"#|rgb", light[name])} <= set(dark)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix not in {".xz", ".woff2", ".png"}], **IDS)
def test_nothing_names_this_machine_or_a_registry(path):
    text = path.read_text(errors="replace")
    machine = "/" + "work/"
    registries = ("files.python" + "hosted.org", "registry.npm" + "js.org", "pypi." + "org/simple")

    assert machine not in text
    assert not any(registry in text for registry in registries)
