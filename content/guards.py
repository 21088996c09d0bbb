"""What each guard measures, and what it asks for by default (domain.md, Guards)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from content.enums import Guard

MOST = 1e15  # nothing that is measured is larger; a number of a hundred digits would be no float
ALARMING = 0.75  # pass rate under which somebody should look


@dataclass(frozen=True, slots=True)
class Threshold:
    """``asks`` in words; ``measured`` names the number among a result's measurements."""

    asks: str
    measured: str
    unit: str = ""

    def of(self, measurements: Any) -> str:
        """What was measured, as people read it; a dash where nothing was noted."""
        value = measurements.get(self.measured) if isinstance(measurements, dict) else None
        if isinstance(value, bool) or value is None or isinstance(value, dict | list):
            return "–"
        if isinstance(value, float | int) and abs(value) > MOST:
            return "out of all bounds"
        if isinstance(value, float | int) and self.unit == "%":
            return f"{value:.1%}"
        return f"{value:g}{self.unit}" if isinstance(value, float | int) else str(value)[:60]


THRESHOLDS: Mapping[str, Threshold] = MappingProxyType({
    Guard.TEXT_OVERLAP.value: Threshold("at most 5 %", "overlap_ratio", "%"),
    Guard.SAFE_MARGIN.value: Threshold("at least 32 px", "min_margin", " px"),
    Guard.CONTRAST.value: Threshold("4.5:1, and 3:1 from 24 px", "measured_ratio", ":1"),
    Guard.LOGO_PROTECTION.value: Threshold("nothing over the logo", "overlapping_elements", " over it"),
    Guard.ASPECT_RATIO.value: Threshold("within 0.02", "diff"),
    Guard.BRAND_PALETTE.value: Threshold("a tolerance of 10", "nearest_approved"),
    Guard.FONT_SIZE.value: Threshold("at least 22 pt", "current_size", " pt"),
})  # fmt: skip
