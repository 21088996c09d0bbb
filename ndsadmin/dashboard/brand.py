"""A tenant's brand, ready to be drawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from content.queries.voice import voice_by_day
from ndsadmin.charts import Chart, Series
from ndsadmin.charts.scales import short
from ndsadmin.trail.changes import Difference, differences
from security.columns import now
from security.columns.documents import BrokenJson
from security.crypto.fields import encrypted_fields
from security.exceptions import Unreadable
from security.scope import hidden_here
from tenants.brands import Brand, Typeface, brand_of
from tenants.colours import Contrast, called, ink_on
from tenants.models import BrandProfile
from tenants.services.brand import DOCUMENTS, documents_of

DAYS = 90
GATE = 0.80  # of the brand voice (domain.md, Content)
MOST = 24  # colours that are drawn
LARGEST = 72.0  # pixels that a specimen is drawn in
LIKELY = (("#ffffff", "White"), ("#000000", "Black"))


@dataclass(frozen=True, slots=True)
class Swatch:
    colour: str
    name: str
    ink: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed part of the profile: what it holds, or why it cannot be read."""

    label: str
    told: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BrandPage:
    """``shows`` is False for the platform, which sees how a brand is made up and not what it says."""

    brand: Brand
    shows: bool
    swatches: list[Swatch]
    matrix: list[tuple[Swatch, list[Contrast | None]]]  # None where a colour meets itself
    against: list[str]
    logo: SafeString | None
    sealed: list[Sealed]
    voice: Chart | None
    parts: list[tuple[str, str]]

    @property
    def problems(self) -> list[Sealed]:
        return [part for part in self.sealed if part.problem]


def brand_page(profile: BrandProfile) -> BrandPage:
    """A profile for who acts; two queries, and one more where a data key is to be unwrapped."""
    documents = documents_of(profile)
    hidden = hidden_here(BrandProfile._meta.db_table)
    shows = not hidden & set(DOCUMENTS)
    return drawn(documents, shows=shows, sealed=sealed_parts(profile), voice=voice_chart(profile.pk))


def drawn(documents: Mapping[str, Any], *, shows: bool, sealed: list[Sealed], voice: Chart | None = None) -> BrandPage:
    brand = brand_of(documents)
    shown = brand.palette[:MOST]  # each is compared with each
    swatches = [Swatch(colour, called(colour), ink_on(colour)) for colour in shown]
    return BrandPage(
        brand=brand,
        shows=shows,
        swatches=swatches if shows else [],
        matrix=[(swatch, _row(swatch, swatches)) for swatch in swatches] if shows else [],
        against=[*(swatch.colour for swatch in swatches), *(name for _, name in LIKELY)] if shows else [],
        logo=logo(brand) if shows else None,
        sealed=sealed,
        voice=voice,
        parts=_parts(brand),
    )


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What the audit log will say was changed."""
    changed = {name: [before[name], after[name]] for name in DOCUMENTS if before[name] != after[name]}
    return differences("brand_profile", {"changes": changed})


def sealed_parts(profile: BrandProfile) -> list[Sealed]:
    """What is sealed in a profile is opened, to know that it can be, and not shown."""
    found = []
    for field in encrypted_fields(BrandProfile):
        label = {"embeddings": "Brand vector", "tone_vectors": "Tone vector"}[str(field.name)]
        if field.stored(profile) is None:
            found.append(Sealed(label, "not computed yet"))
            continue
        try:
            vector = getattr(profile, str(field.attname))
        except Unreadable as error:
            found.append(Sealed(label, "cannot be read", str(error)))
        else:
            told = f"{len(vector):,} numbers" if vector.any() else "not computed yet"
            found.append(Sealed(label, told))
    return found


def unreadable_parts(profile: BrandProfile) -> list[Sealed]:
    """What cannot be read of a profile, sealed or not: it is not saved over."""
    texts = [name for name, value in documents_of(profile).items() if isinstance(value, BrokenJson)]
    odd = [Sealed(name.replace("_", " ").capitalize(), "cannot be read", "It is no JSON.") for name in texts]
    return odd + [part for part in sealed_parts(profile) if part.problem]


def voice_chart(tenant_id: str) -> Chart | None:
    """The mean score of each of the last `DAYS` days beside the gate; None where there is none."""
    today = now().date()
    days = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    scores = voice_by_day(tenant_id, days[0])
    means = [scores[day][0] * 100 if day in scores else None for day in days]
    if not any(means):
        return None
    gate: list[float | None] = [GATE * 100] * len(days)
    return Chart(
        "Brand voice",
        days,
        (Series("Mean score", means), Series("Gate", gate)),
        shown=_percent,
        whole=False,
        is_summed=False,
    )


def logo(brand: Brand) -> SafeString | None:
    """The logo's smallest size inside of its safe zone, to scale: one unit of the picture is one pixel."""
    size, zone = brand.min_size, brand.safe_zone or 0
    if not size:
        return None
    whole, edge = size + 2 * zone, 28
    width, height = whole + 2 * edge, whole + edge + 30
    at, inner = edge, edge + zone
    middle = at + whole / 2
    parts = [
        f'<rect class="zone" x="{at}" y="{at}" width="{whole}" height="{whole}"/>',
        f'<rect class="mark" x="{inner}" y="{inner}" width="{size}" height="{size}" rx="4"/>',
        f'<path class="measure" d="M{inner} {at + whole + 10}h{size}"/>',
        f'<text x="{middle}" y="{at + whole + 25}" text-anchor="middle">{short(size)} px</text>',
    ]
    if zone:
        parts += [
            f'<path class="measure" d="M{at} {at - 8}h{zone}"/>',
            f'<text x="{at}" y="{at - 13}">{short(zone)} px</text>',
        ]
    label = f"Smallest size {size} pixels, safe zone {zone} pixels on each side"
    return mark_safe(  # noqa: S308  # numbers alone
        f'<svg class="logo-rules" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def specimen(face: Typeface) -> dict[str, Any]:
    """SVG's attributes for a line in ``face``; long sizes are drawn smaller, and say so."""
    size = round(min(face.pixels, LARGEST))
    return {
        "family": face.family, "weight": face.number, "size": size, "height": size * 7 // 5, "baseline": size * 21 // 20
    }  # fmt: skip


def _row(swatch: Swatch, swatches: list[Swatch]) -> list[Contrast | None]:
    others = [*(other.colour for other in swatches), *(colour for colour, _ in LIKELY)]
    return [None if other == swatch.colour else Contrast.of(swatch.colour, other) for other in others]


def _parts(brand: Brand) -> list[tuple[str, str]]:
    """How a brand is made up, without what it says."""
    words, said = sum(map(len, brand.use.values())), sum(map(len, brand.messaging.values()))
    return [
        ("Colours", str(len(brand.palette))),
        ("Typefaces", ", ".join(face.role for face in brand.typefaces) or "none"),
        ("Logo", "smallest size and safe zone" if brand.min_size and brand.safe_zone else "not said"),
        ("Words to use", str(words)),
        ("Words to avoid", str(len(brand.avoid))),
        ("Messages", str(said)),
    ]


def _percent(value: float) -> str:
    return f"{value:.1f} %"
