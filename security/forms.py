"""The form behind every row that people may edit.

What a person did not touch is not written, not even validated: the row keeps what it holds by now, be it a worker's
newer value, an unknown one or one that nobody can read. Where a person and somebody else changed the same column,
the form is shown again with both values, and saving once more is a decision.

To know what was touched, the form carries what it showed, signed (`seen`).
"""

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict

from security.contract import ContractTable

SEEN_SALT = "security.forms.seen"
STALE = "This form has expired or was changed on its way. Look at the values below and save again."
MEANWHILE = "Somebody changed this meanwhile. It now says: {}. Save again to replace it by yours."


class GuardedForm(forms.ModelForm[ContractTable]):
    """See the module. ``touched`` names the columns that the person changed, ``before`` what they hold by now."""

    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why: kept in the audit trail with the change.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.row_fields = [name for name in self.fields if name not in {"reason", "seen"}]
        for name in self.row_fields:
            self._keep_unlisted_choice(name)
        self.shown = {name: self._shown(name) for name in self.row_fields}
        self.initial["seen"] = signing.dumps(self.shown, salt=SEEN_SALT)
        self.was_shown = self._read_seen() if self.is_bound else self.shown
        self.touched = [name for name in self.row_fields if self._is_touched(name)]
        self.before = {name: self.initial.get(name) for name in self.touched}
        self.left_alone = set() if self.instance._state.adding else set(self.row_fields) - set(self.touched)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance._state.adding:
            return cleaned
        if not self.was_shown:
            self._renew()
            raise forms.ValidationError(STALE)
        for name in self.touched:
            if self.shown[name] != self.was_shown[name]:
                self._renew()
                self.add_error(name, MEANWHILE.format(self.shown[name] or "nothing"))
        return cleaned

    def value_of(self, name: str) -> Any:
        """A column as it will be: what was typed, or what the row holds."""
        return self.cleaned_data[name] if name in self.cleaned_data else getattr(self.instance, name)

    def _clean_fields(self) -> None:
        every = self.fields
        self.fields = {name: field for name, field in every.items() if name not in self.left_alone}
        try:
            super()._clean_fields()  # type: ignore[misc]  # not in the stubs
        finally:
            self.fields = every

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | self.left_alone

    def _shown(self, name: str) -> str:
        """The present value as the page shows it and the browser will send it back."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field.widget, forms.CheckboxInput):
            return str(bool(value))
        if isinstance(field.widget, forms.Select):
            return "" if value is None else str(value)
        return _unix(field.widget.format_value(value) or "")

    def _sent(self, name: str) -> str:
        value = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return "" if value is None else _unix(str(value))

    def _is_touched(self, name: str) -> bool:
        return self.is_bound and self._sent(name) != self.was_shown.get(name)

    def _read_seen(self) -> dict[str, str]:
        """What the form showed; nothing where its signature is not ours."""
        try:
            seen: dict[str, str] = signing.loads(str(self.data.get(self.add_prefix("seen"), "")), salt=SEEN_SALT)
        except signing.BadSignature:
            return {}
        return seen if seen.keys() == set(self.row_fields) else {}

    def _renew(self) -> None:
        """Show the form again as of now: what was not touched with its present value."""
        assert isinstance(self.data, QueryDict)
        data: dict[str, Any] = {**self.data.dict(), self.add_prefix("seen"): self.initial["seen"]}
        for name in self.row_fields:
            value = self._sent(name) if name in self.touched else self.shown[name]
            if isinstance(self.fields[name].widget, forms.CheckboxInput) and value == "False":
                data.pop(self.add_prefix(name), None)  # a box that is not ticked is not sent
            else:
                data[self.add_prefix(name)] = value
        self.data = data

    def _keep_unlisted_choice(self, name: str) -> None:
        """The row's own value stays choosable, be it unknown or none: saving must not put another in its place."""
        field, value = self.fields[name], self.initial.get(name)
        if isinstance(field, forms.TypedChoiceField):
            choices = list(field.widget.choices)
            known = [choice for choice, _ in choices]
            if value in (None, "") and "" not in known:
                field.choices = [("", "No value"), *choices]
            elif value not in (None, "", *known):
                field.choices = [*choices, (value, f"{value} (unknown)")]


def _unix(text: str) -> str:
    """Browsers send line ends as CRLF; the pipeline writes and compares LF."""
    return text.replace("\r\n", "\n")
