"""The tables as a picture: ``docs/schema.svg``.

A column of boxes an app, coloured by privacy zone. A box lists the key, the references and the secret columns, the
last with a lock. Lines run from a reference to its table; those to tenants, which nearly every table has, are a
word instead of a line, or nothing else would be seen. Dashed lines are not declared as foreign keys.
"""

from dataclasses import dataclass
from html import escape

from django.db.models import Field, ForeignKey

from ndsadmin.contract.stages import contract_shapes
from ndsadmin.schemadocs.zones import ZONES
from security.columns.column import Column
from security.contract import ContractTable, contract_tables, is_declared, referred

# Boxes from left to right and top to bottom; chosen so that lines are short.
COLUMNS = (
    ("tenants", "brand_profiles", "users", "api_keys", "tenant_keys", "compliance_cases"),
    (
        "skills",
        "skill_versions",
        "skill_embeddings",
        "skill_metrics_daily",
        "sharing_events",
        "brand_knowledge_entries",
    ),
    ("generated_content", "content_templates", "revision_events", "guard_results", "post_configurations"),
    ("published_posts", "social_accounts", "rate_limits", "tenant_metrics_daily", "guard_metrics_daily"),
    ("post_analytics", "analytics_sync_errors", "conversions", "ab_tests", "performance_benchmarks"),
    ("audit_logs", "audit_seals", "audit_checkpoints"),
)
WIDTH, GAP_X, GAP_Y = 218, 62, 26  # pixels
HEAD, LINE, FOOT = 30, 19, 8
MARGIN, LEGEND = 28, 112


@dataclass(frozen=True, slots=True)
class Box:
    model: type[ContractTable]
    x: int
    y: int
    fields: list["Field[object, object]"]

    @property
    def height(self) -> int:
        return HEAD + LINE * len(self.fields) + FOOT

    def row_y(self, field: "Field[object, object]") -> int:
        return self.y + HEAD + LINE * self.fields.index(field) + LINE // 2


def picture() -> str:
    """The text of ``docs/schema.svg``."""
    boxes = _boxes()
    width = 2 * MARGIN + len(COLUMNS) * WIDTH + (len(COLUMNS) - 1) * GAP_X
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Inter, system-ui, sans-serif" font-size="12" role="img" aria-label="The thirty tables">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_legend(),
        *(_line(box, field, boxes) for box in boxes.values() for field in box.fields if _is_drawn(field)),
        *(_box(box) for box in boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes() -> dict[str, Box]:
    models = {model._meta.db_table: model for model in contract_tables()}
    boxes: dict[str, Box] = {}
    for column, tables in enumerate(COLUMNS):
        y = MARGIN + LEGEND
        for table in tables:
            boxes[table] = Box(models[table], MARGIN + column * (WIDTH + GAP_X), y, _shown(models[table]))
            y += boxes[table].height + GAP_Y
    missing = models.keys() - boxes.keys()
    if missing:
        raise LookupError(f"No place in the picture for {', '.join(sorted(missing))}.")
    return boxes


def _shown(model: type[ContractTable]) -> list["Field[object, object]"]:
    keys = contract_shapes()[model._meta.db_table].key
    return [
        field
        for field in model._meta.concrete_fields
        if field.column in keys or isinstance(field, ForeignKey) or (isinstance(field, Column) and field.secret)
    ]


def _is_drawn(field: "Field[object, object]") -> bool:
    return isinstance(field, ForeignKey) and referred(field)._meta.db_table != "tenants"


def _box(box: Box) -> str:
    zone = ZONES[box.model.privacy]
    keys = contract_shapes()[box.model._meta.db_table].key
    rows = []
    for field in box.fields:
        y = box.row_y(field) + 4
        weight = ' font-weight="600"' if field.column in keys else ""
        rows.append(f'<text x="{box.x + 12}" y="{y}" fill="#1b1d1c"{weight}>{escape(str(field.column))}</text>')
        if isinstance(field, Column) and field.secret:
            rows.append(_lock(box.x + WIDTH - 22, y - 9))
        elif _is_tenant(field):
            rows.append(f'<text x="{box.x + WIDTH - 12}" y="{y}" fill="#656a66" text-anchor="end">tenant</text>')
    return (
        f'<g><rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="7" fill="{zone.fill}" '
        f'stroke="{zone.stroke}"/>'
        f'<text x="{box.x + 12}" y="{box.y + 20}" font-size="13" font-weight="700" fill="{zone.stroke}">'
        f"{box.model._meta.db_table}</text>{''.join(rows)}</g>"
    )


def _lock(x: int, y: int) -> str:
    # Drawn, not a character: fonts differ in what they have.
    shackle = (
        f'<path d="M{x + 2.5} {y + 5}V{y + 3}a2.5 2.5 0 0 1 5 0v2" fill="none" stroke="#656a66" stroke-width="1.4"/>'
    )
    return f'{shackle}<rect x="{x}" y="{y + 4.5}" width="10" height="7" rx="1.5" fill="#656a66"/>'


def _is_tenant(field: "Field[object, object]") -> bool:
    return isinstance(field, ForeignKey) and not _is_drawn(field)


def _line(box: Box, field: "Field[object, object]", boxes: dict[str, Box]) -> str:
    """From a reference to the head of the table it points at, leaving on the side that is nearer."""
    assert isinstance(field, ForeignKey)
    target = boxes[referred(field)._meta.db_table]
    from_y, to_y = box.row_y(field), target.y + HEAD // 2
    bend = GAP_X // 2
    if target.x < box.x:
        from_x, to_x, out, back = box.x, target.x + WIDTH, -bend, bend
    elif target.x > box.x:
        from_x, to_x, out, back = box.x + WIDTH, target.x, bend, -bend
    else:
        from_x = to_x = box.x
        out = back = -bend
    dashed = "" if is_declared(field) else ' stroke-dasharray="4 3"'
    return (
        f'<path d="M{from_x} {from_y}C{from_x + out} {from_y} {to_x + back} {to_y} {to_x} {to_y}" fill="none" '
        f'stroke="{ZONES[box.model.privacy].stroke}" stroke-opacity="0.55"{dashed}/>'
        f'<circle cx="{to_x}" cy="{to_y}" r="3" fill="{ZONES[box.model.privacy].stroke}"/>'
    )


def _legend() -> list[str]:
    parts = [
        f'<text x="{MARGIN}" y="{MARGIN + 14}" font-size="18" font-weight="700" fill="#1b1d1c">The thirty tables</text>'
    ]
    for place, (privacy, zone) in enumerate(ZONES.items()):
        x, y = MARGIN + (place % 2) * 460, MARGIN + 34 + (place // 2) * 22
        parts.append(
            f'<rect x="{x}" y="{y}" width="14" height="14" rx="3" fill="{zone.fill}" stroke="{zone.stroke}"/>'
            f'<text x="{x + 22}" y="{y + 11}" fill="#1b1d1c"><tspan font-weight="600">{privacy.value}</tspan> '
            f"{escape(zone.meaning)}</text>"
        )
    x, y = MARGIN + 1000, MARGIN + 34
    told = ("bold: key · tenant: points at tenants", "dashed: no foreign key is declared")
    parts += [
        f'<text x="{x + 22}" y="{y + 11 + place * 22}" fill="#656a66">{text}</text>' for place, text in enumerate(told)
    ]
    parts += [_lock(x + 300, y + 1), f'<text x="{x + 318}" y="{y + 11}" fill="#656a66">encrypted or hashed</text>']
    return parts
