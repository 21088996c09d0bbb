"""The tables in words: ``docs/schema.md``."""

from django.db.models import Field, ForeignKey

from ndsadmin.contract.stages import FILES, contract_shapes
from ndsadmin.schemadocs.zones import ZONES
from security.columns.column import Column
from security.contract import ContractTable, Stage, contract_tables, is_declared, referred

HEAD = """# The schema

Written by `make docs` from the models; a test keeps it equal. Thirty tables are shared with the pipeline's workers:
names, types, keys and defaults are the contract. Indexes named `nds_*` are ours; the workers ignore them.

![The thirty tables, their relations, privacy and encryption zones](schema.svg)

"""


def page() -> str:
    """The text of ``docs/schema.md``."""
    parts = [HEAD, "| zone | whose rows |\n|---|---|\n"]
    parts += [f"| {privacy.value} | {zone.meaning} |\n" for privacy, zone in ZONES.items()]
    for stage in Stage:
        parts.append(f"\n## {FILES[stage]}\n")
        parts += [_table(model) for model in contract_tables() if model.stage is stage]
    return "".join(parts)


def _table(model: type[ContractTable]) -> str:
    meta = model._meta
    about = " ".join((model.__doc__ or "").split())
    lines = [
        f"\n### {meta.db_table}\n",
        f"{about} Zone: {model.privacy.value}. Written by: {model.writer.value}. In the dashboard: "
        f"`/data/{meta.app_label}/{meta.model_name}/`.\n",
        "| column | type | | default | points at |",
        "|---|---|---|---|---|",
    ]
    shapes = {shape.name: shape for shape in contract_shapes()[meta.db_table].columns}
    for field in meta.concrete_fields:
        shape = shapes[str(field.column)]
        marks = ["key"] if shape.key_place else ["not null"] if shape.required else []
        marks += ["encrypted or hashed"] if isinstance(field, Column) and field.secret else []
        default = "" if shape.default is None else "now" if shape.default[0] == "now" else f"`{shape.default[1]}`"
        lines.append(f"| {shape.name} | {shape.type} | {', '.join(marks)} | {default} | {_target(field)} |")
    lines += [f"\nIndexes: {', '.join(f'`{index.name}`' for index in meta.indexes)}."] if meta.indexes else []
    return "\n".join(lines) + "\n"


def _target(field: "Field[object, object]") -> str:
    if not isinstance(field, ForeignKey):
        return ""
    declared = "" if is_declared(field) else " (not declared)"
    return f"{referred(field)._meta.db_table}{declared}"
