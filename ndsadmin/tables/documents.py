"""JSON documents as HTML: a line for lists, a collapsible tree for details."""

import json
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from security.columns import BrokenJson
from security.columns.documents import printable

LINE = 60  # characters of a document in a list
DEPTH = 24  # deeper than any document of the contract; below it the rest is one text, so no document is too deep


def summary(value: Any) -> SafeString:
    """``value`` on one line, cut."""
    if isinstance(value, BrokenJson):
        return format_html('<span class="odd" title="This is no JSON">{}</span>', str(value)[:LINE])
    text = as_text(value)
    return format_html('<code class="json">{}</code>', text if len(text) <= LINE else f"{text[: LINE - 1]}…")


def tree(value: Any) -> SafeString:
    """``value`` as nested blocks that a reader can fold."""
    if isinstance(value, BrokenJson):
        return format_html(
            '<p class="note warn">This text is no JSON; it is shown as it is stored.</p><pre class="raw">{}</pre>',
            value,
        )
    return format_html('<div class="json-tree">{}</div>', _node(value, DEPTH))


def _node(value: Any, depth: int) -> SafeString:
    if not isinstance(value, dict | list) or not value:
        return format_html('<span class="json-{}">{}</span>', type(value).__name__, as_text(value))
    if depth == 0:
        return format_html('<span class="json-str">{}</span>', as_text(value))
    members = (
        (printable(str(key)), item) for key, item in (value.items() if isinstance(value, dict) else enumerate(value))
    )
    return format_html(
        '<details open><summary>{}</summary><ul role="list">{}</ul></details>',
        _size(value),
        format_html_join(
            "", '<li><span class="json-key">{}</span> {}</li>', ((key, _node(item, depth - 1)) for key, item in members)
        ),
    )


def as_text(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON; what is nested too deep for that says so."""
    try:
        return printable(json.dumps(value, ensure_ascii=False, indent=indent))
    except RecursionError:
        return "nested too deep to be shown"


def _size(value: dict[str, Any] | list[Any]) -> str:
    noun = "key" if isinstance(value, dict) else "item"
    return f"{len(value)} {noun}{'' if len(value) == 1 else 's'}"
