import zoneinfo
from typing import Any

from django import forms

from content.enums import SkillStatus, SkillTier
from security.forms import GuardedForm


class SkillForm(GuardedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (self.value_of("status") == SkillStatus.CHAMPION) != (self.value_of("tier") == SkillTier.CHAMPION):
            raise forms.ValidationError("Status champion and tier champion go together: set both or neither.")
        return cleaned

    def clean_status(self) -> Any:
        if self.cleaned_data["status"] == SkillStatus.RETIRED:
            raise forms.ValidationError("A skill is not retired by editing its row: that is told to its tenants.")
        return self.cleaned_data["status"]


class PostConfigurationForm(GuardedForm):
    def clean_min_brand_voice_score(self) -> Any:
        score = self.cleaned_data["min_brand_voice_score"]
        if score is not None and not 0 <= score <= 1:
            raise forms.ValidationError(f"Expected a fraction from 0 to 1, got {score}.")
        return score

    def clean_timezone(self) -> Any:
        zone = self.cleaned_data["timezone"]
        if zone and zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(f"Expected a time zone such as Europe/London, got {zone}.")
        return zone
