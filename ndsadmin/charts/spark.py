"""A trend beside a number."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from ndsadmin.charts.scales import Scale, drawable

WIDTH, HEIGHT, EDGE = 96, 28, 3


def sparkline(values: Sequence[float | None]) -> SafeString:
    """``values`` as a line without axes, its last point marked; nothing where there are none."""
    drawn = [drawable(value) for value in values]
    known = [(place, value) for place, value in enumerate(drawn) if value is not None]
    if not known:
        return mark_safe("")
    x = Scale(0, max(1, len(values) - 1), EDGE, WIDTH - EDGE)
    y = Scale(0, max(value for _, value in known) or 1, HEIGHT - EDGE, EDGE)
    points = [(x.at(place), y.at(value)) for place, value in known]
    path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
    end = points[-1]
    return mark_safe(  # noqa: S308  # numbers alone
        f'<svg class="sparkline" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true"><path d="M{path}"/>'
        f'<circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="2.5"/></svg>'
    )
