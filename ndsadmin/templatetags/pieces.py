"""Pieces that templates draw many times a page. Known to every template without being loaded."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """The icon ``name`` of ``static/icons.svg``, with the further classes ``extra``.

    Drawn once: a page has thirty, and including a template takes a hundred times as long as this.
    """
    address = f"{static('icons.svg')}#{name}"
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}"/></svg>', extra, address)
