from typing import Any

from django import forms

from content.enums import SkillStatus, SkillTier
from security.forms import GuardedForm


class SkillForm(GuardedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("status") == SkillStatus.CHAMPION) != (cleaned.get("tier") == SkillTier.CHAMPION):
            raise forms.ValidationError("Status champion and tier champion go together: set both or neither.")
        return cleaned
