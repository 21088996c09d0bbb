"""The contract as it was handed over: ``tests/data/schema.yaml``, parsed."""

import re
from pathlib import Path

import yaml

from ndsadmin.contract.shape import ColumnShape, IndexShape, evaluated

SCHEMA = yaml.safe_load((Path(__file__).parent / "data" / "schema.yaml").read_text())
TYPES = {
    "text": "TEXT",
    "int": "INTEGER",
    "real": "REAL",
    "bool": "BOOLEAN",
    "json": "JSON",
    "blob": "BLOB",
    "time": "TIMESTAMP",
    "date": "DATE",
}
COLUMN = re.compile(r"(?P<type>\w+)(?P<required> !)?(?: = (?P<default>\S+))?(?: -> (?P<parent>\w+)\.(?P<key>\w+))?$")


def parsed(text: str) -> re.Match[str]:
    found = COLUMN.match(text)
    assert found, text
    return found


def columns_of(table: str) -> tuple[ColumnShape, ...]:
    key = SCHEMA["tables"][table]["pk"]
    shapes = []
    for name, text in SCHEMA["columns"][table].items():
        found = parsed(text)
        shapes.append(
            ColumnShape(
                name=name,
                type=TYPES[found["type"]],
                required=bool(found["required"]) or name in key,
                default=_default(found["default"], found["type"]),
                key_place=key.index(name) + 1 if name in key else 0,
            )
        )
    return tuple(shapes)


def foreign_keys_of(table: str) -> frozenset[tuple[str, str, str, str, str]]:
    return frozenset(
        (name, found["parent"], found["key"], "NO ACTION", "NO ACTION")
        for name, text in SCHEMA["columns"][table].items()
        if (found := parsed(text))["parent"]
    )


def uniques_of(table: str) -> frozenset[frozenset[str]]:
    return frozenset(map(frozenset, SCHEMA["tables"][table].get("unique", [])))


def indexes_of(table: str) -> dict[str, IndexShape]:
    found = {}
    for name, (of, columns, *where) in SCHEMA["indexes"].items():
        if of == table:
            condition = where[0].replace('"', "").upper() if where else None
            found[name] = IndexShape(False, tuple((c.lstrip("-"), c.startswith("-")) for c in columns), condition)
    return found


def _default(text: str | None, kind: str) -> tuple[str, object] | None:
    if text is None:
        return None
    if text == "now":
        return ("now", None)
    return evaluated(f"'{text}'" if kind == "text" else text)
