"""The form behind every row that people may edit."""

import hashlib
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict

from security.contract import ContractTable

SEEN_SALT = "security.forms.seen"
STALE = "Somebody changed this row while you edited it. Look at the present values below and save again."


class GuardedForm(forms.ModelForm[ContractTable]):
    """A form that knows what its reader saw.

    - A hidden, signed digest of the shown values comes back with the answer; where the row differs from it by
      now, the form is shown again and nothing is stored.
    - Only what was changed is validated, so a row with an unknown value elsewhere can still be saved.
    - An unknown value of a choice stays choosable: saving does not lose it.
    """

    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why: kept in the audit trail with the change.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.before = {name: self.initial.get(name) for name in self._row_fields()}
        self.fields["seen"].initial = signing.Signer(salt=SEEN_SALT).sign(self._digest())
        for name in self.before:
            self._keep_unknown_choice(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.instance._state.adding and not self._is_what_was_seen(cleaned.get("seen", "")):
            # The answer keeps what was typed; the digest is renewed, so that saving again is a decision.
            assert isinstance(self.data, QueryDict)
            self.data = {**self.data.dict(), self.add_prefix("seen"): self.fields["seen"].initial}
            raise forms.ValidationError(STALE)
        return cleaned

    def _row_fields(self) -> list[str]:
        return [name for name in self.fields if name not in {"reason", "seen"}]

    def _digest(self) -> str:
        return hashlib.sha256(repr(sorted(self.before.items())).encode()).hexdigest()

    def _is_what_was_seen(self, answer: str) -> bool:
        try:
            return signing.Signer(salt=SEEN_SALT).unsign(answer) == self._digest()
        except signing.BadSignature:
            return False

    def _keep_unknown_choice(self, name: str) -> None:
        field, value = self.fields[name], self.before[name]
        if isinstance(field, forms.TypedChoiceField):
            choices = list(field.widget.choices)
            if value not in (None, "", *(known for known, _ in choices)):
                field.choices = [*choices, (value, f"{value} (unknown)")]

    def _get_validation_exclusions(self) -> set[str]:
        untouched = set() if self.instance._state.adding else set(self.before) - set(self.changed_data)
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | untouched
